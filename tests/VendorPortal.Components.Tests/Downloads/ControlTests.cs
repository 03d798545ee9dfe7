using VendorPortal.Components.Controls;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class ControlTests
{
    [Fact]
    public void Throttle_ManyTriggers_RunsOnceAtOnceAndOnceAfterTheInterval()
    {
        var time = new ManualTimeProvider(DownloadsHost.Start);
        var runs = 0;
        using var throttle = new Throttle(time, TimeSpan.FromSeconds(1), () => runs++);

        throttle.Trigger();
        time.Advance(TimeSpan.Zero);
        Assert.Equal(1, runs);
        for (var i = 0; i < 50; i++)
            throttle.Trigger();
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, runs);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, runs);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, runs);
    }

    [Theory]
    [InlineData(1, 1, "a day")]
    [InlineData(100, 1, "a day")]
    [InlineData(101, 2, "2 days")]
    [InlineData(366, 7, "a week")]
    [InlineData(4000, 56, "56 days")]
    public void HistogramBars_AnyLength_AreFewAndLoseNothing(int days, int joined, string unit)
    {
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var trend = new PullTrend(TimeSpan.FromDays(1), [.. Enumerable.Range(0, days).Select(i => new TrendBucket(start.AddDays(i), i, 1, 2, 0))], start.AddDays(days));

        var bars = HistogramBars.Of(trend);

        Assert.InRange(bars.Bars.Count, 1, 100);
        Assert.Equal(joined, bars.Joined);
        Assert.Equal(unit, bars.Unit);
        Assert.Equal(trend.Buckets.Sum(b => b.ByTag + b.ByDigest + b.Checks + b.Denied), bars.Bars.Sum(b => b.Total));
        Assert.Equal(start.AddDays(days), bars.Bars[^1].EndUtc);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 3)]
    [InlineData(9, 10)]
    [InlineData(10, 10)]
    [InlineData(101, 120)]
    [InlineData(4_999, 5_000)]
    [InlineData(123_456, 150_000)]
    public void HistogramTop_Highest_IsRoundAndNotBelow(long highest, long top) => Assert.Equal(top, HistogramBars.Top(highest));

    [Fact]
    public void Carried_Value_ComesBackAndTooLargeStaysBehind()
    {
        var page = new PullPage([new PullItem { Id = 7, AtUtc = DownloadsHost.Now, Kind = Classification.PullKind.PullByTag, Artifact = "acme/app", Version = "1.0", Requests = 2 }], 7);
        var random = new byte[40_000];
        new Random(1).NextBytes(random);

        var back = Carried.Unpack<PullPage>(Carried.Pack(page));

        Assert.Equal(page.Items, back!.Items);
        Assert.Equal(7, back.Next);
        Assert.Null(Carried.Pack(random));
    }
}
