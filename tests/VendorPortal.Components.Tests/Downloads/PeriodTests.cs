using System.Globalization;
using VendorPortal.Components.Controls;
using VendorPortal.Reports;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class PeriodTests
{
    // Clocks go forward on 29 March 2026 in Berlin and on 8 March in New York, back on 25 October and on 1 November.
    [Theory]
    [InlineData("Europe/Berlin", "today", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", null)]
    [InlineData("Europe/Berlin", "yesterday", "2026-03-30T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")] // 23 hours
    [InlineData("Europe/Berlin", "yesterday", "2026-10-26T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")] // 25 hours
    [InlineData("Europe/Berlin", "7d", "2026-03-30T12:00:00Z", "2026-03-23T23:00:00Z", null)]
    [InlineData("Europe/Berlin", "24h", "2026-03-29T12:00:30Z", "2026-03-28T12:00:00Z", null)] // hours of a clock that is never changed
    [InlineData("Europe/Berlin", "month", "2026-04-02T12:00:00Z", "2026-03-31T22:00:00Z", null)]
    [InlineData("Europe/Berlin", "last-month", "2026-04-02T12:00:00Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z")]
    [InlineData("America/New_York", "today", "2026-03-09T03:00:00Z", "2026-03-08T05:00:00Z", null)] // still the 8th there
    [InlineData("America/New_York", "yesterday", "2026-03-09T12:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")] // 23 hours
    [InlineData("America/New_York", "yesterday", "2026-11-02T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")] // 25 hours
    [InlineData("America/New_York", "30d", "2026-11-02T12:00:00Z", "2026-10-04T04:00:00Z", null)]
    [InlineData("America/New_York", "12m", "2026-11-02T12:00:00Z", "2025-11-03T05:00:00Z", null)]
    public void Period_AtAClock_IsItsDaysInTheZone(string zone, string token, string now, string from, string? to)
    {
        var filter = Period.Find(token)!.ApplyTo(PullFilter.Everything, TimeZoneInfo.FindSystemTimeZoneById(zone), Utc(now));

        Assert.Equal((Utc(from), to is null ? null : Utc(to)), (filter.FromUtc!.Value, filter.ToUtc));
    }

    [Theory]
    [InlineData("today", "yesterday", "from=2026-05-19&to=2026-05-19")]
    [InlineData("yesterday", null, "from=2026-05-18&to=2026-05-18")]
    [InlineData("7d", null, "from=2026-05-07&to=2026-05-13")]
    [InlineData("month", "last-month", "from=2026-04-01&to=2026-04-30")]
    [InlineData("last-month", null, "from=2026-03-01&to=2026-03-31")]
    [InlineData("12m", null, "from=2024-05-21&to=2025-05-20")]
    [InlineData("24h", null, "from=2026-05-18T12:00:00Z&to=2026-05-19T12:00:00Z")]
    public void Step_Back_IsTheRangeBeforeAsLongAsIt(string token, string? name, string expected)
    {
        var step = Period.Step(Period.Find(token)!.ApplyTo(PullFilter.Everything, TimeZoneInfo.Utc, Now), TimeZoneInfo.Utc, Now, forward: false);

        Assert.Equal(expected, PullFilterUrl.Format(step!.Filter, TimeZoneInfo.Utc));
        Assert.Equal(name, step.Period?.Token);
    }

    [Theory]
    [InlineData("from=2026-05-19&to=2026-05-19", "today")]
    [InlineData("from=2026-05-07&to=2026-05-13", "7d")]
    [InlineData("from=2026-04-01&to=2026-04-30", "month")]
    [InlineData("from=2026-03-01&to=2026-03-31", "last-month")]
    public void Step_ForwardIntoARangeWithAName_IsThatRange(string query, string token)
    {
        var step = Period.Step(Read(query), TimeZoneInfo.Utc, Now, forward: true)!;

        // A month that has begun reaches to today.
        Assert.Equal(token, (step.Period ?? Period.Of(DayRange.Of(step.Filter, TimeZoneInfo.Utc), DateOnly.FromDateTime(Now)))?.Token);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("to=2026-05-01", false)]
    [InlineData("from=2026-05-01", true)]
    [InlineData("from=2026-05-20&to=2026-05-20", true)]
    public void Step_WhereThereIsNoSuchRange_IsNone(string query, bool forward) => Assert.Null(Period.Step(Read(query), TimeZoneInfo.Utc, Now, forward));

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28", 24, 23, 24)]
    [InlineData("Europe/Berlin", "2026-10-24", 24, 25, 24)]
    [InlineData("America/New_York", "2026-03-07", 24, 23, 24)]
    [InlineData("America/New_York", "2026-10-31", 24, 25, 24)]
    public void Step_DaysWhereClocksChange_AreWholeDaysWithoutGap(string zone, string day, params int[] hours)
    {
        var (place, now) = (TimeZoneInfo.FindSystemTimeZoneById(zone), Utc("2027-01-01T00:00:00Z"));
        var first = DateOnly.Parse(day, CultureInfo.InvariantCulture);
        var filter = new DayRange(first, first).ApplyTo(PullFilter.Everything, place);
        foreach (var expected in hours)
        {
            Assert.Equal(TimeSpan.FromHours(expected), filter.ToUtc - filter.FromUtc);
            var next = Period.Step(filter, place, now, forward: true)!.Filter;
            Assert.Equal(filter.ToUtc, next.FromUtc);
            Assert.Equal(filter, Period.Step(next, place, now, forward: false)!.Filter);
            filter = next;
        }
    }

    private static DateTime Now => DownloadsHost.Now;

    private static PullFilter Read(string query) => PullFilterUrl.Parse(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query), out _);

    private static DateTime Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime;
}
