using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Segments;

namespace VendorPortal.Storage;

/// <summary>
/// Keeps the segments of all vendors up: seals what has gathered above them, builds anew what writes have dropped, merges small ones.
/// Writes nothing but segments; the log can do without it, only slower.
/// </summary>
public sealed class SegmentKeeper(PortalDatabase database, PortalDbContextFactory contexts, PullNotifications notifications, TimeProvider time, ILogger<SegmentKeeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(30);

    // The newest rows are left alone: their neighbours may still be on the way.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim wake = new(0, 1);

    /// <summary>How many rows make a segment.</summary>
    internal SegmentSizes Sizes { get; init; } = new(Seal: 8_192, Max: SegmentLimits.MaxRows);

    /// <summary>Does all there is to do for a vendor now. Returns the number of segments built.</summary>
    internal async Task<int> KeepAsync(int vendorId, CancellationToken ct)
    {
        var built = 0;
        while (Next(vendorId) is { } work)
        {
            ct.ThrowIfCancellationRequested();
            if (!await BuildAsync(vendorId, work, ct))
                break; // somebody writes there right now; the next round sees it
            built++;
        }

        return built;
    }

    /// <summary>Takes back what an earlier run announced and did not finish.</summary>
    internal async Task ForgetUnfinishedAsync(CancellationToken ct)
    {
        await using var context = contexts.ForInstallation();
        await context.PullSegments.IgnoreQueryFilters(["Vendor"]).Where(s => s.Rows == 0).ExecuteDeleteAsync(ct);
    }

    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void OnChanged(int vendorId)
        {
            if (wake.CurrentCount == 0)
                wake.Release();
        }

        await Task.Yield();
        notifications.Changed += OnChanged;
        try
        {
            await ForgetUnfinishedAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await KeepAllAsync(stoppingToken);
                await wake.WaitAsync(LookAgainAfter, stoppingToken);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the next start goes on
        }
        finally
        {
            notifications.Changed -= OnChanged;
        }
    }

    private async Task KeepAllAsync(CancellationToken ct)
    {
        try
        {
            await using var context = contexts.ForInstallation();
            foreach (var vendorId in await context.Vendors.Select(v => v.Id).ToListAsync(ct))
                await KeepAsync(vendorId, ct);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "Segments could not be built; the log is read without them until the next round");
        }
    }

    /// <summary>The oldest range that has rows and no segment, or small neighbours to merge; null where all is well.</summary>
    private Work? Next(int vendorId)
    {
        using var connection = database.OpenReader();
        var entries = SegmentStore.List(connection, vendorId, 0, long.MaxValue, building: true);
        entries.Reverse();
        long from = 0;
        foreach (var entry in entries)
        {
            if (from < entry.FirstId && SegmentStore.IdAt(connection, vendorId, from, entry.FirstId, 0) is not null)
            {
                var full = SegmentStore.IdAt(connection, vendorId, from, entry.FirstId, Sizes.Max - 1);
                return new Work(from, full ?? entry.FirstId - 1, []);
            }

            from = entry.LastId + 1;
        }

        var settled = PullIds.Bound((time.GetUtcNow() - Settle).UtcDateTime);
        if (SegmentStore.IdAt(connection, vendorId, from, settled, Sizes.Seal - 1) is { } eighth)
            return new Work(from, SegmentStore.IdAt(connection, vendorId, from, settled, Sizes.Max - 1) ?? SegmentStore.LastId(connection, vendorId, from, settled) ?? eighth, []);
        return Merge(entries);
    }

    // Neighbours that together make at least half a segment and not more than one.
    private Work? Merge(List<SegmentStore.Entry> entries)
    {
        for (var first = 0; first < entries.Count; first++)
        {
            var rows = entries[first].Rows;
            if (rows == 0 || rows >= Sizes.Max / 2)
                continue;
            var last = first;
            while (last + 1 < entries.Count && entries[last + 1].FirstId == entries[last].LastId + 1
                && entries[last + 1].Rows > 0 && entries[last + 1].Rows < Sizes.Max / 2 && rows + entries[last + 1].Rows <= Sizes.Max)
                rows += entries[++last].Rows;
            if (last > first && rows >= Sizes.Max / 2)
                return new Work(entries[first].FirstId, entries[last].LastId, [.. entries[first..(last + 1)].Select(e => e.FirstId)]);
            first = last;
        }

        return null;
    }

    /// <summary>Announces the range, reads it, and puts the segment in place if nobody has written into it meanwhile.</summary>
    private async Task<bool> BuildAsync(int vendorId, Work work, CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            using var connection = database.OpenWriter();
            using var transaction = connection.BeginTransaction();
            using var segments = new SegmentDropper(connection);
            segments.Begin(transaction);
            foreach (var replaced in work.Replaces)
                segments.Drop(vendorId, replaced);
            SegmentStore.Announce(connection, transaction, vendorId, work.FirstId, work.LastId);
            transaction.Commit();
        }
        finally
        {
            database.WriteLock.Release();
        }

        var builder = new SegmentBuilder(Sizes.Max);
        using (var connection = database.OpenReader())
        {
            var rows = SegmentStore.Count(connection, vendorId, work.FirstId, work.LastId + 1, Sizes.Max + 1);
            if (rows > 0 && rows <= Sizes.Max)
                SegmentStore.ReadOldest(connection, builder, vendorId, work.FirstId, work.LastId + 1, Sizes.Max);
        }

        var columns = builder.Rows == 0 ? [] : Enumerable.Range(0, SegmentLimits.Columns).Select(column => builder.Build((SegmentColumn)column)).ToArray();
        await database.WriteLock.WaitAsync(ct);
        try
        {
            using var connection = database.OpenWriter();
            using var transaction = connection.BeginTransaction();
            var done = builder.Rows > 0
                && SegmentStore.Complete(connection, transaction, vendorId, new SegmentStore.Entry(work.FirstId, work.LastId, builder.Rows), columns);
            if (!done)
            {
                using var segments = new SegmentDropper(connection);
                segments.Begin(transaction);
                segments.DropUnfinished(vendorId, work.FirstId);
            }

            transaction.Commit();
            return done;
        }
        finally
        {
            database.WriteLock.Release();
        }
    }

    /// <param name="Seal">Rows above the newest segment that are worth one.</param>
    /// <param name="Max">Most rows of one; neighbours below half of it are merged.</param>
    internal sealed record SegmentSizes(int Seal, int Max);

    private sealed record Work(long FirstId, long LastId, IReadOnlyList<long> Replaces);
}
