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
        database.ReadLogAsync(
            vendorId,
            connection =>
            {
                var selection = PullSelector.Select(connection, vendorId, filter);
                var grains = selection.KeepsNothing ? [] : ReadGrains(connection, selection);
                return Fold(grains, filter, zone, time.GetUtcNow().UtcDateTime);
            },
            ct);

    /// <summary>Sums quarter hours into the buckets of a range. Pure, for tests.</summary>
    internal static PullTrend Fold(IReadOnlyList<TrendBucket> grains, PullFilter filter, TimeZoneInfo zone, DateTime nowUtc)
    {
        var lastData = grains.Count > 0 ? grains[^1].StartUtc + Grain : (DateTime?)null;
        var start = filter.FromUtc ?? (grains.Count > 0 ? grains[0].StartUtc : null);
        var end = filter.ToUtc ?? lastData;
        if (start is null || end is null)
            return new PullTrend(TimeSpan.FromDays(1), []);
        // A range may be given far beyond what can hold data; empty years are not worth a bucket a day.
        var from = Later(start.Value, PullIds.Epoch);
        var to = Earlier(end.Value, lastData > nowUtc ? lastData.Value : nowUtc);
        if (from >= to)
            return new PullTrend(TimeSpan.FromDays(1), []);
        // Two days of 25 hours are still two days.
        var step = to - from <= TimeSpan.FromHours(49) ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var starts = step < TimeSpan.FromDays(1) ? Hours(from, to, zone) : Days(from, to, zone);
        return new PullTrend(step, Sum(starts, grains));
    }

    private static List<TrendBucket> ReadGrains(DbConnection connection, PullSelection selection)
    {
        var series = new SortedDictionary<long, long[]>();
        LogScan.Each(connection, selection, (scan, segment) => scan.Trend(segment, series));
        return [.. series.Select(grain => new TrendBucket(
            PullIds.TimeOf(grain.Key * SegmentLimits.Grain),
            grain.Value[(int)PullKind.PullByTag], grain.Value[(int)PullKind.PullByDigest], grain.Value[(int)PullKind.VersionCheck], grain.Value[(int)PullKind.Denied]))];
    }

    private static List<DateTime> Hours(DateTime from, DateTime to, TimeZoneInfo zone)
    {
        var local = from.Ticks + zone.GetUtcOffset(from).Ticks;
        var starts = new List<DateTime>();
        for (var at = from.AddTicks(-(local % TimeSpan.TicksPerHour)); at < to; at = at.AddHours(1))
            starts.Add(at);
        return starts;
    }

    private static List<DateTime> Days(DateTime from, DateTime to, TimeZoneInfo zone)
    {
        var starts = new List<DateTime>();
        for (var day = ZoneDays.DayOf(from, zone); ZoneDays.StartOf(day, zone) is var at && at < to; day = day.AddDays(1))
            starts.Add(at);
        return starts;
    }

    private static TrendBucket[] Sum(List<DateTime> starts, IReadOnlyList<TrendBucket> grains)
    {
        var buckets = starts.Select(start => new TrendBucket(start, 0, 0, 0, 0)).ToArray();
        var i = 0;
        foreach (var grain in grains)
        {
            while (i + 1 < buckets.Length && buckets[i + 1].StartUtc <= grain.StartUtc)
                i++;
            var sum = buckets[i];
            buckets[i] = sum with
            {
                ByTag = sum.ByTag + grain.ByTag,
                ByDigest = sum.ByDigest + grain.ByDigest,
                Checks = sum.Checks + grain.Checks,
                Denied = sum.Denied + grain.Denied,
            };
        }

        return buckets;
    }

    private static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;
}
