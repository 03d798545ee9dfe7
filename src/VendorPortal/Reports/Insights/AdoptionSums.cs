using System.Runtime.InteropServices;
using VendorPortal.Segments;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports.Insights;

/// <summary>The pulls of a version by one customer, or of a version as a whole: ids of the first and the last, and how many.</summary>
internal record struct PullSpan(long First, long Last, long Pulls)
{
    public void Add(long first, long last, long pulls) => this = Pulls == 0
        ? new PullSpan(first, last, pulls)
        : new PullSpan(Math.Min(First, first), Math.Max(Last, last), Pulls + pulls);
}

/// <summary>Who pulled which version of one artifact, and when: what one thread has seen of the log.</summary>
/// <param name="starts">The first id of each bucket, ascending, and the end of the last one; pulls outside belong to none.</param>
internal sealed class AdoptionSums(long[] starts)
{
    private readonly int[] versions = new int[SegmentLimits.MaxRows];
    private readonly int[] customers = new int[SegmentLimits.MaxRows];
    private readonly int[] labels = new int[SegmentLimits.MaxRows];
    private readonly long[] ids = new long[SegmentLimits.MaxRows];

    /// <summary>By customer and version; <see cref="SegmentLimits.Unknown"/> for pulls of nobody known.</summary>
    public Dictionary<(int Customer, int Version), PullSpan> Pairs { get; } = [];

    /// <summary>By version, its publishers' own pulls among them: when a version was there at the latest.</summary>
    public Dictionary<int, PullSpan> Seen { get; } = [];

    /// <summary>By bucket and version.</summary>
    public Dictionary<(int Bucket, int Version), long> Buckets { get; } = [];

    public void Add(SegmentScan scan, PullSegment segment)
    {
        var rows = scan.Rows(segment);
        if (rows.IsEmpty)
            return;
        Read(segment, SegmentColumn.Version, rows, versions);
        Read(segment, SegmentColumn.Customer, rows, customers);
        Read(segment, SegmentColumn.Labels, rows, labels);
        segment.Ids(ids.AsSpan(0, rows[^1] + 1));
        var bucket = -1;
        for (var i = 0; i < rows.Length; i++)
        {
            var (id, version, own) = (ids[rows[i]], versions[i], (PullLabels)labels[i]);
            if (own.HasFlag(PullLabels.Auxiliary))
                continue;
            CollectionsMarshal.GetValueRefOrAddDefault(Seen, version, out _).Add(id, id, 1);
            if (own != PullLabels.None)
                continue;
            CollectionsMarshal.GetValueRefOrAddDefault(Pairs, (customers[i], version), out _).Add(id, id, 1);
            while (bucket + 1 < starts.Length && starts[bucket + 1] <= id)
                bucket++;
            if (bucket >= 0 && bucket < starts.Length - 1)
                CollectionsMarshal.GetValueRefOrAddDefault(Buckets, (bucket, version), out _)++;
        }
    }

    public void Add(AdoptionSums other)
    {
        foreach (var (pair, span) in other.Pairs)
            CollectionsMarshal.GetValueRefOrAddDefault(Pairs, pair, out _).Add(span.First, span.Last, span.Pulls);
        foreach (var (version, span) in other.Seen)
            CollectionsMarshal.GetValueRefOrAddDefault(Seen, version, out _).Add(span.First, span.Last, span.Pulls);
        foreach (var (place, pulls) in other.Buckets)
            CollectionsMarshal.GetValueRefOrAddDefault(Buckets, place, out _) += pulls;
    }

    private static void Read(PullSegment segment, SegmentColumn column, ReadOnlySpan<ushort> rows, int[] into) =>
        segment.Codes(column).Values(segment.Dictionary(column).Values, rows, into);
}
