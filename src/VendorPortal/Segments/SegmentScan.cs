using System.Buffers;
using VendorPortal.Classification;

namespace VendorPortal.Segments;

/// <summary>
/// Answers questions about pulls by loops over the columns of segments. Give it the segments newest first; one instance is for one request
/// and one thread. What is asked of a segment after each other shares what was read and selected. No allocation in the loops over rows.
/// </summary>
internal sealed class SegmentScan(SegmentFilter filter) : IDisposable
{
    private readonly RowSelector selector = new(filter);
    private readonly int[] counters = ArrayPool<int>.Shared.Rent(SegmentLimits.MaxRows);
    private readonly long[] numbers = ArrayPool<long>.Shared.Rent(SegmentLimits.MaxRows);
    private readonly ushort[] room = ArrayPool<ushort>.Shared.Rent(SegmentLimits.MaxRows);
    private int[] looked = [];

    /// <summary>Adds the newest kept ids of a segment, newest first, until the list holds <paramref name="limit"/>; true when it does.</summary>
    public bool Page(PullSegment segment, List<long> into, int limit)
    {
        var rows = selector.Select(segment);
        if (rows.IsEmpty)
            return into.Count >= limit;
        var kept = rows.List(room);
        segment.Ids(numbers.AsSpan(0, kept[^1] + 1));
        for (var i = kept.Length - 1; i >= 0 && into.Count < limit; i--)
            into.Add(numbers[kept[i]]);
        return into.Count >= limit;
    }

    /// <summary>The places of the kept pulls within a segment, ascending; valid until the next question.</summary>
    public ReadOnlySpan<ushort> Rows(PullSegment segment)
    {
        var rows = selector.Select(segment);
        return rows.IsEmpty ? [] : rows.List(room);
    }

    /// <summary>Counts the kept pulls by kind (indexed by <see cref="PullKind"/>).</summary>
    public void Count(PullSegment segment, Span<long> byKind)
    {
        var rows = selector.Select(segment);
        if (rows.IsEmpty)
            return;
        var kinds = segment.Dictionary(SegmentColumn.Kind).Values;
        var byCode = CountCodes(segment, SegmentColumn.Kind, rows);
        for (var code = 0; code < byCode.Length; code++)
            byKind[kinds[code]] += byCode[code];
    }

    /// <summary>Collects the addresses and customers of the kept pulls.</summary>
    public void Collect(PullSegment segment, IdBits addresses, IdBits customers)
    {
        var rows = selector.Select(segment);
        if (rows.IsEmpty)
            return;
        Collect(segment, SegmentColumn.Address, rows, addresses);
        Collect(segment, SegmentColumn.Customer, rows, customers);
    }

    /// <summary>Adds the kept pulls to a series, newest quarter hour first.</summary>
    public void Trend(PullSegment segment, List<GrainSums> newestFirst)
    {
        var rows = selector.Select(segment);
        if (rows.IsEmpty)
            return;
        var grains = segment.Grains(numbers, counters);
        var kinds = segment.Dictionary(SegmentColumn.Kind).Values;
        var codes = segment.Codes(SegmentColumn.Kind);
        Span<int> byCode = stackalloc int[kinds.Length];
        var listed = rows.Listed;
        var end = segment.Rows;
        for (var grain = grains - 1; grain >= 0; grain--)
        {
            byCode.Clear();
            if (rows.IsRest)
                codes.CountRange(counters[grain], end, byCode);
            end = counters[grain];
            var before = listed.Length;
            while (before > 0 && listed[before - 1] >= end)
                before--;
            codes.Count(listed[before..], rows.IsRest ? -1 : 1, byCode);
            listed = listed[..before];
            Add(newestFirst, numbers[grain], kinds, byCode);
        }
    }

