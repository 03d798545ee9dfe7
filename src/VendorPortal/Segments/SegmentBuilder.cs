namespace VendorPortal.Segments;

/// <summary>Collects pulls in ascending order of their ids and writes them by column.</summary>
internal sealed class SegmentBuilder(int capacity = SegmentLimits.MaxRows)
{
    private readonly long[] ids = new long[capacity];
    private readonly int[][] columns = Array.ConvertAll(new int[SegmentLimits.Dictionaries][], _ => new int[capacity]);

    public int Rows { get; private set; }

    public long FirstId => ids[0];

    public long LastId => ids[Rows - 1];

    public ReadOnlySpan<long> Ids => ids.AsSpan(0, Rows);

    /// <summary>Adds a pull: its id and its numbers in the order of <see cref="SegmentColumn"/>.</summary>
    public void Add(long id, ReadOnlySpan<int> values)
    {
        ids[Rows] = id;
        for (var column = 0; column < columns.Length; column++)
            columns[column][Rows] = values[column];
        Rows++;
    }

    /// <summary>The numbers of a column with a dictionary.</summary>
    public ReadOnlySpan<int> Values(SegmentColumn column) => columns[(int)column].AsSpan(0, Rows);

    public void Clear() => Rows = 0;

    /// <summary>A column of what was collected.</summary>
    public byte[] Build(SegmentColumn column) => column switch
    {
        SegmentColumn.Ids => NumberColumn.WriteIds(ids.AsSpan(0, Rows)),
        SegmentColumn.Grains => NumberColumn.WriteGrains(ids.AsSpan(0, Rows)),
        _ => DictionaryColumn.Write(column, columns[(int)column].AsSpan(0, Rows)),
    };

    /// <summary>All columns of what was collected, in their order.</summary>
    public byte[][] Build()
    {
        var blobs = new byte[SegmentLimits.Columns][];
        for (var column = 0; column < blobs.Length; column++)
            blobs[column] = Build((SegmentColumn)column);
        return blobs;
    }

    /// <summary>What was collected as a segment that lives in memory only. Nothing may be added as long as it is looked at.</summary>
    public PullSegment ToSegment(long firstId, long lastId, SegmentBuffers buffers) => new(firstId, lastId, Rows, new Built(this), buffers);

    // Columns that nobody looks at are not built.
    private sealed class Built(SegmentBuilder builder) : IColumnBytes
    {
        private readonly byte[]?[] blobs = new byte[]?[SegmentLimits.Columns];

        public bool TryRead(SegmentColumn column, int offset, Span<byte> into)
        {
            var blob = blobs[(int)column] ??= builder.Build(column);
            blob.AsSpan(offset, into.Length).CopyTo(into);
            return true;
        }
    }
}
