using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Segments;

namespace VendorPortal.Storage;

/// <summary>
/// Keeps the segments of all vendors up: seals what has gathered above them, fills gaps, merges small ones, takes in what is listed as
/// changed. Writes nothing but segments; the log can do without it, only slower. One a store.
/// </summary>
public sealed class SegmentKeeper(PortalDatabase database, PortalDbContextFactory contexts, PullNotifications notifications, TimeProvider time, ILogger<SegmentKeeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAtAllEvery = TimeSpan.FromSeconds(30);

    // The newest rows are left alone: their neighbours may still be on the way.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<int, bool> changed = new();
    private readonly Queue<int> stale = new();
    private readonly SemaphoreSlim one = new(1, 1);

    private enum Kept
    {
        Nothing,
        Built,
        Refreshed,

        /// <summary>There is a segment to refresh, which can wait.</summary>
        Stale,

        /// <summary>Somebody has written a lot into the range meanwhile.</summary>
        Disturbed,
    }

    internal SegmentSizes Sizes { get; init; } = new(Seal: 8_192, Max: SegmentLimits.MaxSealed);

    /// <summary>Does all there is to do for a vendor now. Returns the number of pieces of work that were done.</summary>
    internal async Task<int> KeepAsync(int vendorId, CancellationToken ct)
    {
        var built = 0;
        while (await KeepOneAsync(vendorId, refresh: true, ct) is Kept.Built or Kept.Refreshed)
            built++;
        return built;
    }

    /// <summary>Says that a vendor's log has changed.</summary>
    internal void Look(int vendorId) => changed[vendorId] = true;

    /// <summary>
    /// A piece of work for every vendor whose log has changed, so that nobody waits for another's backlog; and where that is all, one refresh.
    /// True where there is more to do at once.
    /// </summary>
    internal async Task<bool> RoundAsync(CancellationToken ct)
    {
        var more = false;
        foreach (var vendorId in changed.Keys)
        {
            changed.TryRemove(vendorId, out _);
            var kept = await TryKeepOneAsync(vendorId, refresh: false, ct);
            more |= kept == Kept.Built;
            if (kept is Kept.Built or Kept.Disturbed)
                Look(vendorId);
            if (kept == Kept.Stale && !stale.Contains(vendorId))
                stale.Enqueue(vendorId);
        }

        if (!more && stale.TryDequeue(out var next) && await TryKeepOneAsync(next, refresh: true, ct) == Kept.Refreshed)
            stale.Enqueue(next);
        return more;
    }

    public override void Dispose()
    {
        one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        notifications.Changed += Look;
        using var beat = new PeriodicTimer(Beat, time);
        try
        {
            long? looked = null;
            do
            {
                if (looked is null || time.GetElapsedTime(looked.Value) >= LookAtAllEvery)
                {
                    looked = time.GetTimestamp();
                    await LookAtAllAsync(stoppingToken);
                }

                while (await RoundAsync(stoppingToken))
                    stoppingToken.ThrowIfCancellationRequested();
            }
            while (await beat.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the next start goes on
        }
        finally
        {
            notifications.Changed -= Look;
        }
    }

    // What was dropped by a reader or written by another process is not told.
    private async Task LookAtAllAsync(CancellationToken ct)
    {
        try
        {
            await using var context = contexts.ForInstallation();
            foreach (var vendorId in await context.Vendors.Select(v => v.Id).ToListAsync(ct))
                Look(vendorId);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "The vendors whose segments are kept could not be read; trying again");
        }
    }

    private async Task<Kept> TryKeepOneAsync(int vendorId, bool refresh, CancellationToken ct)
    {
        try
        {
            return await KeepOneAsync(vendorId, refresh, ct);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "A segment of vendor {Vendor} could not be built; the log is read without it until the next look", vendorId);
            return Kept.Nothing;
        }
    }

    private async Task<Kept> KeepOneAsync(int vendorId, bool refresh, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            var worker = new SegmentWorker(database, vendorId, Sizes);
            var (work, dead) = Plan(vendorId);
            if (dead.Count > 0)
            {
                await worker.DropAsync(dead, ct);
                (work, _) = Plan(vendorId);
            }

            if (work is null)
                return Kept.Nothing;
            if (work.IsRefresh && !refresh)
                return Kept.Stale;
            if (!await worker.DoAsync(work, ct))
                return Kept.Disturbed;
            return work.IsRefresh ? Kept.Refreshed : Kept.Built;
        }
        finally
        {
            one.Release();
        }
    }

    private (SegmentWork? Work, List<SegmentStore.Entry> Dead) Plan(int vendorId)
    {
        using var connection = database.OpenReader();
        var (good, dead) = (new List<SegmentStore.Entry>(), new List<SegmentStore.Entry>());
        foreach (var entry in SegmentStore.List(connection, vendorId, 0, long.MaxValue, building: true))
        {
            // Announced by a run that ended or failed (this one announces nothing just now), or with numbers that cannot be.
            var isDead = entry.Rows < 1 || entry.Rows > SegmentLimits.MaxRows || entry.LastId < entry.FirstId || (good.Count > 0 && entry.LastId >= good[^1].FirstId);
            (isDead ? dead : good).Add(entry);
        }

        return dead.Count > 0 ? (null, dead) : (SegmentWork.Next(connection, vendorId, good, Sizes, PullIds.Bound((time.GetUtcNow() - Settle).UtcDateTime)), dead);
    }
}