    /// <summary>
    /// Counts the values of columns: a pull counts in a list when no filter but that list's own leaves it out.
    /// <paramref name="wanted"/> and <paramref name="counts"/> belong together; counts are indexed by value + 1.
    /// </summary>
    public void Options(PullSegment segment, ReadOnlySpan<OptionColumn> wanted, long[][] counts)
    {
        var rows = selector.Select(segment);
        for (var i = 0; i < wanted.Length && !rows.IsEmpty; i++)
        {
            if (wanted[i].Own is null)
                AddCounts(segment, wanted[i].Column, rows, ref counts[i]);
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i].Own is { } own)
                AddCounts(segment, wanted[i].Column, selector.Select(segment, except: own), ref counts[i]);
        }
    }

    /// <summary>Adds the kept pulls to sums, newest period first.</summary>
    public void Summarize(PullSegment segment, IPeriodSums into)
    {
        var rows = selector.Select(segment);
        if (rows.IsEmpty)
            return;
        var kept = rows.List(room);
        var groups = Values(segment, into.Column, kept, 0);
        if (into.GroupOf is { } groupOf)
            Map(groups, groupOf);
        var kinds = Values(segment, SegmentColumn.Kind, kept, 1);
        var addresses = Values(segment, SegmentColumn.Address, kept, 2);
        var end = kept.Length;
        for (var grain = segment.Grains(numbers, counters) - 1; end > 0; grain--)
        {
            var period = PeriodOf(into.FirstGrains, numbers[grain]);
            while (grain > 0 && PeriodOf(into.FirstGrains, numbers[grain - 1]) == period)
                grain--;
            var first = kept[..end].BinarySearch((ushort)counters[grain]);
            first = first < 0 ? ~first : first;
            if (first < end)
                into.Add(period, groups[first..end], kinds[first..end], addresses[first..end]);
            end = first;
        }
    }

    /// <summary>The period a quarter hour falls into, of those that begin with <paramref name="firstGrains"/>.</summary>
    public static int PeriodOf(long[] firstGrains, long grain)
    {
        var at = Array.BinarySearch(firstGrains, grain);
        return Math.Max(0, at < 0 ? ~at - 1 : at);
    }

    public void Dispose()
    {
        selector.Dispose();
        ArrayPool<int>.Shared.Return(looked);
        ArrayPool<int>.Shared.Return(counters);
        ArrayPool<long>.Shared.Return(numbers);
        ArrayPool<ushort>.Shared.Return(room);
    }

    // The numbers that rows have in a column, in one of three places.
    private Span<int> Values(PullSegment segment, SegmentColumn column, ReadOnlySpan<ushort> rows, int place)
    {
        const int Places = 3;
        if (looked.Length == 0)
            looked = ArrayPool<int>.Shared.Rent(Places * SegmentLimits.MaxRows);
        var into = looked.AsSpan(place * SegmentLimits.MaxRows, rows.Length);
        segment.Codes(column).Values(segment.Dictionary(column).Values, rows, into);
        return into;
    }

    private static void Map(Span<int> numbers, int[] groupOf)
    {
        foreach (ref var number in numbers)
            number = number + 1 < groupOf.Length ? groupOf[number + 1] : 0;
    }

    private void AddCounts(PullSegment segment, SegmentColumn column, RowSelection rows, ref long[] counts)
    {
        if (rows.IsEmpty)
            return;
        var values = segment.Dictionary(column).Values;
        var byCode = CountCodes(segment, column, rows);
        if (counts.Length < values[^1] + 2)
            Array.Resize(ref counts, Math.Max(values[^1] + 2, counts.Length * 2));
        for (var code = 0; code < byCode.Length; code++)
            counts[values[code] + 1] += byCode[code];
    }

    private void Collect(PullSegment segment, SegmentColumn column, RowSelection rows, IdBits into)
    {
        var values = segment.Dictionary(column).Values;
        if (into.ContainsAll(values))
            return; // as after some segments most tell nothing new
        var byCode = CountCodes(segment, column, rows);
        for (var code = 0; code < byCode.Length; code++)
        {
            if (byCode[code] > 0)
                into.Add(values[code]);
        }
    }

    // The rows of each code, in the counters.
    private Span<int> CountCodes(PullSegment segment, SegmentColumn column, RowSelection rows)
    {
        var counts = segment.Dictionary(column).Counts;
        var byCode = counters.AsSpan(0, counts.Length);
        if (rows.IsRest)
            counts.CopyTo(byCode);
        else
            byCode.Clear();
        if (!rows.Listed.IsEmpty)
            segment.Codes(column).Count(rows.Listed, rows.IsRest ? -1 : 1, byCode);
        return byCode;
    }

    private static void Add(List<GrainSums> newestFirst, long grain, ReadOnlySpan<int> kinds, ReadOnlySpan<int> byCode)
    {
        if (byCode.IndexOfAnyExcept(0) < 0)
            return;
        var continues = newestFirst.Count > 0 && newestFirst[^1].Grain == grain; // begun in the segment before
        var sums = continues ? newestFirst[^1].Pulls : default;
        for (var code = 0; code < kinds.Length; code++)
            sums[kinds[code]] += byCode[code];
        if (continues)
            newestFirst[^1] = new GrainSums(grain, sums);
        else
            newestFirst.Add(new GrainSums(grain, sums));
    }
}
