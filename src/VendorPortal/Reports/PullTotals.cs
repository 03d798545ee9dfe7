using VendorPortal.Classification;
using VendorPortal.Segments;

namespace VendorPortal.Reports;

/// <summary>What a filter keeps, counted and over time, of one state of the log.</summary>
public sealed record PullTotals(PullCount Count, PullTrend Trend);

/// <summary>Adds segments up to a <see cref="PullCount"/>.</summary>
internal sealed class CountSums
{
    private readonly long[] byKind = new long[KindSums.Kinds];
    private readonly IdBits addresses = new();
    private readonly IdBits customers = new();

    public void Add(SegmentScan scan, PullSegment segment)
    {
        scan.Count(segment, byKind);
        AddUniques(scan, segment);
    }

    /// <summary>All but the sums by kind, which come by <see cref="Add(KindSums)"/>.</summary>
    public void AddUniques(SegmentScan scan, PullSegment segment) => scan.Collect(segment, addresses, customers);

    public void Add(KindSums pulls)
    {
        for (var kind = 0; kind < byKind.Length; kind++)
            byKind[kind] += pulls[kind];
    }

    public void Add(CountSums other)
    {
        for (var kind = 0; kind < byKind.Length; kind++)
            byKind[kind] += other.byKind[kind];
        addresses.UnionWith(other.addresses);
        customers.UnionWith(other.customers);
    }

    public PullCount ToCount() => new(
        byKind.Sum(), addresses.CountKnown(), customers.CountKnown(),
        Enum.GetValues<PullKind>().Where(kind => byKind[(int)kind] > 0).ToDictionary(kind => kind, kind => byKind[(int)kind]));
}
