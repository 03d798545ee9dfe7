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
    /// <summary>The value that stands for what is unknown of a pull: its customer, user, address, client, country …</summary>
    public const string None = "-";

    /// <summary>Behind a namespace stands for all of its artifacts: <c>acme/*</c>; alone, for those without a namespace.</summary>
    public const string AllOfNamespace = "/*";

    /// <summary>Keeps every pull that is not a publisher's own.</summary>
    public static readonly PullFilter Everything = new();

    /// <summary>First instant kept, UTC, inclusive.</summary>
    public DateTime? FromUtc { get; init; }

    /// <summary>First instant no longer kept, UTC, exclusive.</summary>
    public DateTime? ToUtc { get; init; }

    /// <summary>What is kept; an empty list keeps every value.</summary>
    public DimensionValues Only { get; init; } = DimensionValues.None;

    /// <summary>What is left out.</summary>
    public DimensionValues Not { get; init; } = DimensionValues.None;

    /// <summary>Names of customers.</summary>
    public FilterValues Customers { get => Only[FilterDimension.Customer]; init => Only = Only.With(FilterDimension.Customer, value); }

    /// <summary>Principals of users.</summary>
    public FilterValues Users { get => Only[FilterDimension.User]; init => Only = Only.With(FilterDimension.User, value); }

    /// <summary>IP addresses or CIDR ranges, in canonical text.</summary>
    public FilterValues Addresses { get => Only[FilterDimension.Address]; init => Only = Only.With(FilterDimension.Address, value); }

    /// <summary>Names of artifacts, <c>namespace/name</c>, or namespaces with <see cref="AllOfNamespace"/>.</summary>
    public FilterValues Artifacts { get => Only[FilterDimension.Artifact]; init => Only = Only.With(FilterDimension.Artifact, value); }

    /// <summary>Tags or digests as clients asked for them.</summary>
    public FilterValues Versions { get => Only[FilterDimension.Version]; init => Only = Only.With(FilterDimension.Version, value); }

    /// <summary>Kinds, in wire form (<see cref="KindNames"/>).</summary>
    public FilterValues Kinds { get => Only[FilterDimension.Kind]; init => Only = Only.With(FilterDimension.Kind, value); }

    /// <summary>Tools of clients, without their versions.</summary>
    public FilterValues Clients { get => Only[FilterDimension.Client]; init => Only = Only.With(FilterDimension.Client, value); }

    /// <summary>Countries of the addresses, ISO 3166-1 alpha-2.</summary>
    public FilterValues Countries { get => Only[FilterDimension.Country]; init => Only = Only.With(FilterDimension.Country, value); }

    /// <summary>Text that the name of the artifact, version, customer or user contains, in any case; a user's account counts as a name.</summary>
    public string? Text { get; init; }

    public PublisherPulls Publishers { get; init; }

    /// <summary>True where nothing is filtered beyond the default.</summary>
    public bool IsDefault => this == Everything;

    /// <summary>This filter with other values kept of a dimension.</summary>
    public PullFilter With(FilterDimension dimension, FilterValues values) => this with { Only = Only.With(dimension, values) };

    /// <summary>This filter with other values left out of a dimension.</summary>
    public PullFilter WithNot(FilterDimension dimension, FilterValues values) => this with { Not = Not.With(dimension, values) };
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
