using System.Buffers;
using System.Runtime.InteropServices;

namespace VendorPortal.Segments;

/// <summary>
/// The columns of a segment as they would be, were it built now: changed pulls are left out, and what became of them is put in at its
/// place. Codes are moved, not sorted anew, and only of columns that are looked at.
/// </summary>
internal sealed class PatchedColumns : IColumnBytes
{
    private readonly PullSegment stored;
    private readonly SegmentBuilder now;
    private readonly byte[]?[] blobs = new byte[]?[SegmentLimits.Columns];

    // For each row the stored row it is, or the complement of a row of what became of the changed ones.
    private readonly List<int> source;
    private readonly List<long> ids;
    private readonly List<ushort> gone = [];

    private PatchedColumns(PullSegment stored, List<long> changed, SegmentBuilder now)
    {
        this.stored = stored;
        this.now = now;
        source = new List<int>(stored.Rows + now.Rows);
        ids = new List<long>(stored.Rows + now.Rows);
        var old = ArrayPool<long>.Shared.Rent(stored.Rows);
        stored.Ids(old.AsSpan(0, stored.Rows));
        Merge(old.AsSpan(0, stored.Rows), CollectionsMarshal.AsSpan(changed));
        ArrayPool<long>.Shared.Return(old);
    }

    /// <summary>
    /// The segment with the pulls of the <paramref name="changed"/> ids (ascending) replaced by the rows of <paramref name="now"/>, which has
    /// no others. <paramref name="stored"/> and the result need room of their own.
    /// </summary>
    /// <exception cref="SegmentDamagedException">The stored segment is not what was written.</exception>
    public static PullSegment Apply(PullSegment stored, List<long> changed, SegmentBuilder now, SegmentBuffers buffers)
    {
        var columns = new PatchedColumns(stored, changed, now);
        return columns.source.Count <= SegmentLimits.MaxRows
            ? new PullSegment(stored.FirstId, stored.LastId, columns.source.Count, columns, buffers)
            : throw new SegmentDamagedException($"The segment at {stored.FirstId} has no room for its changes.") { FirstId = stored.FirstId };
    }

    public bool TryRead(SegmentColumn column, int offset, Span<byte> into)
    {
        var blob = blobs[(int)column] ??= Build(column);
        blob.AsSpan(offset, into.Length).CopyTo(into);
        return true;
    }

    private void Merge(ReadOnlySpan<long> old, ReadOnlySpan<long> changed)
    {
        var (row, next) = (0, 0);
        foreach (var id in changed)
        {
            for (; row < old.Length && old[row] < id; row++)
                Add(row, old[row]);
            if (row < old.Length && old[row] == id)
                gone.Add((ushort)row++);
            if (next < now.Rows && now.Ids[next] == id)
                Add(~next++, id);
        }

        for (; row < old.Length; row++)
            Add(row, old[row]);

        void Add(int from, long id)
        {
            source.Add(from);
            ids.Add(id);
        }
    }

    private byte[] Build(SegmentColumn column) => column switch
    {
        SegmentColumn.Ids => NumberColumn.WriteIds(CollectionsMarshal.AsSpan(ids)),
        SegmentColumn.Grains => NumberColumn.WriteGrains(CollectionsMarshal.AsSpan(ids)),
        _ => BuildDictionary(column),
    };

    private byte[] BuildDictionary(SegmentColumn column)
    {
        var old = stored.Dictionary(column);
        var counts = Counts(column, old);
        var left = new List<int>(counts.Count);
        foreach (var (value, count) in counts)
        {
            if (count > 0)
                left.Add(value);
        }

        int[] values = [.. left];
        var width = values.Length == 1 ? 0 : values.Length <= 256 ? 1 : 2;
        var head = new SegmentFormat.Head(column, source.Count, values.Length, source.Count * width);
        var blob = SegmentFormat.NewBlob(head);
        var dictionary = MemoryMarshal.Cast<byte, int>(blob.AsSpan(SegmentFormat.HeadBytes, head.DictionaryBytes));
        for (var code = 0; code < values.Length; code++)
            (dictionary[code], dictionary[values.Length + code]) = (values[code], counts[values[code]]);
        WriteCodes(blob.AsSpan(SegmentFormat.HeadBytes + head.DictionaryBytes), column, values, width);
        return SegmentFormat.Seal(blob, head);
    }

    private SortedList<int, int> Counts(SegmentColumn column, DictionaryColumn old)
    {
        var counts = new SortedList<int, int>(old.Values.Length);
        for (var code = 0; code < old.Values.Length; code++)
            counts.Add(old.Values[code], old.Counts[code]);
        Span<int> left = new int[gone.Count];
        stored.Codes(column).Values(old.Values, CollectionsMarshal.AsSpan(gone), left);
        foreach (var value in left)
            counts[value]--;
        foreach (var value in now.Values(column))
            counts[value] = counts.GetValueOrDefault(value) + 1;
        return counts;
    }

    private void WriteCodes(Span<byte> codes, SegmentColumn column, int[] values, int width)
    {
        if (width == 0)
            return;
        var old = stored.Dictionary(column).Values;
        var become = new ushort[old.Length];
        for (var code = 0; code < become.Length; code++)
            become[code] = (ushort)Math.Max(0, Array.BinarySearch(values, old[code])); // what is gone altogether is not asked for
        var moved = ArrayPool<ushort>.Shared.Rent(stored.Rows);
        stored.Codes(column).Map(become, moved);
        var added = now.Values(column);
        var wide = MemoryMarshal.Cast<byte, ushort>(codes);
        var from = CollectionsMarshal.AsSpan(source);
        for (var row = 0; row < from.Length; row++)
        {
            var code = from[row] >= 0 ? moved[from[row]] : (ushort)Array.BinarySearch(values, added[~from[row]]);
            if (width == 1)
                codes[row] = (byte)code;
            else
                wide[row] = code;
        }

        ArrayPool<ushort>.Shared.Return(moved);
    }
}
