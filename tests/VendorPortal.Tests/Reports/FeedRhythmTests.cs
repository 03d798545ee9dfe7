using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Reports;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Tests.Reports;

/// <summary>When a silence is one that somebody should look at.</summary>
public sealed class FeedRhythmTests
{
    // A Friday.
    private static readonly DateTime Fell = new(2026, 5, 1, 15, 20, 0, DateTimeKind.Utc);

    // The feed sent as told by hour until it fell silent.
    private static Dictionary<int, long> Sent(int days, Func<DateTime, long> perHour)
    {
        var last = FeedHour.Of(Fell);
        return Enumerable.Range(last - (days * 24), (days * 24) + 1).ToDictionary(h => h, h => perHour(FeedHour.StartOf(h)));
    }

    private static bool IsOffice(DateTime hour) => hour.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && hour.Hour is >= 8 and < 18;

    private static FeedGap? Gap(Dictionary<int, long> hours, double silentHours) => FeedRhythm.FindGap(hours, Fell, Fell.AddHours(silentHours));

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(40)]
    public void FindGap_SteadyFeedOfAnyAge_IsSeenAfterTwoWholeHours(int days)
    {
        var hours = Sent(days, _ => 40);

        Assert.Null(Gap(hours, 2));
        Assert.Equal(new FeedGap(TimeSpan.FromHours(3), 40), Gap(hours, 3));
        Assert.Equal("no events for 3 h, usually 40 an hour", IngestWords.Of(Gap(hours, 3.2)!));
    }

    [Fact]
    public void FindGap_OfficeHours_NightAndWeekendAreUsual()
    {
        var hours = Sent(14, hour => IsOffice(hour) ? 120 : 0);

        Assert.Equal(120, Gap(hours, 3)?.UsualPerHour); // the rest of Friday's work
        var evening = hours.Where(h => FeedHour.StartOf(h.Key) < Fell).ToDictionary();
        var (left, monday) = (Fell.Date.AddHours(17.9), Fell.Date.AddDays(3));
        evening[FeedHour.Of(left)] = 120;
        evening[FeedHour.Of(left) - 1] = 120;
        Assert.Null(FeedRhythm.FindGap(evening, left, monday.AddHours(9.9)));
        Assert.Equal(120, FeedRhythm.FindGap(evening, left, monday.AddHours(10.1))?.UsualPerHour);
    }

    [Fact]
    public void FindGap_SecondWeek_KnowsTheWeekend()
    {
        var hours = Sent(10, hour => IsOffice(hour) ? 120 : 0);

        Assert.Null(FeedRhythm.FindGap(hours, Fell.AddHours(2.5), Fell.Date.AddDays(3)));
    }

    [Fact]
    public void FindGap_OneBurst_IsNoRhythm()
    {
        Assert.Null(Gap(Sent(14, hour => Fell - hour < TimeSpan.FromHours(20) ? 100_000 : 0), 30));
        Assert.Null(Gap(Sent(14, hour => hour.Date == Fell.Date.AddDays(-7) || Fell - hour < TimeSpan.FromHours(6) ? 100_000 : 0), 6));
    }

    [Fact]
    public void FindGap_FewEvents_NeedAsMuchLonger()
    {
        var hours = Sent(14, _ => 1);

        Assert.Null(Gap(hours, 10));
        Assert.Equal(1, Gap(hours, 11)?.UsualPerHour);
    }

    [Fact]
    public void FindGap_SilentForTwoWeeks_IsNoLongerMissed()
    {
        var hours = Sent(14, _ => 40);

        Assert.NotNull(Gap(hours, 14 * 24));
        Assert.Null(Gap(hours, (14 * 24) + 1));
    }

    [Fact]
    public void FindGap_Nothing_IsNone() => Assert.Null(Gap([], 5));

    [Fact]
    public void FindGap_AnyHistory_MeetsItsDefinition() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
        (from counts in Gen.Choose(0, 30).ListOf(24 * 30) from silent in Gen.Choose(0, 400) select (counts: counts.ToArray(), silent)).ToArbitrary(),
        sample =>
        {
            var last = FeedHour.Of(Fell);
            var hours = sample.counts.Select((count, i) => (Hour: last - i, Count: (long)count)).Where(h => h.Count > 0).ToDictionary(h => h.Hour, h => h.Count);

            var gap = Gap(hours, sample.silent);

            // With the whole window known, the usual of an hour is the smaller of two.
            long Usual(int hour) => Enumerable.Range(1, 5).Select(weeks => hour - (weeks * 168)).Where(h => h < last && h >= last - FeedRhythm.Window).Min(h => hours.GetValueOrDefault(h));
            var expected = Enumerable.Range(last + 1, Math.Max(0, FeedHour.Of(Fell.AddHours(sample.silent)) - last - 1)).TakeWhile(_ => sample.silent <= FeedRhythm.Window).Select(Usual).Where(u => u > 0).ToList();
            Assert.Equal(expected.Count >= FeedRhythm.MinSilentHours && expected.Sum() >= FeedRhythm.MinMissed, gap is not null);
            if (gap is not null)
                Assert.Equal((TimeSpan.FromHours(sample.silent), expected.Average()), (gap.Silent, gap.UsualPerHour));
        }));
}
