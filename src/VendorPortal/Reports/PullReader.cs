using System.Data.Common;
using System.Globalization;
using VendorPortal.Storage;

namespace VendorPortal.Reports;

/// <summary>Reads the log under a filter: pages, newer rows, counts. The vendor comes from the verified sign-in.</summary>
public sealed class PullReader(PortalDatabase database)
{
    /// <summary>The newest <paramref name="limit"/> pulls below <paramref name="before"/> (an id; null = from the top).</summary>
    public Task<PullPage> ReadPageAsync(int vendorId, PullFilter filter, long? before, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.ReadLogAsync(
            vendorId,
            connection =>
            {
                var items = PullRows.ReadNewest(connection, PullSelector.Select(connection, vendorId, filter).Below(before), limit + 1);
                if (items.Count <= limit)
                    return new PullPage(items, Next: null);
                items.RemoveAt(limit);
                return new PullPage(items, items[^1].Id);
            },
            ct);
    }

    /// <summary>Pulls above <paramref name="after"/>, newest first, at most <paramref name="limit"/>.</summary>
    public Task<IReadOnlyList<PullItem>> ReadNewerAsync(int vendorId, PullFilter filter, long after, int limit, CancellationToken ct) =>
        database.ReadLogAsync<IReadOnlyList<PullItem>>(vendorId, connection => PullRows.ReadNewest(connection, PullSelector.Select(connection, vendorId, filter).Above(after), limit), ct);

    public Task<PullCount> CountAsync(int vendorId, PullFilter filter, CancellationToken ct) =>
        database.ReadLogAsync(vendorId, connection => Count(connection, PullSelector.Select(connection, vendorId, filter)), ct);

    /// <summary>True once the vendor has any registry request: the first-run page goes away.</summary>
    public Task<bool> AnyRequestsAsync(int vendorId, CancellationToken ct) =>
        database.ReadLogAsync(
            vendorId,
            connection =>
            {
                using var command = connection.CreateCommand();
                // The journal is kept for some days only, the log for good.
                command.CommandText = "SELECT EXISTS (SELECT 1 FROM RegistryRequests WHERE VendorId = @vendor) OR EXISTS (SELECT 1 FROM Pulls WHERE VendorId = @vendor)";
                command.Add("@vendor", vendorId);
                return Convert.ToBoolean(command.ExecuteScalar(), CultureInfo.InvariantCulture);
            },
            ct);

    private static PullCount Count(DbConnection connection, PullSelection selection)
    {
        var sums = new CountSums();
        if (!selection.KeepsNothing)
            LogScan.Each(connection, selection, () => new CountSums(), (part, scan, segment) => part.Add(scan, segment), sums.Add);
        return sums.ToCount();
    }
}
