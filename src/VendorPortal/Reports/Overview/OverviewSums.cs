using VendorPortal.Classification;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports.Overview;

/// <summary>Downloads counted by bucket and artifact, with their addresses and customers: what one thread has seen of the log.</summary>
/// <param name="firstGrains">The quarter hour each bucket begins with, ascending.</param>
internal sealed class OverviewSums(long[] firstGrains)
{
    private static readonly OptionColumn[] Artifact = [new(SegmentColumn.Artifact, null)];

    private readonly List<GrainSums> series = [];
    private readonly long[][] byArtifact = [[]];

    public CountSums Count { get; } = new();

    public long[] ByBucket { get; } = new long[firstGrains.Length];

    /// <summary>By id + 1.</summary>
    public long[] ByArtifact => byArtifact[0];

    /// <summary>The quarter hours that days of UTC begin with.</summary>
    public static long[] Grains(IEnumerable<DateOnly> days) => [.. days.Select(day => PullIds.Bound(day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)) / SegmentLimits.Grain)];

    public void Add(SegmentScan scan, PullSegment segment)
    {
        Count.Add(scan, segment);
        scan.Options(segment, Artifact, byArtifact);
        series.Clear();
        scan.Trend(segment, series);
        foreach (var grain in series)
            ByBucket[SegmentScan.PeriodOf(firstGrains, grain.Grain)] += grain.Pulls[(int)PullKind.PullByTag] + grain.Pulls[(int)PullKind.PullByDigest];
    }

    public void Add(OverviewSums other)
    {
        Count.Add(other.Count);
        for (var bucket = 0; bucket < ByBucket.Length; bucket++)
            ByBucket[bucket] += other.ByBucket[bucket];
        if (byArtifact[0].Length < other.ByArtifact.Length)
            Array.Resize(ref byArtifact[0], other.ByArtifact.Length);
        for (var place = 0; place < other.ByArtifact.Length; place++)
            byArtifact[0][place] += other.ByArtifact[place];
    }
}
