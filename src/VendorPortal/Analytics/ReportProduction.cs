using System.Data.Common;
using VendorPortal.Hosting;
using VendorPortal.Storage;

namespace VendorPortal.Analytics;

/// <summary>
/// A report as it was written into temporary files, all in one snapshot of the store. <paramref name="Changes"/> is the count of the changes of its days in that
/// snapshot. Disposing removes the files that were not taken away.
/// </summary>
internal sealed record ProducedReport(ReportSheet Sheet, IReadOnlyList<WrittenPart> Parts, long Changes) : IDisposable
{
    public void Dispose() => Sheet.Dispose();
}

/// <summary>From a key to the files of a report.</summary>
internal static class ReportProduction
{
    /// <summary>Writes a report into temporary files of a folder. Null where the vendor has no artifact of the namespace.</summary>
    public static Task<ProducedReport?> RunAsync(PortalDatabase database, int vendorId, ReportKey key, string folder, long maxPartBytes, CancellationToken ct)
    {
        PrivateFolder.Create(folder);
        return database.ReadLogAsync(vendorId, connection => Run(connection, vendorId, key, folder, maxPartBytes), ct);
    }

    private static ProducedReport? Run(DbConnection connection, int vendorId, ReportKey key, string folder, long maxPartBytes)
    {
        if (ReportSource.Find(connection, vendorId, key) is not { } source)
            return null;
        var sheet = new ReportSheet(folder, HeaderOf(key.View), maxPartBytes);
        try
        {
            Write(connection, source, sheet);
            return new ProducedReport(sheet, sheet.Finish(), DayChanges.Sum(connection, vendorId, key.Period.FirstDay, key.Period.LastDay));
        }
        catch
        {
            sheet.Dispose();
            throw;
        }
    }

    private static string HeaderOf(ReportView view) => view switch
    {
        ReportView.Raw => RawReport.Header,
        ReportView.CoreSummary => CoreReports.SummaryHeader,
        ReportView.CoreTrends => CoreReports.TrendsHeader,
        _ => SummaryReports.HeaderOf(view),
    };

    private static void Write(DbConnection connection, ReportSource source, ReportSheet sheet)
    {
        switch (source.Key.View)
        {
            case ReportView.Raw:
                RawReport.Write(connection, source, sheet);
                break;
            case ReportView.CoreSummary:
                CoreReports.WriteSummary(connection, source, sheet);
                break;
            case ReportView.CoreTrends:
                CoreReports.WriteTrends(connection, source, sheet);
                break;
            default:
                SummaryReports.Write(connection, source, sheet);
                break;
        }
    }
}
