using System.Globalization;

namespace VendorPortal.Components.Controls;

/// <summary>The last ranges of days that were chosen in a browser, the newest first; kept by the browser itself, as text.</summary>
public static class RecentRanges
{
    /// <summary>The key under which the browser keeps them.</summary>
    public const string Key = "ranges";

    /// <summary>How many are kept.</summary>
    public const int Most = 4;

    private const string Open = "..";
    private const int MostText = 200;

    /// <summary>The ranges with another one in front; those that fall out at the end are the oldest.</summary>
    public static IReadOnlyList<DayRange> Add(IReadOnlyList<DayRange> recent, DayRange range) =>
        range == DayRange.AllTime ? recent : [.. recent.Where(other => other != range).Prepend(range).Take(Most)];

    /// <summary>What the browser keeps: intervals of ISO 8601, <c>2026-05-02/2026-05-10</c>, with <c>..</c> for an open end.</summary>
    public static string Format(IEnumerable<DayRange> ranges) => string.Join(' ', ranges.Select(range => $"{Text(range.First)}/{Text(range.Last)}"));

    /// <summary>The ranges of a text; what is none is left out. A browser keeps what it likes.</summary>
    public static IReadOnlyList<DayRange> Parse(string? text)
    {
        if (text is not { Length: > 0 and <= MostText })
            return [];
        var found = new List<DayRange>();
        foreach (var part in text.Split(' '))
        {
            if (part.Split('/') is [var first, var last] && TryDay(first, out var from) && TryDay(last, out var to) && !(from > to) && new DayRange(from, to) is var range && range != DayRange.AllTime)
                found.Add(range);
        }

        return [.. found.Distinct().Take(Most)];
    }

    private static string Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? Open;

    private static bool TryDay(string text, out DateOnly? day)
    {
        var isDay = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed);
        day = isDay ? parsed : null;
        return isDay || text == Open;
    }
}
