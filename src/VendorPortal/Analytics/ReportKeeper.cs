using Microsoft.EntityFrameworkCore;
using VendorPortal.Storage;

namespace VendorPortal.Analytics;

/// <summary>
/// Produces the reports of the newest complete week and month before anybody asks, and those again that are kept and no longer right. Older ones are produced when they
/// are asked for first: a log of years would make a second one of files that nobody reads.
/// </summary>
public sealed class ReportKeeper(ReportFiles files, ReportCalendar calendar, PortalDbContextFactory contexts, TimeProvider time, ILogger<ReportKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RemovalBeat = TimeSpan.FromHours(1);

    // Files that have to go may wait for an hour.
    private DateTimeOffset nextRemoval;

    /// <summary>A look at all vendors; returns the number of reports that were produced.</summary>
    internal async Task<int> KeepAsync(CancellationToken ct)
    {
        var kept = 0;
        await using var context = contexts.ForInstallation();
        foreach (var vendorId in await context.Vendors.Select(v => v.Id).ToListAsync(ct))
        {
            var stored = await files.KeptAsync(vendorId, ct);
            foreach (var (key, _, changes) in stored.Where(r => r.IsOutdated).Concat(await NewestAsync(vendorId, [.. stored.Select(r => r.Key)], ct)))
                kept += files.IsAtRest(vendorId, key.Period, changes) && await KeepAsync(vendorId, key, ct) ? 1 : 0;
        }

        return kept;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var beat = new PeriodicTimer(Beat, time);
            while (await beat.WaitForNextTickAsync(stoppingToken))
                await TryKeepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the next start goes on
        }
    }

    /// <summary>Removes the files of all vendors that nobody can ask for any more.</summary>
    internal async Task RemoveOldAsync(CancellationToken ct)
    {
        await using var context = contexts.ForInstallation();
        foreach (var vendorId in await context.Vendors.Select(v => v.Id).ToListAsync(ct))
            await files.RemoveOldAsync(vendorId, (path, error) => logger.LogWarning(error, "{File} could not be removed; trying again in {Delay}", path, RemovalBeat), ct);
    }

    private async Task<bool> KeepAsync(int vendorId, ReportKey key, CancellationToken ct)
    {
        if (await files.EnsureAsync(vendorId, key, ct) is not null)
            return true;
        await files.RemoveEmptyAsync(vendorId, key, ct);
        return false;
    }

    private async Task TryKeepAsync(CancellationToken ct)
    {
        try
        {
            await KeepAsync(ct);
            if (time.GetUtcNow() < nextRemoval)
                return;
            nextRemoval = time.GetUtcNow() + RemovalBeat;
            await RemoveOldAsync(ct);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "Reports could not be produced; trying again in {Delay}", Beat);
        }
    }

    private async Task<List<KeptReport>> NewestAsync(int vendorId, HashSet<ReportKey> kept, CancellationToken ct)
    {
        var missing = new List<KeptReport>();
        foreach (var ns in await calendar.NamespacesAsync(vendorId, ct))
        {
            foreach (var timespan in Enum.GetValues<ReportTimespan>())
            {
                var newest = ReportPeriod.Of(timespan, DateOnly.FromDateTime((time.GetUtcNow() - ReportCalendar.Settle).UtcDateTime)).Previous;
                var keys = ReportNames.Views.Select(view => new ReportKey(ns, newest, view)).Where(key => !kept.Contains(key)).ToList();
                if (keys.Count == 0 || await calendar.FindAsync(vendorId, ns, newest, ct) is not true)
                    continue;
                var changes = await files.ChangesAsync(vendorId, newest, ct);
                missing.AddRange(keys.Select(key => new KeptReport(key, true, changes)));
            }
        }

        return missing;
    }
}
