using System.Numerics;
using System.Runtime.InteropServices;
using VendorPortal.Classification;

namespace VendorPortal.Segments;

/// <summary>
/// Answers questions about pulls by loops over the columns of segments. Give it the segments newest first; it keeps buffers, so use one
/// instance for one request and one thread. No allocation in the loops over rows.
/// </summary>
internal sealed class SegmentScan(SegmentFilter filter)
{
    private const int Kinds = 5; // indexed by PullKind, 0 unused

    private readonly byte[] mask = new byte[SegmentLimits.MaxRows];
    private readonly byte[] failedIn = new byte[SegmentLimits.MaxRows];
    private readonly byte[] table = new byte[SegmentLimits.MaxRows];
    private readonly int[] counters = new int[SegmentLimits.MaxRows];
    private readonly long[] ids = new long[SegmentLimits.MaxRows];
    private readonly ushort[] widened = new ushort[SegmentLimits.MaxRows];

    /// <summary>Adds the newest kept ids of a segment, newest first, until the list holds <paramref name="limit"/>; true when it does.</summary>
    public bool Page(PullSegment segment, List<long> into, int limit)
    {
        var rows = Mask(segment);
        if (rows.IsEmpty)
            return into.Count >= limit;
        var decoded = false;
        for (var row = rows.To - 1; row >= rows.From && into.Count < limit; row--)
        {
            if (mask[row] == 0)
                continue;
            if (!decoded)
                segment.Ids(ids);
            decoded = true;
            into.Add(ids[row]);
        }

        return into.Count >= limit;
    }

    /// <summary>Writes the places of the kept pulls within a segment, newest first; returns how many there are.</summary>
    public int Rows(PullSegment segment, Span<int> into)
    {
        var rows = Mask(segment);
        var count = 0;
        for (var row = rows.To - 1; row >= rows.From; row--)
        {
            into[count] = row;
            count += mask[row];
        }

        return count;
    }

    /// <summary>Counts the kept pulls by kind (indexed by <see cref="PullKind"/>) and collects their addresses and customers.</summary>
    public void Count(PullSegment segment, Span<long> byKind, IdBits addresses, IdBits customers)
    {
        var rows = Mask(segment);
        if (rows.IsEmpty)
            return;
        var kind = segment.Column(SegmentColumn.Kind);
        var byCode = counters.AsSpan(0, kind.Values.Length);
        CountCodes(kind, rows, byCode);
        for (var code = 0; code < byCode.Length; code++)
            byKind[kind.Values[code]] += byCode[code];
        Collect(segment.Column(SegmentColumn.Address), rows, addresses);
        Collect(segment.Column(SegmentColumn.Customer), rows, customers);
    }

    /// <summary>Adds the kept pulls to a series: for each quarter hour a count by kind, indexed by <see cref="PullKind"/>.</summary>
    public void Trend(PullSegment segment, SortedDictionary<long, long[]> series)
    {
        var rows = Mask(segment);
        if (rows.IsEmpty)
            return;
        var firstRows = counters;
        var grains = segment.Grains(ids, firstRows);
        var kind = segment.Column(SegmentColumn.Kind);
        var codes = Codes(kind);
        Span<int> byCode = stackalloc int[Kinds];
        for (var grain = 0; grain < grains; grain++)
        {
            byCode.Clear();
            var end = Math.Min(rows.To, grain + 1 < grains ? firstRows[grain + 1] : segment.Rows);
            for (var row = Math.Max(rows.From, firstRows[grain]); row < end; row++)
                byCode[codes[row]] += mask[row];
            Add(series, ids[grain], kind.Values, byCode);
        }
    }

    /// <summary>
    /// Counts the values of columns under the other filters: a pull counts in the list of a column when no filter but that column's own
    /// leaves it out. <paramref name="wanted"/> and <paramref name="counts"/> belong together; counts are indexed by value + 1.
    /// </summary>
    public void Options(PullSegment segment, ReadOnlySpan<SegmentColumn> wanted, long[][] counts)
    {
        var rows = Failures(segment, wanted);
        if (rows.IsEmpty)
            return;
        for (var i = 0; i < wanted.Length; i++)
        {
            var column = segment.Column(wanted[i]);
            var byCode = counters.AsSpan(0, column.Values.Length);
            if (rows.All)
                column.Counts.CopyTo(byCode);
            else
                CountOptions(column, Mark(wanted[i]), rows, byCode);
            Grow(ref counts[i], column.Values[^1] + 2);
            for (var code = 0; code < byCode.Length; code++)
                counts[i][column.Values[code] + 1] += byCode[code];
        }
    }

    // Afterwards mask[From..To] is 1 where a row is kept.
    private RowRange Mask(PullSegment segment)
    {
        var rows = Range(segment);
        if (rows.IsEmpty)
            return rows;
        var first = true;
        foreach (var condition in filter.Columns)
        {
            var column = segment.Column(condition.Column);
            var (some, all) = Table(column, condition);
            if (!some)
                return default;
            if (all)
                continue;
            var kept = mask.AsSpan(0, rows.To);
            var codes = Codes(column)[..rows.To];
            if (first)
            {
                for (var row = rows.From; row < kept.Length; row++)
                    kept[row] = table[codes[row]];
            }
            else
            {
                for (var row = rows.From; row < kept.Length; row++)
                    kept[row] &= table[codes[row]];
            }

            first = false;
        }

        if (first)
            mask.AsSpan(rows.From, rows.To - rows.From).Fill(1);
        return rows with { All = rows.All && first };
    }

