namespace VendorPortal.Segments;

/// <summary>Collects pulls in ascending order of their ids and writes them by column.</summary>
internal sealed class SegmentBuilder(int capacity = SegmentLimits.MaxRows)
{
    private readonly long[] ids = new long[capacity];
    private readonly int[][] columns = [.. Enumerable.Range(0, SegmentLimits.Dictionaries).Select(_ => new int[capacity])];

    public int Rows { get; private set; }

    public long FirstId => ids[0];

    public long LastId => ids[Rows - 1];

    /// <summary>Adds a pull: its id and its numbers in the order of <see cref="SegmentColumn"/>.</summary>
    public void Add(long id, ReadOnlySpan<int> values)
    {
        ids[Rows] = id;
        for (var column = 0; column < columns.Length; column++)
            columns[column][Rows] = values[column];
        Rows++;
    }

    public void Clear() => Rows = 0;

    /// <summary>The columns, in the order of <see cref="SegmentColumn"/>.</summary>
    public byte[][] Build()
    {
        var blobs = new byte[SegmentLimits.Columns][];
        for (var column = 0; column < columns.Length; column++)
            blobs[column] = DictionaryColumn.Write((SegmentColumn)column, columns[column].AsSpan(0, Rows));
        blobs[(int)SegmentColumn.Ids] = NumberColumn.WriteIds(ids.AsSpan(0, Rows));
        blobs[(int)SegmentColumn.Grains] = NumberColumn.WriteGrains(ids.AsSpan(0, Rows));
        return blobs;
    }

    /// <summary>What was collected as a segment that lives in memory only.</summary>
    public PullSegment ToSegment(long firstId, long lastId)
    {
        var blobs = Build();
        return new PullSegment(firstId, lastId, Rows, column => blobs[(int)column]);
    }
}
