using System.Runtime.InteropServices;

namespace VendorPortal.Segments;

/// <summary>Where the bytes of a segment's columns are: in the store, or in columns just built from rows of the log.</summary>
internal interface IColumnBytes
{
    /// <summary>Copies bytes of a column; false where it does not have them.</summary>
    bool TryRead(SegmentColumn column, int offset, Span<byte> into);
}

/// <summary>
/// All pulls of a vendor in a range of ids, by column. Of a column no more is read than is looked at: the dictionary alone, or the codes
/// as well. What is read is kept in <paramref name="buffers"/> until the next segment is looked at.
/// </summary>
internal sealed class PullSegment(long firstId, long lastId, int rows, IColumnBytes bytes, SegmentBuffers buffers)
{
    private static readonly byte[] NoCodes = new byte[SegmentLimits.MaxRows];

    private uint heads;
    private uint bodies;

    /// <summary>The range, both ends inclusive: every pull in it is a row here.</summary>
    public long FirstId { get; } = firstId;

    public long LastId { get; } = lastId;

    public int Rows { get; } = rows;

    /// <exception cref="SegmentDamagedException">The column is not what was written.</exception>
    public DictionaryColumn Dictionary(SegmentColumn column)
    {
        var head = ReadHead(column);
        return head.Size == 0 || (head.BodyBytes != 0 && head.BodyBytes != Rows && head.BodyBytes != 2 * Rows)
            ? throw Damaged(column)
            : new DictionaryColumn(MemoryMarshal.Cast<byte, int>(buffers.Head(column, SegmentFormat.HeadBytes + head.DictionaryBytes)[SegmentFormat.HeadBytes..]));
    }

    /// <exception cref="SegmentDamagedException">The column is not what was written.</exception>
    public ColumnCodes Codes(SegmentColumn column)
    {
        var body = Body(column);
        return new ColumnCodes(body.IsEmpty ? NoCodes.AsSpan(0, Rows) : body, Rows);
    }

    /// <summary>Reads as many of the oldest ids as <paramref name="ids"/> takes.</summary>
    /// <exception cref="SegmentDamagedException">The column is not what was written.</exception>
    public void Ids(Span<long> ids) => NumberColumn.ReadIds(Body(SegmentColumn.Ids), ids);

    /// <summary>Number and first row of each quarter hour; returns how many there are.</summary>
    /// <exception cref="SegmentDamagedException">The column is not what was written.</exception>
    public int Grains(Span<long> grains, Span<int> firstRows) => NumberColumn.ReadGrains(Body(SegmentColumn.Grains), Rows, grains, firstRows);

    private SegmentFormat.Head ReadHead(SegmentColumn column)
    {
        var isRead = (heads & Bit(column)) != 0;
        var bytesOfHead = buffers.Head(column, SegmentFormat.HeadBytes);
        if (!isRead && !bytes.TryRead(column, 0, bytesOfHead))
            throw Damaged(column);
        var head = SegmentFormat.ReadHead(bytesOfHead, column, Rows, FirstId);
        if (isRead)
            return head;
        var whole = buffers.Head(column, SegmentFormat.HeadBytes + head.DictionaryBytes);
        if (!bytes.TryRead(column, SegmentFormat.HeadBytes, whole[SegmentFormat.HeadBytes..]) || !SegmentFormat.IsWhole(whole))
            throw Damaged(column);
        heads |= Bit(column);
        return head;
    }

    private ReadOnlySpan<byte> Body(SegmentColumn column)
    {
        var head = ReadHead(column);
        var body = buffers.Body(column, head.BodyBytes);
        if ((bodies & Bit(column)) != 0)
            return body;
        if (!bytes.TryRead(column, SegmentFormat.HeadBytes + head.DictionaryBytes, body) || !SegmentFormat.IsWhole(buffers.Head(column, SegmentFormat.HeadBytes), body))
            throw Damaged(column);
        bodies |= Bit(column);
        return body;
    }

    // Who catches it must know which segment to drop.
    private SegmentDamagedException Damaged(SegmentColumn column) =>
        new($"The column {column} of the segment of {Rows} pulls at {FirstId} is missing or damaged.") { FirstId = FirstId };

    private static uint Bit(SegmentColumn column) => 1u << (int)column;
}
