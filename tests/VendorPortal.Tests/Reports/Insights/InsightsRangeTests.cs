using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Tests.Reports.Insights;

public sealed class InsightsRangeTests
{
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
        var before = range.Before()!;
        Assert.True(before.Last < range.First);
        if (before.First == InsightsRange.Oldest)
            return;
        Assert.Equal(range.Buckets().Count, before.Buckets().Count);
        if (range.Step != InsightsStep.Month)
            Assert.Equal(range.Last.DayNumber - range.First.DayNumber, before.Last.DayNumber - before.First.DayNumber);
    }));

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
