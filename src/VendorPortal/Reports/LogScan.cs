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
        using var scan = new SegmentScan(selection.Filter);
        using var log = new SegmentedLog(connection, selection.VendorId, selection.Filter);
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
        if (selection.Filter.FirstId >= selection.Filter.EndId)
            return;
        using var scan = new SegmentScan(selection.Filter);
        using var log = new SegmentedLog(connection, selection.VendorId, selection.Filter);
        foreach (var segment in log.Segments())
            look(scan, segment);
    }

    /// <summary>As <see cref="Each"/>, until <paramref name="look"/> has seen enough and says false.</summary>
    public static void While(DbConnection connection, PullSelection selection, Func<SegmentScan, PullSegment, bool> look)
    {
        if (selection.KeepsNothing)
            return;
        using var scan = new SegmentScan(selection.Filter);
        using var log = new SegmentedLog(connection, selection.VendorId, selection.Filter);
        foreach (var segment in log.Segments())
        {
            if (!look(scan, segment))
                return;
        }
    }
}
