using VendorPortal.Classification;

namespace VendorPortal.Reports;

/// <summary>
/// What a filter keeps of pulls that are no downloads of a customer: those of accounts that push to the repository, and those of
/// auxiliary tags (signatures, attestations, SBOMs).
/// </summary>
public enum PublisherPulls
{
    /// <summary>Leaves them out: the default.</summary>
    Exclude = 0,
    Include = 1,
    Only = 2,
}

/// <summary>
/// The one filter value: page, count, options, API, CSV and command line read through it. Lists are "or" within and "and"
/// between; an empty list does not filter. Names are compared exactly; <see cref="None"/> stands for "unknown".
/// </summary>
public sealed record PullFilter
{
    /// <summary>The value that stands for an unknown customer, user or address.</summary>
    public const string None = "-";

    /// <summary>Keeps every pull that is not a publisher's own.</summary>
    public static readonly PullFilter Everything = new();

    /// <summary>First instant kept, UTC, inclusive.</summary>
    public DateTime? FromUtc { get; init; }

    /// <summary>First instant no longer kept, UTC, exclusive.</summary>
    public DateTime? ToUtc { get; init; }

    /// <summary>Names of customers.</summary>
    public FilterValues Customers { get; init; } = FilterValues.Empty;

    /// <summary>Principals of users.</summary>
    public FilterValues Users { get; init; } = FilterValues.Empty;

    /// <summary>IP addresses or CIDR ranges, in canonical text.</summary>
    public FilterValues Addresses { get; init; } = FilterValues.Empty;

    /// <summary>Names of artifacts, <c>namespace/name</c>.</summary>
    public FilterValues Artifacts { get; init; } = FilterValues.Empty;

    /// <summary>Tags or digests as clients asked for them.</summary>
    public FilterValues Versions { get; init; } = FilterValues.Empty;

    /// <summary>Kinds, in wire form (<see cref="KindNames"/>).</summary>
    public FilterValues Kinds { get; init; } = FilterValues.Empty;

    public PublisherPulls Publishers { get; init; }

    /// <summary>True where nothing is filtered beyond the default.</summary>
    public bool IsDefault => this == Everything;
}

/// <summary>The dimensions whose values can be listed and picked.</summary>
public enum FilterDimension
{
    Customer,
    User,
    Address,
    Artifact,
    Version,
    Kind,
}

/// <summary>The wire names of <see cref="PullKind"/>.</summary>
public static class KindNames
{
    public const string PullByTag = "pull_by_tag";
    public const string PullByDigest = "pull_by_digest";
    public const string VersionCheck = "version_check";
    public const string Denied = "denied";

    public static readonly IReadOnlyList<string> All = [PullByTag, PullByDigest, VersionCheck, Denied];

    public static string Of(PullKind kind) => All[(int)kind - 1];

    public static bool TryParse(string name, out PullKind kind)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (string.Equals(All[i], name, StringComparison.OrdinalIgnoreCase))
            {
                kind = (PullKind)(i + 1);
                return true;
            }
        }

        kind = default;
        return false;
    }
}
