using Microsoft.EntityFrameworkCore;
using VendorPortal.Hosting;
using VendorPortal.Storage;

namespace VendorPortal.Journal;

/// <summary>What is kept of a vendor's journal.</summary>
/// <param name="Days">How long requests are kept; 0 = for ever.</param>
/// <param name="RemovedUtc">When requests were last removed; null where none ever were.</param>
/// <param name="Removed">How many were removed so far.</param>
/// <param name="LookedUtc">When the portal last looked whether there is something to remove; null where it has not since it was started.</param>
public sealed record JournalKept(int Days, DateTime? RemovedUtc, long Removed, DateTime? LookedUtc);

/// <summary>
/// Removes requests from the journal that are older than they are to be kept, whole UTC days of them, in small transactions. Pulls stay,
/// with their rule and counts. What waits for classification stays too, and all of a vendor whose history is still being brought along, and
/// of the sample.
/// </summary>
public sealed class JournalRetention(PortalDatabase database, PortalDbContextFactory contexts, PortalOptions options, TimeProvider time, ILogger<JournalRetention> logger)
    : BackgroundService
{
    /// <summary>How long after a history arrived nothing is removed.</summary>
    internal static readonly TimeSpan HistoryRest = TimeSpan.FromDays(1);

    private const int BatchRows = 5_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    // Between two transactions whoever waits for the lock gets it; the pause leaves the disk to them as well.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private DateTime? lookedUtc;

    /// <summary>What is kept of a vendor's journal, and what was removed.</summary>
    public async Task<JournalKept> ReadAsync(int vendorId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var removed = await context.JournalPurges.GroupBy(_ => 1).Select(g => new { At = g.Max(p => p.RemovedUtc), Requests = g.Sum(p => p.Requests) }).FirstOrDefaultAsync(ct);
        return new JournalKept(options.Retention.JournalDays, removed?.At, removed?.Requests ?? 0, lookedUtc);
    }

    /// <summary>Removes all that is due now. Returns the number of requests removed.</summary>
    internal async Task<long> RunAsync(CancellationToken ct)
    {
        long removed = 0;
        var now = time.GetUtcNow().UtcDateTime;
        if (options.Retention.JournalDays > 0)
        {
            await using var context = contexts.ForInstallation();
            var resting = now - HistoryRest;
            foreach (var vendorId in await context.Vendors.Where(v => !v.IsSample && (v.HistoryUtc == null || v.HistoryUtc < resting)).Select(v => v.Id).ToListAsync(ct))
                removed += await RunAsync(vendorId, now, ct);
        }

        lookedUtc = now;
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await RunAsync(stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    logger.LogError(error, "Old requests could not be removed from the journal; the next try is in {Delay}", LookEvery);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the next start goes on
        }
    }

    private async Task<long> RunAsync(int vendorId, DateTime nowUtc, CancellationToken ct)
    {
        var purge = new JournalPurger(database, vendorId, options.Retention.JournalDays, nowUtc);
        long removed = 0;
        for (long after = -1; ;)
        {
            await database.WriteLock.WaitAsync(ct);
            JournalPurger.Batch batch;
            try
            {
                batch = purge.Remove(after, BatchRows);
            }
            finally
            {
                database.WriteLock.Release();
            }

            removed += batch.Removed;
            if (batch.Through is not { } through)
                break;
            after = through;
            await Task.Delay(Pause, time, ct);
        }

        if (removed > 0)
            logger.LogInformation("Journal of vendor {Vendor}: {Requests} requests older than {Days} days were removed; their pulls stay", vendorId, removed, options.Retention.JournalDays);
        return removed;
    }
}
