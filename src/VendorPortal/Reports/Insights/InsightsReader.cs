using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports.Insights;

/// <summary>The downloads of a repository or namespace: of each bucket, and together.</summary>
public sealed record InsightsLine(string Name, IReadOnlyList<long> Downloads)
{
    public long Total { get; } = Downloads.Sum();
}

/// <summary>
/// Pulls of a range, bucket by bucket and over the whole range, and the repositories or namespaces with the most downloads. Addresses are different
/// ones of each bucket, and of the whole range: they do not add up.
/// </summary>
public sealed record InsightsSeries(InsightsRange Range, IReadOnlyList<InsightsBucket> Buckets, IReadOnlyList<PullSums> Sums, PullSums Whole, IReadOnlyList<InsightsLine> Lines)
{
    public static long Downloads(PullSums sums) => sums.ByTag + sums.ByDigest;
}

/// <summary>Pulls over time as the page Insights shows them: one pass over the log.</summary>
public sealed class InsightsReader(PortalDatabase database)
{
    /// <summary>What a range holds under a filter, whose own range does not matter; every repository or namespace with downloads has a line, the most pulled first.</summary>
    public Task<InsightsSeries> ReadAsync(int vendorId, PullFilter filter, InsightsRange range, bool byNamespace, CancellationToken ct) =>
        database.ReadLogAsync(
            vendorId,
            connection =>
            {
                var buckets = range.Buckets();
                var selection = PullSelector.Select(connection, vendorId, range.ApplyTo(filter));
                var namespaces = byNamespace ? SummaryFold.OfNamespaces(connection, vendorId) : null;
                var firstGrains = buckets.Select(bucket => PullIds.Bound(bucket.First.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)) / SegmentLimits.Grain).ToArray();
                var totals = Empty();
                if (!selection.KeepsNothing)
                    LogScan.Each(connection, selection, Empty, (part, scan, segment) => scan.Summarize(segment, part), part => totals.Add(part));
                return Series(range, buckets, totals, ids => Names(connection, vendorId, namespaces, ids));

                PeriodTotals Empty() => new(SegmentColumn.Artifact, firstGrains, namespaces?.GroupOf);
            },
            ct);

    /// <summary>The same of the range before, as much of it as has passed of this one. Null where the vendor's log began later: that would say nothing about growth.</summary>
    public async Task<InsightsSeries?> ReadBeforeAsync(int vendorId, PullFilter filter, InsightsRange range, bool byNamespace, DateTime nowUtc, CancellationToken ct) =>
        range.Before(nowUtc) is { } before && await database.ReadLogAsync(vendorId, connection => FirstId(connection, vendorId), ct) is { } first && first < PullIds.Bound(before.FromUtc)
            ? await ReadAsync(vendorId, filter, before, byNamespace, ct) : null;

    private static long? FirstId(DbConnection connection, int vendorId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MIN(Id) FROM Pulls WHERE VendorId = @vendor";
        command.Add("@vendor", vendorId);
        return command.ExecuteScalar() is long id ? id : null;
    }

    private static InsightsSeries Series(InsightsRange range, IReadOnlyList<InsightsBucket> buckets, PeriodTotals totals, Func<int[], Dictionary<int, string>> read)
    {
        var sums = totals.Sums.Select((groups, place) => Sum(groups, totals.AddressesOf(place))).ToList();
        var whole = new PullSums(sums.Sum(s => s.ByTag), sums.Sum(s => s.ByDigest), sums.Sum(s => s.Checks), sums.Sum(s => s.Denied), totals.Addresses());
        var lines = new Dictionary<int, long[]>();
        for (var place = 0; place < totals.Sums.Length; place++)
        {
            for (var group = 0; group < totals.Sums[place].Length; group++)
            {
                if (Downloads(totals.Sums[place][group]) is not (> 0 and var downloads))
                    continue;
                if (!lines.TryGetValue(group, out var line))
                    lines[group] = line = new long[totals.Sums.Length];
                line[place] = downloads;
            }
        }

        var names = read([.. lines.Keys]);
        return new InsightsSeries(
            range, buckets, sums, whole,
            [.. lines.Select(line => new InsightsLine(names[line.Key], line.Value)).OrderByDescending(line => line.Total).ThenBy(line => line.Name, StringComparer.Ordinal)]);
    }

    private static PullSums Sum(KindSums[] groups, long addresses)
    {
        Span<long> sums = stackalloc long[KindSums.Kinds];
        foreach (var group in groups)
        {
            for (var kind = 0; kind < KindSums.Kinds; kind++)
                sums[kind] += group[kind];
        }

        return new PullSums(sums[(int)PullKind.PullByTag], sums[(int)PullKind.PullByDigest], sums[(int)PullKind.VersionCheck], sums[(int)PullKind.Denied], addresses);
    }

    private static long Downloads(KindSums sums) => sums[(int)PullKind.PullByTag] + sums[(int)PullKind.PullByDigest];

    private static Dictionary<int, string> Names(DbConnection connection, int vendorId, SummaryFold? namespaces, int[] ids) => namespaces is null
        ? DimensionNames.Read(connection, vendorId, "Artifacts", ids)
        : ids.ToDictionary(id => id, id => namespaces.Names[id].Namespace);
}
