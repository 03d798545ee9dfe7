using System.Globalization;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>A range of days in the member's zone, both ends inclusive; null is open.</summary>
public sealed record DayRange(DateOnly? First, DateOnly? Last)
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    public static readonly DayRange AllTime = new(null, null);

    /// <summary>The ranges offered by name. Those that reach today stay open at the end, so that new pulls still belong to them.</summary>
    public static IReadOnlyList<(string Name, DayRange Range)> Presets(DateOnly today)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        return
        [
            ("Today", new(today, null)),
            ("Yesterday", new(today.AddDays(-1), today.AddDays(-1))),
            ("Last 7 days", new(today.AddDays(-6), null)),
            ("Last 30 days", new(today.AddDays(-29), null)),
            ("Last 90 days", new(today.AddDays(-89), null)),
            ("Month to date", new(month, null)),
            ("Last month", new(month.AddMonths(-1), month.AddDays(-1))),
            ("Last 12 months", new(today.AddYears(-1).AddDays(1), null)),
            ("All time", AllTime),
        ];
    }

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

    /// <summary>The range in words: its preset's name, or its days.</summary>
    public static string Describe(PullFilter filter, MemberClock clock)
    {
        var range = Of(filter, clock.Zone);
        var whole = range.ApplyTo(filter, clock.Zone);
        if (whole.FromUtc != filter.FromUtc || whole.ToUtc != filter.ToUtc)
            return $"{Instant(filter.FromUtc, clock) ?? "…"} – {Instant(filter.ToUtc, clock) ?? "now"}";
        var preset = Presets(clock.Today).FirstOrDefault(p => p.Range == range).Name;
        return preset ?? range.InDays();
    }

    private string InDays() => (First, Last) switch
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
