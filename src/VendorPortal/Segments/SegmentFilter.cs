namespace VendorPortal.Segments;

/// <summary>The values of one column that a filter keeps: those of <paramref name="Only"/> (null: every one) but those of <paramref name="Not"/>.</summary>
internal sealed record ColumnFilter(SegmentColumn Column, IdBits? Only, IdBits? Not = null)
{
    public bool Keeps(int value) => Only?.Contains(value) != false && Not?.Contains(value) != true;
}

/// <summary>A column whose values are to be counted, and the one of the filter's columns that does not narrow the list, where there is one.</summary>
internal readonly record struct OptionColumn(SegmentColumn Column, ColumnFilter? Own);

/// <summary>
/// A filter as the scan needs it: a range of ids, for each filtered column the values it keeps, and columns of which at least one has to
/// keep its value. Lists, exclusion and address ranges are the same thing here and cost the same.
/// </summary>
internal sealed record SegmentFilter(long FirstId, long EndId, IReadOnlyList<ColumnFilter> Columns)
{
    /// <summary>A pull is kept where any of these keeps it: how text over several names is found. Empty filters nothing.</summary>
    public IReadOnlyList<ColumnFilter> AnyOf { get; init; } = [];
}
