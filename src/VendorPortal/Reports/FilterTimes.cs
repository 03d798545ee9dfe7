using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace VendorPortal.Reports;

/// <summary>Times of the filter as text: bare dates, which are days of a zone, and RFC 3339 instants.</summary>
internal static partial class FilterTimes
{
    public const string Accepted = "a date such as 2026-05-01, or an RFC 3339 instant such as 2026-05-01T10:00:00Z";

    /// <summary>Reads the start or, with <paramref name="isEnd"/>, the exclusive end of a range; a bare date as an end means through that day.</summary>
    public static bool TryParse(string text, bool isEnd, TimeZoneInfo zone, out DateTime utc)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            utc = isEnd ? ZoneDays.EndOf(day, zone) : ZoneDays.StartOf(day, zone);
            return true;
        }

        return TryParseInstant(text, out utc);
    }

    /// <summary>An instant in full precision, without trailing zeros.</summary>
    public static string Format(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static string Format(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Finds a zone by its IANA name. The form is checked first: the platform would look for a file of any name.</summary>
    public static bool TryFindZone(string id, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return id.Length <= 64 && ZoneName().IsMatch(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone);
    }

    private static bool TryParseInstant(string text, out DateTime utc)
    {
        utc = default;
        var match = Instant().Match(text);
        if (!match.Success)
            return false;
        // A plus sign that was not encoded arrives as a space.
        var offset = match.Groups["offset"].Value.ToUpperInvariant().Replace(' ', '+');
        var fraction = match.Groups["fraction"].Value;
        var canonical = $"{match.Groups["day"].Value}T{match.Groups["time"].Value}{fraction[..Math.Min(fraction.Length, 8)]}{offset}";
        if (!DateTimeOffset.TryParse(canonical, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
            return false;
        utc = instant.UtcDateTime;
        return true;
    }

    [GeneratedRegex(@"^(?<day>\d{4}-\d{2}-\d{2})[Tt ](?<time>\d{2}:\d{2}:\d{2})(?<fraction>\.\d{1,9})?(?<offset>[Zz]|[-+ ]\d{2}:\d{2})\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Instant();

    [GeneratedRegex(@"^[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ZoneName();
}
