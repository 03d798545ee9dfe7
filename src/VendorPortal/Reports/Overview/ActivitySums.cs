using VendorPortal.Segments;

namespace VendorPortal.Reports.Overview;

/// <summary>Pulls of each value of a column: how many in each bucket, the last one, and the different values of another column. What one thread has seen of the log.</summary>
/// <param name="column">What is told apart.</param>
/// <param name="counted">What is counted of each.</param>
/// <param name="firstGrains">The quarter hour each bucket begins with, ascending.</param>
internal sealed class ActivitySums(SegmentColumn column, SegmentColumn counted, long[] firstGrains)
{
    private readonly int[] values = new int[SegmentLimits.MaxRows];
    private readonly int[] members = new int[SegmentLimits.MaxRows];
    private readonly long[] ids = new long[SegmentLimits.MaxRows];
    private readonly long[] grains = new long[SegmentLimits.MaxRows];
    private readonly int[] grainRows = new int[SegmentLimits.MaxRows];
    private readonly List<(int Place, int Row)> newest = [];
    private readonly List<Line> lines = [];
    private int[] places = new int[1024];
    private int segments;

    /// <summary>A value and its sums; <see cref="SegmentLimits.Unknown"/> is one.</summary>
    internal sealed class Line(int value, int buckets)
    {
        public int Value => value;

        public int[] ByBucket { get; } = new int[buckets];

        public long LastId { get; set; }

        public IdBits Counted { get; } = new();

        public int Segment { get; set; }
    }

    public IReadOnlyList<Line> Lines => lines;

    /// <summary>The line of a value; null where it has no pull.</summary>
    public Line? Find(int value) => value + 1 < places.Length && places[value + 1] is > 0 and var place ? lines[place - 1] : null;

    public void Add(SegmentScan scan, PullSegment segment)
    {
        var rows = scan.Rows(segment);
        if (rows.IsEmpty)
            return;
        segment.Codes(column).Values(segment.Dictionary(column).Values, rows, values);
        segment.Codes(counted).Values(segment.Dictionary(counted).Values, rows, members);
        var grain = segment.Grains(grains, grainRows) - 1;
        var bucket = SegmentScan.PeriodOf(firstGrains, grains[grain]);
        segments++;
        newest.Clear();
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            if (rows[i] < grainRows[grain])
            {
                while (rows[i] < grainRows[grain])
                    grain--;
                bucket = SegmentScan.PeriodOf(firstGrains, grains[grain]);
            }

            var place = PlaceOf(values[i]);
            var line = lines[place];
            line.ByBucket[bucket]++;
            line.Counted.Add(members[i]);
            if (line.Segment == segments)
                continue;
            line.Segment = segments;
            if (line.LastId < segment.LastId)
                newest.Add((place, rows[i]));
        }

        Last(segment);
    }

    public void Add(ActivitySums other)
    {
        foreach (var theirs in other.lines)
        {
            var line = lines[PlaceOf(theirs.Value)];
            for (var bucket = 0; bucket < line.ByBucket.Length; bucket++)
                line.ByBucket[bucket] += theirs.ByBucket[bucket];
            line.LastId = Math.Max(line.LastId, theirs.LastId);
            line.Counted.UnionWith(theirs.Counted);
        }
    }

    // Segments come newest first, so that most lines have a later pull already and no id has to be read.
    private void Last(PullSegment segment)
    {
        if (newest.Count == 0)
            return;
        segment.Ids(ids.AsSpan(0, newest.Max(last => last.Row) + 1));
        foreach (var (place, row) in newest)
            lines[place].LastId = Math.Max(lines[place].LastId, ids[row]);
    }

    private int PlaceOf(int value)
    {
        if (value + 1 >= places.Length)
            Array.Resize(ref places, Math.Max(value + 2, 2 * places.Length));
        ref var place = ref places[value + 1];
        if (place == 0)
        {
            lines.Add(new Line(value, firstGrains.Length));
            place = lines.Count;
        }

        return place - 1;
    }
}
