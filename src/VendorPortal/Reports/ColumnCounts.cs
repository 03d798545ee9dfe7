using System.Data.Common;
using VendorPortal.Segments;

namespace VendorPortal.Reports;

/// <summary>Counts the values of columns in one pass over the log.</summary>
internal static class ColumnCounts
{
    /// <summary>For each of the columns the pulls of each id + 1, the unknown first.</summary>
    public static long[][] Read(DbConnection connection, PullSelection selection, OptionColumn[] columns)
    {
        var counts = Empty();
        if (columns.Length > 0)
            LogScan.Each(connection, selection, Empty, (part, scan, segment) => scan.Options(segment, columns, part), part => Add(part, counts));
        return counts;

        long[][] Empty() => [.. columns.Select(_ => Array.Empty<long>())];
    }

    private static void Add(long[][] part, long[][] counts)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i].Length < part[i].Length)
                Array.Resize(ref counts[i], part[i].Length);
            for (var place = 0; place < part[i].Length; place++)
                counts[i][place] += part[i][place];
        }
    }
}
