namespace VendorPortal.Reports.Insights;

/// <summary>Which customers a list of an adoption has.</summary>
public enum AdoptionWho
{
    /// <summary>All that ever pulled the artifact.</summary>
    Everyone,

    /// <summary>Those that pulled a version lately.</summary>
    StillPulling,

    /// <summary>Those that pulled neither a version nor a newer one, as far as that is known.</summary>
    Without,

    /// <summary>Those that pulled nothing lately.</summary>
    Silent,
}

/// <summary>What is asked of an adoption; <paramref name="Version"/> is what two of the lists are about, the newest release without one. The list is in the order of who is furthest behind.</summary>
public sealed record AdoptionQuery(string Artifact, InsightsRange Range, AdoptionWho Who, string? Version, string? Search, int Skip, int Take)
{
    /// <summary>What "lately" means: so long before the end of the range, or of what has passed of it.</summary>
    public static readonly TimeSpan Lately = TimeSpan.FromDays(30);
}

/// <summary>
/// A version, whose digests count as the tag they have (<paramref name="Asked"/> is what was asked for): its first pull by anybody, which is when it was there at the latest, its pulls in each bucket
/// and by customers, how many customers pulled it, how many pulled nothing since, and the median of days from its first pull to theirs.
/// </summary>
public sealed record AdoptionVersion(
    string Name, IReadOnlyList<string> Asked, bool IsRelease, DateTime FirstUtc, DateTime LastUtc, long Pulls, IReadOnlyList<long> ByBucket, int Customers, int Current, double? MedianDays);

/// <summary>
/// A customer, what it pulled last (<paramref name="Asked"/>), which release that was, since when it pulls that (null where only a tag that moves led to it), and how many
/// releases are newer: null where what it pulled is no release that can be put in order.
/// </summary>
public sealed record AdoptionCustomer(string Name, string Asked, string Release, DateTime? SinceUtc, DateTime LastUtc, int? Behind, long Pulls);

/// <summary>
/// Who is where with an artifact: its versions, newest first, and some of the customers asked for. <paramref name="UnknownPulls"/> are of no known
/// customer: they are in the buckets and in no list. <paramref name="Version"/> is what two of the lists are about; <paramref name="NotKnown"/> customers
/// have pulled something since it was there that may have been it, such as <c>latest</c>, and are not said to be without it. The customers are those from
/// <paramref name="First"/> on, which is 0 for the first of the <paramref name="Matching"/>.
/// </summary>
public sealed record Adoption(
    IReadOnlyList<InsightsBucket> Buckets, IReadOnlyList<AdoptionVersion> Versions, string? Newest, string? Version, IReadOnlyList<AdoptionCustomer> Customers, int First, int Matching,
    int Everyone, int UpToDate, int Behind, int Silent, int NotKnown, long UnknownPulls);
