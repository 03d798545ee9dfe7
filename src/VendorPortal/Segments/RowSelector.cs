using System.Buffers;
using System.Runtime.InteropServices;

namespace VendorPortal.Segments;

/// <summary>
/// Finds the rows of a segment that a filter keeps. Dictionaries are looked at first: they tell for each condition how many rows it
/// keeps, so that most segments are skipped or taken whole without their codes, and the condition that leaves least goes first.
/// </summary>
internal sealed class RowSelector(SegmentFilter filter) : IDisposable
{
    // Fewer rows than one in so many are looked for one by one.
    private const int Few = 8;

    private readonly List<Condition> conditions = ConditionsOf(filter);
    private readonly List<Condition> open = [];
    private readonly ushort[] listed = ArrayPool<ushort>.Shared.Rent(SegmentLimits.MaxRows);
    private readonly byte[] mask = ArrayPool<byte>.Shared.Rent(SegmentLimits.MaxRows);
    private PullSegment? looked;
    private int from;
    private int to;
    private (int Count, bool IsRest)? plain;

    /// <summary>
    /// The rows kept by every condition but <paramref name="except"/>, which is one of the filter's columns. Valid until the next call.
    /// </summary>
    public RowSelection Select(PullSegment segment, ColumnFilter? except = null)
    {
        LookAt(segment);
        if (plain is { } known && except is null)
            return new RowSelection(listed.AsSpan(0, known.Count), known.IsRest, segment.Rows);
        var rows = Find(segment, except);
        plain = except is null ? (rows.Listed.Length, rows.IsRest) : null; // the list holds one answer
        return rows;
    }

    public void Dispose()
    {
        ArrayPool<ushort>.Shared.Return(listed);
        ArrayPool<byte>.Shared.Return(mask);
        foreach (var condition in conditions)
            condition.Dispose();
    }

    private static List<Condition> ConditionsOf(SegmentFilter filter)
    {
        var made = new List<Condition>(filter.Columns.Count + 1);
        foreach (var column in filter.Columns)
            made.Add(new Condition([column], isAnyOf: false));
        if (filter.AnyOf.Count > 0)
            made.Add(new Condition([.. filter.AnyOf], isAnyOf: true));
        return made;
    }

    private RowSelection Find(PullSegment segment, ColumnFilter? except)
    {
        if (from >= to)
            return Listed(segment, 0);
        open.Clear();
        foreach (var condition in conditions)
        {
            if (except is not null && condition.Is(except))
                continue;
            condition.Look(segment);
            if (condition.Kept == 0)
                return Listed(segment, 0);
            if (condition.Kept < segment.Rows)
                open.Add(condition);
        }

        open.Sort(static (a, b) => a.Kept.CompareTo(b.Kept));
        var isPart = to - from < segment.Rows;
        return isPart || (open.Count > 0 && open[0].Kept <= segment.Rows / 2) ? Keep(segment) : LeaveOut(segment);
    }

    private void LookAt(PullSegment segment)
    {
        if (ReferenceEquals(looked, segment))
            return;
        looked = segment;
        plain = null;
        foreach (var condition in conditions)
            condition.Forget();
        (from, to) = (0, segment.Rows);
        if (segment.FirstId >= filter.FirstId && segment.LastId < filter.EndId)
            return;
        var ids = ArrayPool<long>.Shared.Rent(segment.Rows);
        segment.Ids(ids.AsSpan(0, segment.Rows));
        from = LowerBound(ids.AsSpan(0, segment.Rows), filter.FirstId);
        to = LowerBound(ids.AsSpan(0, segment.Rows), filter.EndId);
        ArrayPool<long>.Shared.Return(ids);
    }

    // Lists what the first condition keeps, and of that what the others do.
    private RowSelection Keep(PullSegment segment)
    {
        if (open.Count == 0)
        {
            for (var row = from; row < to; row++)
                listed[row - from] = (ushort)row;
            return Listed(segment, to - from);
        }

        var first = open[0];
        var count = first.OnlyCode is { } code && first.Kept < segment.Rows / Few
            ? first.Codes(segment).ListFew(code, others: false, from, to, listed)
            : first.Codes(segment).List(first.Table, from, to, listed);
        foreach (var condition in CollectionsMarshal.AsSpan(open)[1..])
        {
            if (count == 0)
                break;
            count = condition.Codes(segment).Narrow(condition.Table, listed.AsSpan(0, count));
        }

        return Listed(segment, count);
    }

    // Every condition keeps most rows: lists what any of them leaves out.
    private RowSelection LeaveOut(PullSegment segment)
    {
        if (open.Count == 0)
            return new RowSelection([], isRest: true, segment.Rows);
        if (open is [{ OnlyCode: { } code } one] && segment.Rows - one.Kept < segment.Rows / Few)
            return new RowSelection(listed.AsSpan(0, one.Codes(segment).ListFew(code, others: true, 0, segment.Rows, listed)), isRest: true, segment.Rows);
        var kept = mask.AsSpan(0, segment.Rows);
        kept.Fill(1);
        foreach (var condition in CollectionsMarshal.AsSpan(open))
            condition.Codes(segment).ClearUnless(condition.Table, kept);
        return new RowSelection(listed.AsSpan(0, ListZeros(kept, listed)), isRest: true, segment.Rows);
    }

