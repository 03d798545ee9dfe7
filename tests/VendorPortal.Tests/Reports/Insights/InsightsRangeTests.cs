using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Tests.Reports.Insights;

public sealed class InsightsRangeTests
{
    private static readonly DateTime Now = new(2026, 5, 20, 9, 30, 0, DateTimeKind.Utc);

    private static readonly Gen<InsightsRange> Ranges =
        from first in Gen.Choose(0, 4000)
        from days in Gen.Choose(0, 800)
        from step in Gen.Elements(InsightsStep.Day, InsightsStep.Week, InsightsStep.Month)
        let start = new DateOnly(2022, 1, 1).AddDays(first)
        select new InsightsRange(start, start.AddDays(days), step);

    [Fact]
    public void Buckets_AnyRange_HoldEachDayOnce() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Ranges.ToArbitrary(), range =>
    {
        var buckets = range.Buckets();
        Assert.Equal(range.First, buckets[0].First);
        Assert.Equal(range.Last, buckets[^1].Last);
        Assert.All(buckets, bucket => Assert.True(bucket.First <= bucket.Last));
        Assert.All(buckets.Zip(buckets.Skip(1)), pair => Assert.Equal(pair.First.Last.AddDays(1), pair.Second.First));
        Assert.All(buckets, bucket => Assert.Equal(bucket.IsWhole, range.Step switch
        {
            InsightsStep.Day => true,
            InsightsStep.Week => bucket.First.DayOfWeek == DayOfWeek.Monday && bucket.Last.DayOfWeek == DayOfWeek.Sunday,
            _ => bucket.First.Day == 1 && bucket.Last.AddDays(1).Day == 1,
        }));
    }));

    [Fact]
    public void Before_WeeksAndDays_IsAsLongAndEndsWhereThisBeginsOrEarlier() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Ranges.ToArbitrary(), range =>
    {
        if (range.Before(Now) is not { } before)
            return; // it would begin before the log can
        Assert.True(before.First >= InsightsRange.Oldest);
        Assert.True(before.Last < range.First);
        Assert.Equal(range.Buckets().Count, before.Buckets().Count);
        if (range.Step != InsightsStep.Month)
            Assert.Equal(range.Last.DayNumber - range.First.DayNumber, before.Last.DayNumber - before.First.DayNumber);
    }));

    [Theory]
    [InlineData(InsightsStep.Day, "2026-05-11", "2026-05-15")]
    [InlineData(InsightsStep.Week, "2026-05-02", "2026-05-06")]
    [InlineData(InsightsStep.Month, "2026-04-16", "2026-04-20")]
    public void Before_RangeUpToToday_EndsAtTheSameTimeOfDay(InsightsStep step, string first, string last)
    {
        var range = new InsightsRange(new(2026, 5, 16), new(2026, 5, 20), step);

        var before = range.Before(Now)!;
        Assert.Equal((DateOnly.Parse(first, null), DateOnly.Parse(last, null)), (before.First, before.Last));
        Assert.Equal(Now - range.Last.ToDateTime(TimeOnly.MinValue), before.ToUtc - before.Last.ToDateTime(TimeOnly.MinValue));
        Assert.Null(range.Before(Now.AddDays(1))!.EndUtc);
    }

    [Fact]
    public void Before_BeginningBeforeTheLogCan_IsNone() =>
        Assert.Null(new InsightsRange(new(2020, 1, 3), new(2020, 1, 9), InsightsStep.Day).Before(Now));

    [Theory]
    [InlineData("2026-12-28", "2027-01-03", InsightsStep.Week, 1)] // week 53
    [InlineData("2026-12-27", "2027-01-04", InsightsStep.Week, 3)]
    [InlineData("2026-12-31", "2027-01-01", InsightsStep.Month, 2)]
    [InlineData("2028-02-29", "2028-03-01", InsightsStep.Day, 2)]
    public void Buckets_EdgesOfYears_AreCutThere(string first, string last, InsightsStep step, int count) =>
        Assert.Equal(count, new InsightsRange(DateOnly.Parse(first, null), DateOnly.Parse(last, null), step).Buckets().Count);

    [Fact]
    public void Readable_ManyDays_BecomeWeeksAndMonths()
    {
        var days = new InsightsRange(new(2022, 1, 1), new(2022, 12, 31), InsightsStep.Day);
        Assert.Equal(InsightsStep.Week, days.Readable().Step);
        Assert.Equal(InsightsStep.Month, (days with { Last = new(2028, 12, 31) }).Readable().Step);
        Assert.Equal(InsightsStep.Day, (days with { Last = new(2022, 3, 31) }).Readable().Step);
    }
}
