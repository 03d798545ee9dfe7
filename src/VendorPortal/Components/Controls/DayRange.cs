using System.Globalization;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>A range of days in the member's zone, both ends inclusive; null is open.</summary>
public sealed record DayRange(DateOnly? First, DateOnly? Last)
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    public static readonly DayRange AllTime = new(null, null);

    /// <summary>The days a filter covers; an end within a day counts that day.</summary>
    public static DayRange Of(PullFilter filter, TimeZoneInfo zone) => new(
        filter.FromUtc is { } from ? ZoneDays.DayOf(from, zone) : null,
        filter.ToUtc is { } to ? ZoneDays.DayOf(to > DateTime.MinValue ? to.AddTicks(-1) : to, zone) : null);

    /// <summary>The filter with this range in place of its own.</summary>
    public PullFilter ApplyTo(PullFilter filter, TimeZoneInfo zone) => filter with
    {
        FromUtc = First is { } first ? ZoneDays.StartOf(first, zone) : null,
        ToUtc = Last is { } last ? ZoneDays.EndOf(last, zone) : null,
    };

    /// <summary>True where a filter covers whole days, so that nothing is lost when it is told in days.</summary>
    public static bool IsOf(PullFilter filter, TimeZoneInfo zone)
    {
        var whole = Of(filter, zone).ApplyTo(filter, zone);
        return whole.FromUtc == filter.FromUtc && whole.ToUtc == filter.ToUtc;
    }

    /// <summary>The range in words: its name, or its days.</summary>
    public static string Describe(PullFilter filter, MemberClock clock, Period? period = null)
    {
        if (period is not null)
            return period.Name;
        if (!IsOf(filter, clock.Zone))
            return $"{Instant(filter.FromUtc, clock) ?? "…"} – {Instant(filter.ToUtc, clock) ?? "now"}";
        var range = Of(filter, clock.Zone);
        return Period.Of(range, clock.Today)?.Name ?? range.InDays();
    }

    /// <summary>The days in words, without a name.</summary>
    public string InDays() => (First, Last) switch
    {
        ({ } first, null) => $"Since {Day(first)}",
        (null, { } last) => $"Until {Day(last)}",
        ({ } first, { } last) when first == last => Day(first),
        ({ } first, { } last) when first.Year == last.Year => $"{first.ToString("d MMM", English)} – {Day(last)}",
        ({ } first, { } last) => $"{Day(first)} – {Day(last)}",
        _ => "All time",
    };

    private static string Day(DateOnly day) => day.ToString("d MMM yyyy", English);

    private static string? Instant(DateTime? utc, MemberClock clock) =>
        utc is { } at ? TimeZoneInfo.ConvertTimeFromUtc(at, clock.Zone).ToString("d MMM yyyy HH:mm", English) : null;
}
