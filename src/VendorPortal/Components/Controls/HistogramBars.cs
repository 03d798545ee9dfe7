using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>A time that was chosen; <paramref name="ToUtc"/> is exclusive.</summary>
public sealed record TimeRange(DateTime FromUtc, DateTime ToUtc);

/// <summary>A bar: one bucket, or several joined where there are more than fit. <see cref="EndUtc"/> is exclusive.</summary>
public sealed record HistogramBar(DateTime StartUtc, DateTime EndUtc, long ByTag, long ByDigest, long Checks, long Denied)
{
    public long Total => ByTag + ByDigest + Checks + Denied;
}

/// <summary>The bars of a trend, few enough to be told apart.</summary>
public sealed record HistogramBars(IReadOnlyList<HistogramBar> Bars, TimeSpan Step, int Joined)
{
    private const int Most = 100;
    private static readonly int[] Days = [1, 2, 7, 14, 28, 56, 91, 182, 364];

    /// <summary>True where a bar is less than a day.</summary>
    public bool IsHourly => Step < TimeSpan.FromDays(1);

    public long Highest => Bars.Count == 0 ? 0 : Bars.Max(b => b.Total);

    /// <summary>What a bar stands for: "an hour", "a day", "a week", "28 days".</summary>
    public string Unit => (IsHourly, Joined) switch
    {
        (true, 1) => "an hour",
        (true, var n) => $"{n} hours",
        (_, 1) => "a day",
        (_, 7) => "a week",
        (_, var n) => $"{n} days",
    };

    public static HistogramBars Of(PullTrend trend)
    {
        var joined = Days.FirstOrDefault(n => trend.Buckets.Count <= n * Most, Days[^1]);
        var bars = trend.Buckets.Chunk(joined).Select((chunk, i) =>
        {
            var next = (i + 1) * joined;
            var end = next < trend.Buckets.Count ? trend.Buckets[next].StartUtc : trend.EndUtc;
            return new HistogramBar(chunk[0].StartUtc, end, chunk.Sum(b => b.ByTag), chunk.Sum(b => b.ByDigest), chunk.Sum(b => b.Checks), chunk.Sum(b => b.Denied));
        }).ToList();
        return new HistogramBars(bars, trend.Step, joined);
    }

    /// <summary>A round number not below the highest bar: the top of the scale.</summary>
    public static long Top(long highest)
    {
        if (highest <= 4)
            return Math.Max(highest, 1);
        var power = (long)Math.Pow(10, Math.Floor(Math.Log10(highest)));
        foreach (var tenths in (ReadOnlySpan<long>)[10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100])
        {
            var top = power * tenths;
            if (top >= highest * 10)
                return top / 10;
        }

        return power * 10;
    }
}
