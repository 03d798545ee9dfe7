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

    /// <summary>A look at all vendors; returns the number of reports that were produced or found to be right.</summary>
    internal async Task<int> KeepAsync(CancellationToken ct)
    {
        var kept = 0;
        await using var context = contexts.ForInstallation();
        foreach (var vendorId in await context.Vendors.Select(v => v.Id).ToListAsync(ct))
        {
            foreach (var (key, changes) in (await files.OutdatedAsync(vendorId, ct)).Concat(await NewestAsync(vendorId, ct)).Distinct())
            {
                if (files.IsAtRest(vendorId, key.Period, changes) && await files.EnsureAsync(vendorId, key, ct) is not null)
                    kept++;
            }

            await files.RemoveSupersededAsync(vendorId, ct);
        }

        return kept;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            files.RemoveLeftOvers();
            using var beat = new PeriodicTimer(Beat, time);
            while (await beat.WaitForNextTickAsync(stoppingToken))
                await TryKeepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the next start goes on
        }
    }

    private async Task TryKeepAsync(CancellationToken ct)
    {
        try
        {
            await KeepAsync(ct);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "Reports could not be produced; trying again in {Delay}", Beat);
        }
    }

    private async Task<List<(ReportKey Key, long Changes)>> NewestAsync(int vendorId, CancellationToken ct)
    {
        var keys = new List<(ReportKey, long)>();
        foreach (var ns in await calendar.NamespacesAsync(vendorId, ct))
        {
            foreach (var timespan in Enum.GetValues<ReportTimespan>())
            {
                var newest = ReportPeriod.Of(timespan, DateOnly.FromDateTime((time.GetUtcNow() - ReportCalendar.Settle).UtcDateTime)).Previous;
                if (await calendar.FindAsync(vendorId, ns, newest, ct) is not true)
                    continue;
                var changes = await files.ChangesAsync(vendorId, newest, ct);
                keys.AddRange(ReportNames.Views.Select(view => (new ReportKey(ns, newest, view), changes)));
            }
        }

        return keys;
    }
}
