using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports;

/// <summary>Pulls over time by kind.</summary>
public sealed class TrendReader(PortalDatabase database, TimeProvider time)
{
    // Every offset of a zone since 2020 is a multiple of this.
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(15);

    /// <summary>Day buckets in <paramref name="zone"/>'s days (hours where the range is at most two days), from the first to the last with data or the filter's range.</summary>
    public Task<PullTrend> ReadAsync(int vendorId, PullFilter filter, TimeZoneInfo zone, CancellationToken ct) =>
        ReadAsync(vendorId, filter, (connection, selection) => Fold(ReadGrains(connection, selection, null), filter, zone, time.GetUtcNow().UtcDateTime), ct);

    /// <summary>The same with the count, in one pass over the log.</summary>
    public Task<PullTotals> ReadTotalsAsync(int vendorId, PullFilter filter, TimeZoneInfo zone, CancellationToken ct) =>
        ReadAsync(
            vendorId, filter,
            (connection, selection) =>
            {
                var count = new CountSums();
                var grains = ReadGrains(connection, selection, count);
                return new PullTotals(count.ToCount(), Fold(grains, filter, zone, time.GetUtcNow().UtcDateTime));
            },
            ct);

    /// <summary>Sums quarter hours, oldest first, into the buckets of a range. Pure, for tests.</summary>
    internal static PullTrend Fold(IReadOnlyList<GrainSums> grains, PullFilter filter, TimeZoneInfo zone, DateTime nowUtc)
    {
        var lastData = grains.Count > 0 ? StartOf(grains[^1]) + Grain : (DateTime?)null;
        var start = filter.FromUtc ?? (grains.Count > 0 ? StartOf(grains[0]) : null);
        var end = filter.ToUtc ?? lastData;
        if (start is null || end is null)
            return PullTrend.Nothing;
        // A range may be given far beyond what can hold data; empty years are not worth a bucket a day.
        var from = Later(start.Value, PullIds.Epoch);
        var to = Earlier(end.Value, lastData > nowUtc ? lastData.Value : nowUtc);
        if (from >= to)
            return PullTrend.Nothing;
        // Two days of 25 hours are still two days.
        var step = to - from <= TimeSpan.FromHours(49) ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var edges = step < TimeSpan.FromDays(1) ? Hours(from, to, zone) : Days(from, to, zone);
        return new PullTrend(step, Sum(edges, grains), edges[^1]);
    }

    private Task<T> ReadAsync<T>(int vendorId, PullFilter filter, Func<DbConnection, PullSelection, T> read, CancellationToken ct) =>
        database.ReadLogAsync(vendorId, connection => read(connection, PullSelector.Select(connection, vendorId, filter)), ct);

    private static List<GrainSums> ReadGrains(DbConnection connection, PullSelection selection, CountSums? count)
    {
        var series = new List<GrainSums>();
        if (selection.KeepsNothing)
            return series;
        LogScan.Each(
            connection, selection, () => (Series: new List<GrainSums>(), Count: new CountSums()),
            (part, scan, segment) =>
            {
                scan.Trend(segment, part.Series);
                if (count is not null)
                    part.Count.AddUniques(scan, segment);
            },
            part =>
            {
                series.AddRange(part.Series);
                count?.Add(part.Count);
            });
        foreach (var grain in series)
            count?.Add(grain.Pulls);
        series.Sort(static (a, b) => a.Grain.CompareTo(b.Grain)); // parts of one may stand beside each other
        return series;
    }

    private static DateTime StartOf(GrainSums grain) => PullIds.TimeOf(grain.Grain * SegmentLimits.Grain);

    // The starts of the buckets, and the end of the last one.
    private static List<DateTime> Hours(DateTime from, DateTime to, TimeZoneInfo zone)
    {
        var local = from.Ticks + zone.GetUtcOffset(from).Ticks;
        List<DateTime> edges = [from.AddTicks(-(local % TimeSpan.TicksPerHour))];
        while (edges[^1] < to)
            edges.Add(edges[^1].AddHours(1));
        return edges;
    }

    private static List<DateTime> Days(DateTime from, DateTime to, TimeZoneInfo zone)
    {
        var day = ZoneDays.DayOf(from, zone);
        List<DateTime> edges = [ZoneDays.StartOf(day, zone)];
        for (; edges[^1] < to; day = day.AddDays(1))
            edges.Add(ZoneDays.EndOf(day, zone));
        return edges;
    }

    private static TrendBucket[] Sum(List<DateTime> edges, IReadOnlyList<GrainSums> grains)
    {
        var sums = new KindSums[edges.Count - 1];
        var bucket = 0;
        foreach (var grain in grains)
        {
            var at = StartOf(grain);
            while (bucket + 1 < sums.Length && edges[bucket + 1] <= at)
                bucket++;
            for (var kind = 0; kind < KindSums.Kinds; kind++)
                sums[bucket][kind] += grain.Pulls[kind];
        }

        return [.. edges.Zip(sums, (start, pulls) => new TrendBucket(
            start, pulls[(int)PullKind.PullByTag], pulls[(int)PullKind.PullByDigest], pulls[(int)PullKind.VersionCheck], pulls[(int)PullKind.Denied]))];
    }

    private static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;
}
