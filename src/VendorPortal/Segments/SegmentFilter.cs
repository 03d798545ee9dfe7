namespace VendorPortal.Segments;

/// <summary>The values of one column that a filter keeps, or with <see cref="Exclude"/> the values it does not.</summary>
internal sealed record ColumnFilter(SegmentColumn Column, IdBits Values, bool Exclude = false)
{
    public bool Keeps(int value) => Values.Contains(value) != Exclude;
}

/// <summary>
/// A filter as the scan needs it: a range of ids and for each filtered column the values it keeps. Inclusion, exclusion, lists and
/// address ranges are the same thing here and cost the same.
/// </summary>
internal sealed record SegmentFilter(long FirstId, long EndId, IReadOnlyList<ColumnFilter> Columns);
