using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Analytics;

namespace VendorPortal.Tests.Analytics;

public sealed class ReportPeriodTests
{
    [Theory]
    [InlineData("2026-12-27", 2026, 52, "2026-12-21", "2026-12-27")]
    [InlineData("2026-12-28", 2026, 53, "2026-12-28", "2027-01-03")]
    [InlineData("2027-01-03", 2026, 53, "2026-12-28", "2027-01-03")]
    [InlineData("2027-01-04", 2027, 1, "2027-01-04", "2027-01-10")]
    [InlineData("2025-12-29", 2026, 1, "2025-12-29", "2026-01-04")]
    [InlineData("2024-02-29", 2024, 9, "2024-02-26", "2024-03-03")]
    public void Week_OfADay_IsTheIsoWeekOfItsWeekYear(string day, int year, int number, string first, string last)
    {
        var period = ReportPeriod.Of(ReportTimespan.Weeks, Day(day));

        Assert.Equal((year, number, Day(first), Day(last)), (period.Year, period.Number, period.FirstDay, period.LastDay));
        Assert.Equal(period, ReportPeriod.Find(ReportTimespan.Weeks, year, number));
    }

    [Theory]
    [InlineData("2026-02-28", 2026, 2, "2026-02-01", "2026-02-28")]
    [InlineData("2024-02-29", 2024, 2, "2024-02-01", "2024-02-29")]
    [InlineData("2026-12-31", 2026, 12, "2026-12-01", "2026-12-31")]
    public void Month_OfADay_IsTheCalendarMonth(string day, int year, int number, string first, string last)
    {
        var period = ReportPeriod.Of(ReportTimespan.Months, Day(day));

        Assert.Equal((year, number, Day(first), Day(last)), (period.Year, period.Number, period.FirstDay, period.LastDay));
        Assert.Equal(period, ReportPeriod.Find(ReportTimespan.Months, year, number));
    }

    [Theory]
    [InlineData(ReportTimespan.Weeks, 2026, 54)]
    [InlineData(ReportTimespan.Weeks, 2025, 53)]
    [InlineData(ReportTimespan.Weeks, 2026, 0)]
    [InlineData(ReportTimespan.Months, 2026, 13)]
    [InlineData(ReportTimespan.Months, 0, 1)]
    [InlineData(ReportTimespan.Weeks, int.MaxValue, 1)]
    public void Find_NoSuchPeriod_IsNull(ReportTimespan timespan, int year, int number) => Assert.Null(ReportPeriod.Find(timespan, year, number));

    [Fact]
    public void Periods_OfAnyDay_HoldItAndFollowEachOtherWithoutGaps() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(Gen.Choose(0, 6000).ToArbitrary(), offset =>
        {
            var day = new DateOnly(2020, 1, 1).AddDays(offset);
            foreach (var timespan in Enum.GetValues<ReportTimespan>())
            {
                var period = ReportPeriod.Of(timespan, day);
                Assert.InRange(day, period.FirstDay, period.LastDay);
                var next = ReportPeriod.Of(timespan, period.LastDay.AddDays(1));
                Assert.Equal(period.ToUtc, next.FromUtc);
                Assert.Equal(period.FromUtc, period.Previous.ToUtc);
                Assert.Equal(period, next.Previous);
                Assert.Equal(TimeSpan.Zero, period.FromUtc.TimeOfDay);
                if (timespan == ReportTimespan.Weeks)
                    Assert.Equal((DayOfWeek.Monday, DayOfWeek.Sunday, 6), (period.FirstDay.DayOfWeek, period.LastDay.DayOfWeek, period.LastDay.DayNumber - period.FirstDay.DayNumber));
            }
        }));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
