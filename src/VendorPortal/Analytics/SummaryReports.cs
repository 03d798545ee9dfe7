using System.Data.Common;
using VendorPortal.Reports;

namespace VendorPortal.Analytics;

/// <summary>
/// The summaries, in the order of names. Different addresses are counted for each row by itself, those of version checks among them: they never add up
/// across rows.
/// </summary>
internal static class SummaryReports
{
    private const string Counts = "unique_ip_addresses,pulls_by_tag,pulls_by_digest,version_checks,owner";

    public static string HeaderOf(ReportView view) => view switch
    {
        ReportView.Summary => $"namespace,repository,reference,{Counts}",
        ReportView.RepoSummary => $"namespace,repository,{Counts}",
        _ => $"namespace,{Counts}",
    };

    public static void Write(DbConnection connection, ReportSource source, ReportSheet sheet)
    {
        var group = source.Key.View switch
        {
            ReportView.Summary => SummaryGroup.Version,
            ReportView.RepoSummary => SummaryGroup.Artifact,
            _ => SummaryGroup.Namespace,
        };
        foreach (var line in SummaryReader.Read(connection, source.VendorId, source.Filter, group, SummaryPeriod.Month))
        {
            sheet.Cell(RawReport.CellOf(source.Key.Namespace));
            if (group != SummaryGroup.Namespace)
                sheet.Cell(ArtifactNames.RepositoryOf(line.Artifact!));
            if (group == SummaryGroup.Version)
                sheet.Cell(line.Version!);
            sheet.Cell(line.Whole.UniqueAddresses);
            sheet.Cell(line.Whole.ByTag);
            sheet.Cell(line.Whole.ByDigest);
            sheet.Cell(line.Whole.Checks);
            sheet.Cell(source.Publisher);
            sheet.EndRow();
        }
    }
}
