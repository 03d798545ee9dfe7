using System.Data.Common;
using VendorPortal.Segments;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports.Overview;

/// <summary>
/// The downloads of a range, in its buckets and by kind of artifact; how many customers and different addresses they came from, each counted once over the
/// whole range; and, apart from them, the version checks.
/// </summary>
public sealed record OverviewTotals(long Downloads, long Customers, long Addresses, long Checks, IReadOnlyList<long> ByBucket, IReadOnlyDictionary<ArtifactKind, long> ByKind);

/// <summary>The numbers at the head of the overview, of an artifact or of a customer: one pass over the log for downloads, one over dictionaries for checks.</summary>
public sealed class OverviewReader(PortalDatabase database, TimeProvider time)
{
    private static readonly OptionColumn[] Artifacts = [new(SegmentColumn.Artifact, null)];

    /// <summary>The days from the first pull on, up to today; null where the vendor's log is empty.</summary>
    public Task<OverviewRange?> AllTimeAsync(int vendorId, CancellationToken ct) => database.ReadLogAsync(
        vendorId,
        connection => FirstId(connection, vendorId) is { } first ? new OverviewRange(DateOnly.FromDateTime(PullIds.TimeOf(first)), Today(), IsAllTime: true) : null,
        ct);

    /// <summary>What a range holds under a filter, whose own range and kinds do not matter.</summary>
    public Task<OverviewTotals> ReadAsync(int vendorId, PullFilter filter, OverviewRange range, CancellationToken ct)
    {
        var starts = OverviewSums.Grains(range.Cut().Buckets().Select(bucket => bucket.First));
        return database.ReadLogAsync(vendorId, connection => Read(connection, vendorId, range.ApplyTo(filter), starts), ct);
    }

    /// <summary>The same of the days before, cut as the range is. Null of all time, and where the vendor's log began later: that would say nothing about growth.</summary>
    public Task<OverviewTotals?> ReadBeforeAsync(int vendorId, PullFilter filter, OverviewRange range, CancellationToken ct)
    {
        if (range.ApplyBefore(filter, time.GetUtcNow().UtcDateTime) is not { } before)
            return Task.FromResult<OverviewTotals?>(null);
        var starts = OverviewSums.Grains(range.Cut().Buckets().Select(bucket => bucket.First.AddDays(-range.Days)));
        return database.ReadLogAsync(vendorId, connection => Began(connection, vendorId, before) ? Read(connection, vendorId, before, starts) : null, ct);
    }

    /// <summary>True where the vendor's log is as old as a filter's range: what is compared was counted from its beginning.</summary>
    internal static bool Began(DbConnection connection, int vendorId, PullFilter before) => FirstId(connection, vendorId) is { } first && first < PullIds.Bound(before.FromUtc!.Value);

    private static OverviewTotals Read(DbConnection connection, int vendorId, PullFilter filter, long[] starts)
    {
        var downloads = PullSelector.Select(connection, vendorId, filter with { Kinds = [KindNames.PullByTag, KindNames.PullByDigest] });
        if (downloads.KeepsNothing)
            return new OverviewTotals(0, 0, 0, Checks(connection, vendorId, filter), new long[starts.Length], new Dictionary<ArtifactKind, long>());
        var sums = new OverviewSums(starts);
        LogScan.Each(connection, downloads, () => new OverviewSums(starts), (part, scan, segment) => part.Add(scan, segment), sums.Add);
        var count = sums.Count.ToCount();
        return new OverviewTotals(count.Count, count.UniqueCustomers, count.UniqueAddresses, Checks(connection, vendorId, filter), sums.ByBucket, Kinds(connection, vendorId, sums.ByArtifact));
    }

    private static long Checks(DbConnection connection, int vendorId, PullFilter filter)
    {
        var checks = PullSelector.Select(connection, vendorId, filter with { Kinds = [KindNames.VersionCheck] });
        return checks.KeepsNothing ? 0 : ColumnCounts.Read(connection, checks, Artifacts)[0].Sum();
    }

    private static Dictionary<ArtifactKind, long> Kinds(DbConnection connection, int vendorId, long[] byArtifact)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT a.Id, {ArtifactKinds.KindOf("a")} FROM Artifacts a WHERE a.VendorId = @vendor";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        var kinds = new Dictionary<ArtifactKind, long>();
        while (reader.Read())
        {
            if (reader.GetInt32(0) + 1 is var place && place < byArtifact.Length && byArtifact[place] > 0)
                kinds[(ArtifactKind)reader.GetInt32(1)] = kinds.GetValueOrDefault((ArtifactKind)reader.GetInt32(1)) + byArtifact[place];
        }

        return kinds;
    }

    private static long? FirstId(DbConnection connection, int vendorId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MIN(Id) FROM Pulls WHERE VendorId = @vendor";
        command.Add("@vendor", vendorId);
        return command.ExecuteScalar() is long id ? id : null;
    }

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
