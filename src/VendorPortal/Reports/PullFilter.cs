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
/// between; an empty list does not filter. Names are compared exactly; <see cref="None"/> stands for "unknown". What is in
/// <see cref="Not"/> is left out whatever else keeps it.
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

    /// <summary>What is left out.</summary>
    public ExcludedValues Not { get; init; } = ExcludedValues.Nothing;

    /// <summary>Text that the name of the artifact, version, customer or user contains, in any case; a user's account counts as a name.</summary>
    public string? Text { get; init; }

    public PublisherPulls Publishers { get; init; }

    /// <summary>True where nothing is filtered beyond the default.</summary>
    public bool IsDefault => this == Everything;

    /// <summary>The values kept of a dimension; empty keeps every one.</summary>
    public FilterValues Of(FilterDimension dimension) => dimension switch
    {
        FilterDimension.Customer => Customers,
        FilterDimension.User => Users,
        FilterDimension.Address => Addresses,
        FilterDimension.Artifact => Artifacts,
        FilterDimension.Version => Versions,
        _ => Kinds,
    };

    /// <summary>This filter with other values kept of a dimension.</summary>
    public PullFilter With(FilterDimension dimension, FilterValues values) => dimension switch
    {
        FilterDimension.Customer => this with { Customers = values },
        FilterDimension.User => this with { Users = values },
        FilterDimension.Address => this with { Addresses = values },
        FilterDimension.Artifact => this with { Artifacts = values },
        FilterDimension.Version => this with { Versions = values },
        _ => this with { Kinds = values },
    };

    /// <summary>This filter with other values left out of a dimension.</summary>
    public PullFilter WithNot(FilterDimension dimension, FilterValues values) => this with { Not = Not.With(dimension, values) };
}

/// <summary>The values of each dimension that a filter leaves out, as <see cref="PullFilter"/> has those it keeps.</summary>
public sealed record ExcludedValues
{
    public static readonly ExcludedValues Nothing = new();

    public FilterValues Customers { get; init; } = FilterValues.Empty;

    public FilterValues Users { get; init; } = FilterValues.Empty;

    public FilterValues Addresses { get; init; } = FilterValues.Empty;

    public FilterValues Artifacts { get; init; } = FilterValues.Empty;

    public FilterValues Versions { get; init; } = FilterValues.Empty;

    public FilterValues Kinds { get; init; } = FilterValues.Empty;

    public FilterValues Of(FilterDimension dimension) => dimension switch
    {
        FilterDimension.Customer => Customers,
        FilterDimension.User => Users,
        FilterDimension.Address => Addresses,
        FilterDimension.Artifact => Artifacts,
        FilterDimension.Version => Versions,
        _ => Kinds,
    };

    public ExcludedValues With(FilterDimension dimension, FilterValues values) => dimension switch
    {
        FilterDimension.Customer => this with { Customers = values },
        FilterDimension.User => this with { Users = values },
        FilterDimension.Address => this with { Addresses = values },
        FilterDimension.Artifact => this with { Artifacts = values },
        FilterDimension.Version => this with { Versions = values },
        _ => this with { Kinds = values },
    };
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
