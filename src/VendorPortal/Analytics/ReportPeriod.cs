using System.Globalization;
using VendorPortal.Reports;

namespace VendorPortal.Analytics;

/// <summary>What a report covers, in UTC.</summary>
public enum ReportTimespan
{
    /// <summary>ISO 8601 weeks, Monday to Sunday.</summary>
    Weeks = 1,

    /// <summary>Calendar months.</summary>
    Months = 2,
}

/// <summary>A week or month by its number. The year of a week is its week-year: 2026-12-28 to 2027-01-03 is week 53 of 2026.</summary>
public readonly record struct ReportPeriod
{
    /// <summary>The first (week-)year that a pull can be of.</summary>
    public const int FirstYear = 2019;

    /// <summary>The last year there are periods of.</summary>
    public const int LastYear = 2100;

    private ReportPeriod(ReportTimespan timespan, int year, int number, DateOnly firstDay) =>
        (Timespan, Year, Number, FirstDay) = (timespan, year, number, firstDay);

    public ReportTimespan Timespan { get; }

    public int Year { get; }

    /// <summary>1 to 53, or 1 to 12.</summary>
    public int Number { get; }

    public DateOnly FirstDay { get; }

    /// <summary>Inclusive; a Sunday for weeks.</summary>
    public DateOnly LastDay => (Timespan == ReportTimespan.Weeks ? FirstDay.AddDays(7) : FirstDay.AddMonths(1)).AddDays(-1);

    /// <summary>The first instant of the period.</summary>
    public DateTime FromUtc => FirstDay.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>The first instant after it.</summary>
    public DateTime ToUtc => LastDay.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    public ReportPeriod Previous => Of(Timespan, FirstDay.AddDays(-1));

    /// <summary>The period that a day lies in.</summary>
    public static ReportPeriod Of(ReportTimespan timespan, DateOnly day)
    {
        if (timespan == ReportTimespan.Months)
            return new ReportPeriod(timespan, day.Year, day.Month, new DateOnly(day.Year, day.Month, 1));
        return new ReportPeriod(timespan, ISOWeek.GetYear(day), ISOWeek.GetWeekOfYear(day), day.AddDays(-(((int)day.DayOfWeek + 6) % 7)));
    }

    /// <summary>Null where the year has no such week or month, or no pull can be of it.</summary>
    public static ReportPeriod? Find(ReportTimespan timespan, int year, int number)
    {
        if (year is < FirstYear or > LastYear || number < 1 || number > (timespan == ReportTimespan.Weeks ? ISOWeek.GetWeeksInYear(year) : 12))
            return null;
        return Of(timespan, timespan == ReportTimespan.Weeks ? ISOWeek.ToDateOnly(year, number, DayOfWeek.Monday) : new DateOnly(year, number, 1));
    }

    /// <summary><c>2026-W18</c> or <c>2026-05</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{(Timespan == ReportTimespan.Weeks ? "W" : "")}{Number:00}");

    /// <summary>The range of the period as a filter, with what is downloaded by customers: nothing denied, no publishers' own pulls, no signatures.</summary>
    internal PullFilter ToFilter(IEnumerable<string> artifacts, params ReadOnlySpan<string> kinds) => new()
    {
        FromUtc = FromUtc,
        ToUtc = ToUtc,
        Artifacts = FilterValues.From(artifacts),
        Kinds = FilterValues.From(kinds.ToArray()),
    };
}