    private static int ListZeros(ReadOnlySpan<byte> kept, Span<ushort> into)
    {
        const int Word = sizeof(ulong);
        var count = 0;
        for (var row = 0; row < kept.Length; row += Word)
        {
            var part = kept.Slice(row, Math.Min(Word, kept.Length - row));
            if (part.Length == Word && MemoryMarshal.Read<ulong>(part) == 0x0101_0101_0101_0101)
                continue; // as most are
            for (var i = 0; i < part.Length; i++)
            {
                into[count] = (ushort)(row + i);
                count += 1 - part[i];
            }
        }

        return count;
    }

    private RowSelection Listed(PullSegment segment, int count) => new(listed.AsSpan(0, count), isRest: false, segment.Rows);

    private static int LowerBound(ReadOnlySpan<long> sorted, long id)
    {
        var at = sorted.BinarySearch(id);
        return at < 0 ? ~at : at;
    }

    /// <summary>A column's filter, or several of which one is enough, held against the dictionaries of a segment.</summary>
    private sealed class Condition(ColumnFilter[] anyOf, bool isAnyOf) : IDisposable
    {
        private const int MaxFew = 128;

        private static readonly byte[] IsSet = [0, 1];

        private readonly byte[][] tables = Array.ConvertAll(anyOf, static _ => ArrayPool<byte>.Shared.Rent(SegmentLimits.MaxRows));
        private readonly int[]?[] few = Array.ConvertAll(anyOf, static column => column.Not is null ? column.Only?.Few(MaxFew) : null);
        private readonly int[] kept = new int[anyOf.Length];
        private readonly byte[] mask = ArrayPool<byte>.Shared.Rent(SegmentLimits.MaxRows);
        private bool isLookedAt;
        private bool isMasked;

        /// <summary>How many rows are kept; where one of several columns is enough, at most.</summary>
        public int Kept { get; private set; }

        /// <summary>The code that is kept, where it is one of a single column.</summary>
        public int? OnlyCode { get; private set; }

        /// <summary>For each code of <see cref="Codes"/> 1 where it is kept.</summary>
        public ReadOnlySpan<byte> Table => isAnyOf ? IsSet : tables[0];

        // What any of several columns may keep is the filter of none of them.
        public bool Is(ColumnFilter filter) => !isAnyOf && ReferenceEquals(anyOf[0], filter);

        public void Forget() => (isLookedAt, isMasked) = (false, false);

        public void Look(PullSegment segment)
        {
            if (isLookedAt)
                return;
            isLookedAt = true;
            Kept = 0;
            for (var i = 0; i < anyOf.Length && Kept < segment.Rows; i++)
            {
                kept[i] = few[i] is { } ids
                    ? FillFew(tables[i], segment.Dictionary(anyOf[i].Column), ids)
                    : Fill(tables[i], segment.Dictionary(anyOf[i].Column), anyOf[i]);
                Kept = kept[i] == segment.Rows ? segment.Rows : Math.Min(Kept + kept[i], Math.Max(segment.Rows - 1, 1));
            }
        }

        public ColumnCodes Codes(PullSegment segment)
        {
            if (!isAnyOf)
                return segment.Codes(anyOf[0].Column);
            if (!isMasked)
                Mask(segment);
            isMasked = true;
            return new ColumnCodes(mask.AsSpan(0, segment.Rows), segment.Rows);
        }

        public void Dispose()
        {
            foreach (var table in tables)
                ArrayPool<byte>.Shared.Return(table);
            ArrayPool<byte>.Shared.Return(mask);
        }

        private void Mask(PullSegment segment)
        {
            var rows = mask.AsSpan(0, segment.Rows);
            rows.Clear();
            for (var i = 0; i < anyOf.Length; i++)
            {
                if (kept[i] > 0)
                    segment.Codes(anyOf[i].Column).SetWhere(tables[i], rows);
            }
        }

        // Looks a few values up in the dictionary, which is sorted, instead of each of its values in the filter.
        private int FillFew(Span<byte> table, in DictionaryColumn dictionary, int[] ids)
        {
            var values = dictionary.Values;
            table[..values.Length].Clear();
            var (rows, codes, last) = (0, 0, 0);
            foreach (var id in ids)
            {
                var code = values.BinarySearch(id);
                if (code < 0)
                    continue;
                table[code] = 1;
                rows += dictionary.Counts[code];
                (codes, last) = (codes + 1, code);
            }

            OnlyCode = codes == 1 && !isAnyOf ? last : null;
            return rows;
        }

        private int Fill(Span<byte> table, in DictionaryColumn dictionary, ColumnFilter condition)
        {
            var values = dictionary.Values;
            var counts = dictionary.Counts;
            var (rows, codes, last) = (0, 0, 0);
            for (var code = 0; code < values.Length; code++)
            {
                if (!condition.Keeps(values[code]))
                {
                    table[code] = 0;
                    continue;
                }

                table[code] = 1;
                rows += counts[code];
                (codes, last) = (codes + 1, code);
            }

            OnlyCode = codes == 1 && !isAnyOf ? last : null;
            return rows;
        }
    }
}
