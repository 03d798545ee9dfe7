using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Enrichment.Networks;

/// <summary>
/// Brings the facts stored with addresses in line with the data of networks: after files have changed, and for addresses that were stored before
/// there were facts. Walks in short transactions, so that receiving hardly waits; each row says which data it is of, so that a
/// pass that was cut short goes on where it ended.
/// </summary>
public sealed class AddressNetworks(
    NetworkLookup networks, PortalDbContextFactory contexts, PortalDatabase database, PullNotifications notifications, TimeProvider time, ILogger<AddressNetworks> logger) : BackgroundService
{
    internal const int BatchRows = 2_000;

    /// <summary>Another process may have stored addresses by other data; they are found at the latest after this time.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromHours(1);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(1);

    private readonly Channel<bool> wakeUp = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void OnChanged() => wakeUp.Writer.TryWrite(true);
        networks.Changed += OnChanged;
        try
        {
            await networks.Complete.WaitAsync(stoppingToken); // else each start would write all addresses twice
            while (!stoppingToken.IsCancellationRequested)
                await WaitAsync(await TryRefreshAsync(stoppingToken) ? LookAgainAfter : TryAgainAfter, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops; the next start goes on
        }
        finally
        {
            networks.Changed -= OnChanged;
        }
    }

    /// <summary>Brings all addresses of all vendors in line and returns the number that were changed.</summary>
    internal async Task<int> RefreshAsync(CancellationToken ct)
    {
        var data = networks.Current;
        await UnderLockAsync(() => { }, ct); // whoever has asked the data before it changed has committed now
        await using var installation = contexts.ForInstallation();
        var changed = 0;
        foreach (var vendorId in await installation.Vendors.Select(v => v.Id).ToListAsync(ct))
        {
            var ofVendor = await RefreshAsync(vendorId, data, ct);
            if (ofVendor > 0)
                notifications.Publish(vendorId);
            changed += ofVendor;
        }

        if (changed > 0)
            logger.LogInformation("Networks: the facts of {Addresses} addresses were brought in line", changed);
        return changed;
    }

    private async Task<bool> TryRefreshAsync(CancellationToken ct)
    {
        try
        {
            await RefreshAsync(ct);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "The facts of addresses could not be brought in line; trying again in {Delay}", TryAgainAfter);
            return false;
        }
    }

    private async Task<int> RefreshAsync(int vendorId, NetworkData data, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var (after, changed) = (0, 0);
        while (true)
        {
            var rows = await context.Addresses.AsNoTracking()
                .Where(a => a.Id > after && a.NetworkStamp != data.Stamp && a.NetworkStamp != Address.ToldStamp)
                .OrderBy(a => a.Id).Take(BatchRows).Select(a => new { a.Id, a.Value }).ToListAsync(ct);
            if (rows.Count == 0)
                return changed;
            var found = rows.ConvertAll(row => (row.Id, Facts: data.Find(row.Value)));
            await UnderLockAsync(() => Write(vendorId, data.Stamp, found), ct);
            (after, changed) = (rows[^1].Id, changed + rows.Count);
            if (networks.Current != data)
                return changed; // what has changed meanwhile wakes the next pass
        }
    }

    private void Write(int vendorId, int stamp, List<(int Id, NetworkFacts Facts)> found)
    {
        using var connection = database.OpenWriter();
        using var transaction = connection.BeginTransaction();
        using var update = new PreparedStatement(
            connection,
            "UPDATE \"Addresses\" SET \"Country\" = @p2, \"Organisation\" = @p3, \"Host\" = @p4, \"NetworkType\" = @p5, \"NetworkStamp\" = @p6 WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 7);
        update.Transaction = transaction;
        foreach (var (id, facts) in found)
            update.Execute(vendorId, id, facts.Country, facts.Organisation, facts.Host, facts.NetworkType, stamp);
        transaction.Commit();
    }

    private async Task UnderLockAsync(Action write, CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            write();
        }
        finally
        {
            database.WriteLock.Release();
        }
    }

    private async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await wakeUp.Reader.ReadAsync(both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // time to look again
        }
    }
}
