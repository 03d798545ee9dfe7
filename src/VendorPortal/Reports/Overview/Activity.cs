using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports.Overview;

/// <summary>What a breakdown has a line for.</summary>
public enum ActivityGroup
{
    Artifact,
    Customer,

    /// <summary>Tags and digests as clients asked for them.</summary>
    Version,

    /// <summary>Versions that are tags.</summary>
    Tag,

    /// <summary>Versions that are digests.</summary>
    Digest,
    User,
    Address,
}

/// <summary>What a breakdown is ordered by.</summary>
public enum ActivitySort
{
    Downloads,
    Change,
    Last,
    Counted,

    /// <summary>Versions by <see cref="VersionOrder"/>, newest first; everything else from A to Z.</summary>
    Name,
}

/// <summary>
/// Which lines of a breakdown are asked for. Each counts its different <paramref name="Counted"/>. Those without downloads are among them where
/// <paramref name="WithIdle"/> says so, of artifacts and customers.
/// </summary>
public sealed record ActivityQuery(ActivityGroup Group, ActivityGroup Counted, ActivitySort Sort, bool Ascending, string? Search, int Skip, int Take, bool WithIdle = false)
{
    /// <summary>Of artifacts: only those of a kind.</summary>
    public ArtifactKind? Kind { get; init; }
}

/// <summary>
/// A line of a breakdown: <paramref name="Name"/> as filters know it (<see cref="PullFilter.None"/> for what is unknown), the artifact of a version, its downloads in
/// the range and in each bucket, in the days before (null where they are not known), and when the last one was: the last of all up to the end of the range.
/// </summary>
public sealed record ActivityLine(int Id, string Name, string? Artifact, long Downloads, long? Before, long Counted, DateTime? LastUtc, IReadOnlyList<long> ByBucket)
{
    /// <summary>Of an artifact.</summary>
    public KnownKind? Kind { get; init; }

    /// <summary>Of a tag: what its last download got, where the feed has told.</summary>
    public string? Digest { get; init; }

    /// <summary>Of a user: the person.</summary>
    public string? Person { get; init; }

    /// <summary>The share by which downloads grew; null where there is nothing to compare with.</summary>
    public double? Change => Before is > 0 and var before ? (double)(Downloads - before) / before : null;
}

/// <summary>Some lines of a breakdown from its line <paramref name="First"/> on, which is 0 for the first one; and how many it has, with how many downloads.</summary>
public sealed record ActivityPage(IReadOnlyList<ActivityLine> Lines, int First, int Total, long Downloads);
