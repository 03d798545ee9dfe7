using System.Text.RegularExpressions;

namespace VendorPortal.Reports.Insights;

/// <summary>
/// Which tag a version is: digests by the tag that was last seen to have them, the most exact where there are several. Variants of a release
/// (<c>1.25-alpine</c>, <c>v1.25</c>) are that release; a single number (<c>20260501</c>) is one only where no version has more.
/// </summary>
internal sealed partial class VersionTags
{
    private readonly IReadOnlyDictionary<int, string> names;
    private readonly IReadOnlyDictionary<long, string> digestOfPull;
    private readonly Dictionary<string, string> tagOf;
    private readonly Dictionary<int, string> nameOf;
    private readonly HashSet<string> aliases;
    private readonly bool hasDotted;

    /// <param name="names">Of versions.</param>
    /// <param name="digestsOfTags">The tags with the digests they have.</param>
    /// <param name="digestOfPull">The digests of pulls, as far as they are needed and known.</param>
    public VersionTags(IReadOnlyDictionary<int, string> names, IEnumerable<(string Tag, string Digest)> digestsOfTags, IReadOnlyDictionary<long, string> digestOfPull)
    {
        this.names = names;
        this.digestOfPull = digestOfPull;
        hasDotted = names.Values.Any(name => VersionOrder.IsVersion(name) && !IsSingle(name));
        var byDigest = digestsOfTags.GroupBy(pair => pair.Digest, pair => Folded(pair.Tag), StringComparer.Ordinal).ToList();
        tagOf = byDigest.ToDictionary(tags => tags.Key, BestOf, StringComparer.Ordinal);
        nameOf = names.ToDictionary(name => name.Key, name => tagOf.TryGetValue(name.Value, out var tag) ? tag : Folded(name.Value));
        aliases = byDigest.SelectMany(tags => tags.Where(tag => tag != tagOf[tags.Key])).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The release a tag is a variant of; itself where it is none, or a pre-release.</summary>
    public static string Folded(string name)
    {
        if (!VersionOrder.IsVersion(name))
            return name;
        var plain = name[0] is 'v' or 'V' ? name[1..] : name;
        if (PreRelease().IsMatch(plain))
            return plain;
        while (!VersionOrder.IsRelease(plain))
            plain = plain[..plain.LastIndexOf('-')];
        return plain;
    }

    /// <summary>What was asked for; a digest as its tag where it has one.</summary>
    public string Of(int version) => nameOf[version];

    /// <summary>What was asked for, as it was written.</summary>
    public string Asked(int version) => names[version];

    /// <summary>What a pull got: a tag that moves, such as <c>latest</c>, is the release it was then.</summary>
    public string Of(int version, long pull) => digestOfPull.TryGetValue(pull, out var digest) && tagOf.TryGetValue(digest, out var tag) ? tag : Of(version);

    /// <summary>True of a version that can be put in order among those of the artifact.</summary>
    public bool IsVersion(string name) => VersionOrder.IsVersion(name) && !(hasDotted && IsSingle(name));

    /// <summary>True of a version that is no second name of another, which moves with it.</summary>
    public bool IsFixed(string name) => IsVersion(name) && !aliases.Contains(name);

    /// <summary>True of such a version that is no pre-release.</summary>
    public bool IsRelease(string name) => IsFixed(name) && VersionOrder.IsRelease(name);

    // A release before a tag that moves, the exact one (1.4.2) before those that move with it (1.4).
    private string BestOf(IEnumerable<string> tags) =>
        tags.OrderByDescending(tag => IsVersion(tag) && VersionOrder.IsRelease(tag)).ThenByDescending(tag => tag.AsSpan().Count('.')).ThenBy(tag => tag, VersionOrder.NewestFirst).First();

    private static bool IsSingle(string name) => VersionOrder.Line(Folded(name), 1) == Folded(name);

    [GeneratedRegex(@"[-._](alpha|beta|rc|pre|preview|dev|snapshot|nightly)\d*([-._+]|\z)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PreRelease();
}
