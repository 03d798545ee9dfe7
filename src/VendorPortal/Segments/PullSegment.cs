namespace VendorPortal.Segments;

/// <summary>
/// All pulls of a vendor in a range of ids, by column. A column is fetched when it is looked at; what it is fetched from (the store, or
/// rows just read from the log) does not matter here.
/// </summary>
internal sealed class PullSegment(long firstId, long lastId, int rows, Func<SegmentColumn, ReadOnlyMemory<byte>> fetch)
{
    /// <summary>The range, both ends inclusive: every pull in it is a row here.</summary>
    public long FirstId { get; } = firstId;

    public long LastId { get; } = lastId;

    public int Rows { get; } = rows;

    public DictionaryColumn Column(SegmentColumn column)
    {
        try
        {
            return DictionaryColumn.Read(fetch(column).Span, column, Rows);
        }
        catch (SegmentDamagedException damaged)
        {
            throw Here(damaged);
        }
    }

    public void Ids(Span<long> ids)
    {
        try
        {
            NumberColumn.ReadIds(fetch(SegmentColumn.Ids).Span, ids[..Rows]);
        }
        catch (SegmentDamagedException damaged)
        {
            throw Here(damaged);
        }
    }

    /// <summary>Number and first row of each quarter hour; returns how many there are.</summary>
    public int Grains(Span<long> grains, Span<int> firstRows)
    {
        try
        {
            return NumberColumn.ReadGrains(fetch(SegmentColumn.Grains).Span, Rows, grains, firstRows);
        }
        catch (SegmentDamagedException damaged)
        {
            throw Here(damaged);
        }
    }

    // Who catches it must know which segment to drop.
    private SegmentDamagedException Here(SegmentDamagedException damaged) => new(damaged.Message) { FirstId = FirstId };
}
