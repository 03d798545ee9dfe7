using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Hosting;
using VendorPortal.Storage;

namespace VendorPortal.Usage;

/// <summary>
/// Removes what is older than it is to be kept, in small transactions between which the intake gets its turn: events by <c>UsageDays</c>, roll-ups at
/// the earliest when no period shows them any more, and people on no list of whom nothing else is left. Who opted out stays known as such.
/// </summary>
public sealed class UsageRetention(PortalDatabase database, PortalDbContextFactory contexts, UsageErasure erasure, PortalOptions options, TimeProvider time, ILogger<UsageRetention> logger)
    : BackgroundService
{
    private const int BatchEvents = 5_000;
    private const int BatchUsers = 200;
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Once a day is enough: what is removed are whole days.
    private int lookedOn;

    /// <summary>Removes all that is due now. Returns the number of events removed.</summary>
    internal async Task<long> RunAsync(CancellationToken ct)
    {
        var removed = await erasure.RunAsync(ct);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber;
        if (options.Retention.UsageDays == 0 || lookedOn == today)
            return removed;
        await using var context = contexts.ForInstallation();
        foreach (var vendorId in await context.Vendors.Where(v => v.UsageUtc != null && !v.IsSample).Select(v => v.Id).ToListAsync(ct))
        {
            removed += await RemoveEventsAsync(vendorId, today - options.Retention.UsageDays, ct);
            await RemoveRollUpsAsync(vendorId, today - Math.Max(options.Retention.UsageDays, UsagePeriods.Longest), ct);
        }

        lookedOn = today;
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                try
                {
                    await RunAsync(stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    logger.LogError(error, "Old usage events could not be removed; the next try is in {Delay}", LookEvery);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the next start goes on
        }
    }

    private async Task<long> RemoveEventsAsync(int vendorId, int beforeDay, CancellationToken ct)
    {
        long removed = 0;
        for (var batch = -1; batch != 0; removed += batch)
        {
            batch = await WriteAsync(
                "DELETE FROM \"UsageEvents\" WHERE \"VendorId\" = @p0 AND (\"Day\", \"UserId\", \"EventId\") IN (SELECT \"Day\", \"UserId\", \"EventId\" FROM \"UsageEvents\" " +
                "WHERE \"VendorId\" = @p0 AND \"Day\" < @p1 ORDER BY \"Day\", \"UserId\" LIMIT " + BatchEvents.ToString(CultureInfo.InvariantCulture) + ")",
                ct, vendorId, beforeDay);
        }

        if (removed > 0)
            logger.LogInformation("Vendor {Vendor}: {Events} usage events were removed that are older than {Days} days", vendorId, removed, options.Retention.UsageDays);
        return removed;
    }

    // People at a time: their days lie together. What holds now has day 0 and stays.
    private async Task RemoveRollUpsAsync(int vendorId, int beforeDay, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var last = await context.ProductUsers.MaxAsync(p => (int?)p.Id, ct) ?? 0;
        for (var user = 1; user <= last; user += BatchUsers)
            await WriteAsync("DELETE FROM \"UsageUserDays\" WHERE \"VendorId\" = @p0 AND \"UserId\" BETWEEN @p1 AND @p2 AND \"Day\" BETWEEN 1 AND @p3", ct, vendorId, user, user + BatchUsers - 1, beforeDay - 1);
        foreach (var customerId in await context.UsageDays.Select(d => d.CustomerId).Distinct().ToListAsync(ct))
            await WriteAsync("DELETE FROM \"UsageDays\" WHERE \"VendorId\" = @p0 AND \"CustomerId\" = @p1 AND \"Day\" BETWEEN 1 AND @p2", ct, vendorId, customerId, beforeDay - 1);
        var before = DateOnly.FromDayNumber(beforeDay).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        var gone = await context.ProductUsers
            .Where(p => !p.IsListed && !p.IsOptedOut && !p.IsErased && p.LastSeenUtc < before && !context.UsageConsents.Any(c => c.UserId == p.Id)).Select(p => p.Id).ToListAsync(ct);
        foreach (var userId in gone)
            await erasure.EraseUnseenAsync(vendorId, userId, before, ct);
    }

    private async Task<int> WriteAsync(string sql, CancellationToken ct, params object[] values)
    {
        int changed;
        await database.WriteLock.WaitAsync(ct);
        try
        {
            using var connection = database.OpenWriter();
            using var statement = new PreparedStatement(connection, sql, values.Length);
            changed = statement.Execute(values);
        }
        finally
        {
            database.WriteLock.Release();
        }

        if (changed > 0)
            await Task.Delay(Pause, time, ct);
        return changed;
    }
}
