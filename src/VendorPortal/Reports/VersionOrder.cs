using System.Text.RegularExpressions;

namespace VendorPortal.Reports;

/// <summary>
/// The order of versions in lists, newest first: versions by the precedence of Semantic Versioning 2 (a leading <c>v</c>, missing and
/// additional parts and calendar versions understood; pre-releases below their release), then other tags by name, then digests.
/// </summary>
public sealed partial class VersionOrder : IComparer<string>
{
    /// <summary>Sorts newest first.</summary>
    public static readonly VersionOrder NewestFirst = new();

    private VersionOrder()
    {
    }

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return Comparer<bool>.Default.Compare(x is null, y is null); // absent last
        var (a, b) = (Parse(x), Parse(y));
        var rank = Rank(x, a).CompareTo(Rank(y, b));
        if (rank != 0)
            return rank;
        var precedence = a is not null && b is not null ? Precedence(b, a) : string.Compare(x, y, StringComparison.OrdinalIgnoreCase);
        return precedence != 0 ? precedence : string.CompareOrdinal(x, y);
    }

    /// <summary>True of what can be put in order: not of other tags and digests.</summary>
    public static bool IsVersion(string text) => Parse(text) is not null;

    /// <summary>True of a version that is no pre-release.</summary>
    public static bool IsRelease(string text) => Parse(text) is { PreRelease: null };

    /// <summary>What a version belongs to by its first <paramref name="parts"/> numbers: 3.2.x of 3.2.1 and 2; itself where it has no more, or is no version.</summary>
    public static string Line(string text, int parts) =>
        Parse(text) is { } parsed && parsed.Numbers.Length > parts ? string.Join('.', parsed.Numbers.Take(parts)) + ".x" : text;

    private static int Rank(string text, Parsed? parsed) => parsed is not null ? 0 : PullRows.IsDigest(text) ? 2 : 1;

    private static Parsed? Parse(string text)
    {
        var match = Version().Match(text);
        if (!match.Success)
            return null;
        var numbers = match.Groups["numbers"].Value.Split('.', '-');
        var pre = match.Groups["pre"];
        return new Parsed(numbers, pre.Success ? pre.Value.Split('.') : null);
    }

    private static int Precedence(Parsed a, Parsed b)
    {
        for (var i = 0; i < Math.Max(a.Numbers.Length, b.Numbers.Length); i++)
        {
            var part = CompareNumbers(Part(a, i), Part(b, i));
            if (part != 0)
                return part;
        }

        if (a.PreRelease is null || b.PreRelease is null)
            return Comparer<bool>.Default.Compare(a.PreRelease is null, b.PreRelease is null);
        for (var i = 0; i < Math.Min(a.PreRelease.Length, b.PreRelease.Length); i++)
        {
            var part = CompareIdentifiers(a.PreRelease[i], b.PreRelease[i]);
            if (part != 0)
                return part;
        }

        return a.PreRelease.Length.CompareTo(b.PreRelease.Length);

        static string Part(Parsed parsed, int index) => index < parsed.Numbers.Length ? parsed.Numbers[index] : "0";
    }

    private static int CompareIdentifiers(string a, string b)
    {
        var (aIsNumber, bIsNumber) = (IsNumber(a), IsNumber(b));
        if (aIsNumber && bIsNumber)
            return CompareNumbers(a, b);
        if (aIsNumber != bIsNumber)
            return aIsNumber ? -1 : 1;
        return Math.Sign(string.CompareOrdinal(a, b));
    }

    // Of any length: build numbers and times do not all fit an integer.
    private static int CompareNumbers(string a, string b)
    {
        var x = a.AsSpan().TrimStart('0');
        var y = b.AsSpan().TrimStart('0');
        return x.Length != y.Length ? x.Length.CompareTo(y.Length) : Math.Sign(x.CompareTo(y, StringComparison.Ordinal));
    }

    private static bool IsNumber(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    // A date with dashes is a calendar version, not the year with a pre-release.
    [GeneratedRegex(@"^[vV]?(?<numbers>(19|20)\d{2}-\d{2}(-\d{2})?|\d+(\.\d+)*)(-(?<pre>[0-9A-Za-z_.-]+))?(\+[0-9A-Za-z.-]+)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Version();

    private sealed record Parsed(string[] Numbers, string[]? PreRelease);
}