    // Afterwards mask[row] is the number of filters that leave a row out, and failedIn[row] the one that does where it is one.
    private RowRange Failures(PullSegment segment, ReadOnlySpan<SegmentColumn> wanted)
    {
        var rows = Range(segment);
        if (rows.IsEmpty)
            return rows;
        mask.AsSpan(rows.From, rows.To - rows.From).Clear();
        failedIn.AsSpan(rows.From, rows.To - rows.From).Clear();
        var (hopeless, clean) = (0, true);
        foreach (var condition in filter.Columns)
        {
            var column = segment.Column(condition.Column);
            var (some, all) = Table(column, condition);
            if (all)
                continue;
            clean = false;
            // What keeps nothing of the segment leaves its own list only; two of them leave none.
            if (!some && (++hopeless > 1 || !wanted.Contains(condition.Column)))
                return default;
            var mark = Mark(condition.Column);
            var codes = Codes(column);
            for (var row = rows.From; row < rows.To; row++)
            {
                var failed = (byte)(1 - table[codes[row]]);
                mask[row] += failed;
                failedIn[row] |= (byte)(failed * mark);
            }
        }

        return rows with { All = rows.All && clean };
    }

    private void CountOptions(in DictionaryColumn column, byte own, RowRange rows, Span<int> byCode)
    {
        byCode.Clear();
        var codes = Codes(column);
        for (var row = rows.From; row < rows.To; row++)
        {
            if (mask[row] == 0 || (mask[row] == 1 && failedIn[row] == own))
                byCode[codes[row]]++;
        }
    }

    private void CountCodes(in DictionaryColumn column, RowRange rows, Span<int> byCode)
    {
        if (rows.All)
        {
            column.Counts.CopyTo(byCode);
            return;
        }

        byCode.Clear();
        var codes = Codes(column);
        for (var row = rows.From; row < rows.To; row++)
            byCode[codes[row]] += mask[row];
    }

    private void Collect(in DictionaryColumn column, RowRange rows, IdBits into)
    {
        var seen = table.AsSpan(0, column.Values.Length);
        seen.Fill(rows.All ? (byte)1 : (byte)0);
        if (!rows.All)
        {
            var codes = Codes(column);
            for (var row = rows.From; row < rows.To; row++)
                seen[codes[row]] |= mask[row];
        }

        for (var code = 0; code < seen.Length; code++)
        {
            if (seen[code] != 0)
                into.Add(column.Values[code]);
        }
    }

    private RowRange Range(PullSegment segment)
    {
        if (segment.Rows == 0 || segment.LastId < filter.FirstId || segment.FirstId >= filter.EndId)
            return default;
        if (segment.FirstId >= filter.FirstId && segment.LastId < filter.EndId)
            return new RowRange(0, segment.Rows, All: true);
        segment.Ids(ids);
        var all = ids.AsSpan(0, segment.Rows);
        return new RowRange(LowerBound(all, filter.FirstId), LowerBound(all, filter.EndId), All: false);
    }

    private static int LowerBound(ReadOnlySpan<long> sorted, long id)
    {
        var at = sorted.BinarySearch(id);
        return at < 0 ? ~at : at;
    }

    // For each code whether its value is kept, and whether some or all are.
    private (bool Some, bool All) Table(in DictionaryColumn column, ColumnFilter condition)
    {
        var (some, all) = (false, true);
        for (var code = 0; code < column.Values.Length; code++)
        {
            var keeps = condition.Keeps(column.Values[code]);
            table[code] = keeps ? (byte)1 : (byte)0;
            some |= keeps;
            all &= keeps;
        }

        return (some, all);
    }

    // Codes of one byte are widened, so that every loop is written once.
    private ReadOnlySpan<ushort> Codes(in DictionaryColumn column)
    {
        if (column.Width == 2)
            return column.WideCodes;
        if (column.Width == 0)
        {
            Array.Clear(widened);
            return widened;
        }

        var narrow = column.Codes;
        var at = 0;
        var wide = MemoryMarshal.Cast<ushort, Vector<ushort>>(widened.AsSpan());
        foreach (var part in MemoryMarshal.Cast<byte, Vector<byte>>(narrow))
        {
            Vector.Widen(part, out wide[at], out wide[at + 1]);
            at += 2;
        }

        for (var row = at * Vector<ushort>.Count; row < narrow.Length; row++)
            widened[row] = narrow[row];
        return widened;
    }

    private static byte Mark(SegmentColumn column) => (byte)(column + 1);

    private static void Add(SortedDictionary<long, long[]> series, long grain, ReadOnlySpan<int> kinds, ReadOnlySpan<int> byCode)
    {
        if (byCode.IndexOfAnyExcept(0) < 0)
            return;
        if (!series.TryGetValue(grain, out var sums))
            series.Add(grain, sums = new long[Kinds]);
        for (var code = 0; code < kinds.Length; code++)
            sums[kinds[code]] += byCode[code];
    }

    private static void Grow(ref long[] counts, int size)
    {
        if (counts.Length < size)
            Array.Resize(ref counts, Math.Max(size, counts.Length * 2));
    }

    /// <summary>Rows of a segment; <see cref="All"/> where every one of it is kept.</summary>
    private readonly record struct RowRange(int From, int To, bool All)
    {
        public bool IsEmpty => From >= To;
    }
}
