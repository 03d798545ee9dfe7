using VendorPortal.Segments;

namespace VendorPortal.Reports;

/// <summary>
/// A filter after its names were looked up: ranges and sets of numbers, which is all that reading the log needs. Made by
/// <see cref="PullSelector"/>.
/// </summary>
internal sealed record PullSelection(int VendorId, SegmentFilter Filter)
{
    /// <summary>Which of the filter's columns each filtered dimension has become.</summary>
    public IReadOnlyDictionary<FilterDimension, ColumnFilter> Filtered { get; init; } = new Dictionary<FilterDimension, ColumnFilter>();

    /// <summary>True where the answer is known without reading the log: something asked for does not exist.</summary>
    public bool KeepsNothing =>
        Filter.FirstId >= Filter.EndId || Filter.Columns.Any(column => column.Only?.IsEmpty == true)
        || (Filter.AnyOf.Count > 0 && Filter.AnyOf.All(column => column.Only?.IsEmpty == true));

    /// <summary>The part of this selection below an id: what a keyset page continues with.</summary>
    public PullSelection Below(long? id) => id < Filter.EndId ? this with { Filter = Filter with { EndId = id.Value } } : this;

    /// <summary>The part of this selection above an id.</summary>
    public PullSelection Above(long id) => id >= Filter.FirstId ? this with { Filter = Filter with { FirstId = id + 1 } } : this;
}
