using System.Text;
using System.Text.RegularExpressions;

namespace VendorPortal.Journal;

/// <summary>The beginning of a refused event as people may see it: control characters shown as '·', clamped, secrets masked.</summary>
public static partial class EventSample
{
    /// <summary>Longest sample, in characters.</summary>
    public const int MaxLength = 300;

    // Read further than shown: a secret that begins inside the sample is masked whole.
    private const int MaxBytes = 2_000;

    private const string Mask = "***";

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaxBytes)]));
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || text[i] == '\uFFFD')
                text[i] = '·';
        }

        var masked = Assigned().Replace(Scheme().Replace(UserInfo().Replace(Jwt().Replace(text.ToString(), Mask), $"//{Mask}@"), $"${{scheme}} {Mask}"), $"${{name}}{Mask}");
        if (masked.Length <= MaxLength)
            return masked;
        return string.Concat(masked.AsSpan(0, char.IsHighSurrogate(masked[MaxLength - 2]) ? MaxLength - 2 : MaxLength - 1), "…");
    }

    [GeneratedRegex(@"\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Jwt();

    [GeneratedRegex(@"//[^/@\s""]+@", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b(?<scheme>Bearer|Basic)\s+[^\s""',]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"(?<name>(pass(word|wd)?|secret|token|api[_-]?key|access[_-]?key|signature|credential|sig)[\w-]*\\?[""']?\s*[=:]\s*\\?[""']?)[^\s""'&,;\\]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assigned();
}
