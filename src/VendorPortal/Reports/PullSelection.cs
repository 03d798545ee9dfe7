using VendorPortal.Classification;

namespace VendorPortal.Reports;

/// <summary>
/// A filter after its names were looked up: ranges and sets of numbers, which is all that reading the log needs. Made by
/// <see cref="PullSelector"/>.
/// </summary>
internal sealed record PullSelection
{
    public required int VendorId { get; init; }

    /// <summary>First id kept.</summary>
    public long FirstId { get; init; }

    /// <summary>First id no longer kept.</summary>
    public long EndId { get; init; } = long.MaxValue;

    /// <summary>Null keeps every customer; the same for the other dimensions.</summary>
    public IdSet? Customers { get; init; }

    public IdSet? Users { get; init; }

    public IdSet? Addresses { get; init; }

    public IdSet? Artifacts { get; init; }

    public IdSet? Versions { get; init; }

    public IReadOnlyList<PullKind>? Kinds { get; init; }

    public PublisherPulls Publishers { get; init; }

    /// <summary>True where the answer is known without reading the log: something asked for does not exist.</summary>
    public bool KeepsNothing =>
        FirstId >= EndId || Customers?.IsEmpty == true || Users?.IsEmpty == true || Addresses?.IsEmpty == true
        || Artifacts?.IsEmpty == true || Versions?.IsEmpty == true;

    /// <summary>The part of this selection below an id: what a keyset page continues with.</summary>
    public PullSelection Below(long? id) => id < EndId ? this with { EndId = id.Value } : this;

    /// <summary>The part of this selection above an id.</summary>
    public PullSelection Above(long id) => id >= FirstId ? this with { FirstId = id + 1 } : this;
}

/// <summary>The values of one dimension that a filter keeps, as ids; with <paramref name="OrUnknown"/> also what has none.</summary>
internal sealed record IdSet(int[] Ids, bool OrUnknown)
{
    public bool IsEmpty => Ids.Length == 0 && !OrUnknown;
}
