using System.Data.Common;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports;

/// <summary>From a selection to the segments it is answered from.</summary>
internal static class LogScan
{
    /// <summary>Ids a selection keeps, newest first, at most <paramref name="limit"/>.</summary>
    public static List<long> NewestIds(DbConnection connection, PullSelection selection, int limit)
    {
        var ids = new List<long>(Math.Min(limit, 1024));
        if (selection.KeepsNothing)
            return ids;
        var filter = Filter(selection);
        var scan = new SegmentScan(filter);
        using var log = new SegmentedLog(connection, selection.VendorId, filter);
        foreach (var segment in log.Segments())
        {
            if (scan.Page(segment, ids, limit))
                break;
        }

        return ids;
    }

    /// <summary>Shows every segment that may matter to <paramref name="look"/>, newest first.</summary>
    public static void Each(DbConnection connection, PullSelection selection, Action<SegmentScan, PullSegment> look)
    {
        if (selection.KeepsNothing)
            return;
        var filter = Filter(selection);
        var scan = new SegmentScan(filter);
        using var log = new SegmentedLog(connection, selection.VendorId, filter);
        foreach (var segment in log.Segments())
            look(scan, segment);
    }

    /// <summary>As <see cref="Each"/>, until <paramref name="look"/> has seen enough and says false.</summary>
    public static void While(DbConnection connection, PullSelection selection, Func<SegmentScan, PullSegment, bool> look)
    {
        if (selection.KeepsNothing)
            return;
        var filter = Filter(selection);
        var scan = new SegmentScan(filter);
        using var log = new SegmentedLog(connection, selection.VendorId, filter);
        foreach (var segment in log.Segments())
        {
            if (!look(scan, segment))
                return;
        }
    }

    // In the order of the columns: the cheap ones may rule a segment out before the dear ones are fetched.
    private static SegmentFilter Filter(PullSelection selection)
    {
        var columns = new List<ColumnFilter>();
        if (selection.Publishers != PublisherPulls.Include)
            columns.Add(new ColumnFilter(SegmentColumn.Labels, IdBits.Of([0]), Exclude: selection.Publishers == PublisherPulls.Only));
        if (selection.Kinds is { } kinds)
            columns.Add(new ColumnFilter(SegmentColumn.Kind, IdBits.Of([.. kinds.Select(k => (int)k)])));
        Add(SegmentColumn.Artifact, selection.Artifacts);
        Add(SegmentColumn.Customer, selection.Customers);
        Add(SegmentColumn.User, selection.Users);
        Add(SegmentColumn.Version, selection.Versions);
        Add(SegmentColumn.Address, selection.Addresses);
        return new SegmentFilter(selection.FirstId, selection.EndId, columns);

        void Add(SegmentColumn column, IdSet? set)
        {
            if (set is null)
                return;
            var bits = IdBits.Of(set.Ids);
            if (set.OrUnknown)
                bits.Add(SegmentLimits.Unknown);
            columns.Add(new ColumnFilter(column, bits));
        }
    }
}
