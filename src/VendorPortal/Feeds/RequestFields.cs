using System.Buffers;
using System.Globalization;
using System.Text;
using VendorPortal.Enrichment;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>
/// Limits and checks of the fields that every format shares. Structure is refused with a reason that names field and accepted form;
/// free text is cleaned of control characters and clamped.
/// </summary>
internal static class RequestFields
{
    /// <summary>Longest accepted event id, in characters.</summary>
    public const int MaxEventId = 256;

    /// <summary>Longest tag: the distribution specification's limit.</summary>
    public const int MaxTag = 128;

    /// <summary>How far ahead of the portal's clock an event may be.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromHours(1);

    private static readonly SearchValues<char> TagCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    private static readonly SearchValues<char> DigestHex = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Null where the time is usable, else the reason.</summary>
    public static string? CheckTime(string field, DateTime atUtc, DateTime nowUtc)
    {
        if (atUtc < PullIds.Epoch)
            return $"{field} lies before 2020-01-01, the first day the portal keeps";
        return atUtc > nowUtc + MaxAhead ? $"{field} lies more than an hour in the future; check the clock of the registry" : null;
    }

    /// <summary>A time of RFC 3339 as UTC. Without an offset it could be any time, so it is none.</summary>
    public static DateTime? Time(string? text)
    {
        if (text is null || text.Length is < 11 or > 64 || text[10] != 'T')
            return null;
        var zone = text.AsSpan(11).LastIndexOfAny("Zz+-") + 11;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && zone - dot - 1 > 7)
            text = text.Remove(dot + 8, zone - dot - 8); // beyond 100 ns
        return zone > 11 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at.UtcDateTime : null;
    }

    public static string? CheckRepository(string field, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return $"{field} is missing";
        if (value.Length > Artifact.MaxName)
            return $"{field} is longer than {Artifact.MaxName} characters";
        return HasControlOrSpace(value) ? $"{field} has spaces or control characters" : null;
    }

    /// <summary>The form of the distribution specification; so a tag is never taken for a digest.</summary>
    public static string? CheckTag(string field, string value)
    {
        if (value.Length > MaxTag)
            return $"{field} is longer than {MaxTag} characters";
        return value.AsSpan().ContainsAnyExcept(TagCharacters) ? $"{field} has characters other than letters, digits, '_', '.' and '-'" : null;
    }

    /// <summary>The form of the distribution specification: <c>algorithm:hex</c>.</summary>
    public static bool IsDigest(string? value)
    {
        if (value is null || value.Length > ArtifactVersion.MaxName)
            return false;
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && value.Length - colon - 1 >= 32 && !value.AsSpan(colon + 1).ContainsAnyExcept(DigestHex) && !HasControlOrSpace(value);
    }

    /// <summary>Free text: control characters out, clamped, null where nothing is left.</summary>
    public static string? Clean(string? value, int max)
    {
        if (string.IsNullOrEmpty(value))
            return null;
        if (value.Length <= max && !value.Any(char.IsControl))
            return value.Trim() is { Length: > 0 } trimmed ? trimmed : null;

        var builder = new StringBuilder(Math.Min(value.Length, max));
        foreach (var rune in value.EnumerateRunes()) // by rune: a clamp never cuts a surrogate pair
        {
            if (Rune.IsControl(rune))
                continue;
            if (builder.Length + rune.Utf16SequenceLength > max)
                break;
            builder.Append(rune.ToString());
        }

        var text = builder.ToString().Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>16 bytes, or null where the text is no address (empty, <c>unix:</c>, a host name).</summary>
    public static byte[]? Address(string? value) => IpAddressText.Parse(value);

    private static bool HasControlOrSpace(string value) => value.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
}
