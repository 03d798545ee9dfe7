using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>What the page shows: a filter and, where its range was chosen by name, that name. A named range moves with the clock.</summary>
public sealed record PageFilter(PullFilter Filter, Period? Period = null);

/// <summary>
/// A range with a name that says where it stands: today, the last 7 days. Those that reach today stay open at the end, so that new pulls still
/// belong to them. Pages keep the name in their address: a link to the last 7 days means those of the day it is opened.
/// </summary>
public sealed class Period
{
    /// <summary>The ranges offered by name. Beside them there is the whole log, which has no range, and any two days.</summary>
    public static readonly IReadOnlyList<Period> All =
    [
        new("today", "Today", today => new(today, null)),
        new("yesterday", "Yesterday", today => new(today.AddDays(-1), today.AddDays(-1))),
        new("24h", "Last 24 hours", null),
        new("7d", "Last 7 days", today => new(today.AddDays(-6), null)),
        new("30d", "Last 30 days", today => new(today.AddDays(-29), null)),
        new("90d", "Last 90 days", today => new(today.AddDays(-89), null)),
        new("month", "Month to date", today => new(FirstOfMonth(today), null)),
        new("last-month", "Last month", today => new(FirstOfMonth(today).AddMonths(-1), FirstOfMonth(today).AddDays(-1))),
        new("12m", "Last 12 months", today => new(today.AddYears(-1).AddDays(1), null)),
    ];

    private static readonly TimeSpan Rolling = TimeSpan.FromHours(24);

    private readonly Func<DateOnly, DayRange>? days;

    private Period(string token, string name, Func<DateOnly, DayRange>? days)
    {
        Token = token;
        Name = name;
        this.days = days;
    }

    /// <summary>What the address of a page says.</summary>
    public string Token { get; }

    /// <summary>What people read.</summary>
    public string Name { get; }

    /// <summary>The period of a token in any case; null where there is none.</summary>
    public static Period? Find(string token) => All.FirstOrDefault(period => string.Equals(period.Token, token, StringComparison.OrdinalIgnoreCase));

    /// <summary>The first period that covers just these days.</summary>
    public static Period? Of(DayRange range, DateOnly today) => All.FirstOrDefault(period => period.days?.Invoke(today) == range);

    /// <summary>The filter with this range in place of its own. Hours count back from the last full minute.</summary>
    public PullFilter ApplyTo(PullFilter filter, TimeZoneInfo zone, DateTime nowUtc) => days is null
        ? filter with { FromUtc = nowUtc.AddTicks(-(nowUtc.Ticks % TimeSpan.TicksPerMinute)) - Rolling, ToUtc = null }
        : days(ZoneDays.DayOf(nowUtc, zone)).ApplyTo(filter, zone);

    /// <summary>The range before or after the one shown, as long as it: in months where it is whole months, else in days or hours. Null where there is none.</summary>
    public static PageFilter? Step(PullFilter filter, TimeZoneInfo zone, DateTime nowUtc, bool forward)
    {
        if (filter.FromUtc is not { } from || (forward && (filter.ToUtc is null || filter.ToUtc >= nowUtc)))
            return null;
        if (!DayRange.IsOf(filter, zone))
            return StepTime(filter, from, filter.ToUtc ?? nowUtc, forward);
        var today = ZoneDays.DayOf(nowUtc, zone);
        var range = DayRange.Of(filter, zone);
        if (range.First > today)
            return null;
        var next = Step(range.First!.Value, Min(range.Last ?? today, forward ? DateOnly.MaxValue : today), today, forward);
        if (next.Last >= today)
            next = next with { Last = null }; // what comes in still belongs to it
        var stepped = next.ApplyTo(filter, zone);
        return new PageFilter(stepped, Of(next, today));
    }

    private static PageFilter? StepTime(PullFilter filter, DateTime from, DateTime to, bool forward)
    {
        var length = to - from;
        if (!forward && from.Ticks < length.Ticks)
            return null;
        return new PageFilter(forward ? filter with { FromUtc = to, ToUtc = to + length } : filter with { FromUtc = from - length, ToUtc = from });
    }

    private static DayRange Step(DateOnly first, DateOnly last, DateOnly today, bool forward)
    {
        var end = first.Day == 1 && first < today && last == today && first.Month == today.Month && first.Year == today.Year
            ? first.AddMonths(1) // the month so far stands for the month
            : last.AddDays(1);
        var months = ((end.Year - first.Year) * 12) + end.Month - first.Month;
        var isMonths = months > 0 && first.AddMonths(months) == end;
        if (forward)
            return new DayRange(end, (isMonths ? end.AddMonths(months) : end.AddDays(end.DayNumber - first.DayNumber)).AddDays(-1));
        return new DayRange(isMonths ? first.AddMonths(-months) : first.AddDays(first.DayNumber - end.DayNumber), first.AddDays(-1));
    }

    private static DateOnly Min(DateOnly a, DateOnly b) => a < b ? a : b;

    private static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);
}
