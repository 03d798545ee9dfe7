using System.Data.Common;
using VendorPortal.Reports;

namespace VendorPortal.Analytics;

/// <summary>
/// Reports with the headers of Docker's newer generation, which counts data downloads and version checks. Data downloads are the pulls by tag and by
/// digest: no registry reports which layers were fetched.
/// </summary>
internal static class CoreReports
{
    public const string SummaryHeader = "DATE_GRANULARITY,DATE_REFERENCE,PUBLISHER_NAME,LEVEL,REFERENCE,DATA_DOWNLOADS,VERSION_CHECKS,EVENT_COUNT";

    public const string TrendsHeader =
        "DATE_GRANULARITY,DATE_REFERENCE,PUBLISHER_NAME,IMAGE_REPOSITORY,NAMESPACE,IP_COUNTRY,CLOUD_SERVICE_PROVIDER,USER_AGENT,TAG," +
        "DATA_DOWNLOADS,VERSION_CHECKS,PULLS,UNIQUE_AUTHENTICATED_USERS,UNIQUE_UNAUTHENTICATED_USERS";

    // As in Docker's files.
    private const string NoCloud = "no csp";
    private const string NoTag = "\\\\N";

    /// <summary>Each repository, then each of its references. Each level restates the same events: sums are only right within one.</summary>
    public static void WriteSummary(DbConnection connection, ReportSource source, ReportSheet sheet)
    {
        foreach (var line in SummaryReader.Read(connection, source.VendorId, source.Filter, SummaryGroup.Artifact, SummaryPeriod.Month))
            Write(source, sheet, "repository", line.Artifact!, line.Whole);
        foreach (var line in SummaryReader.Read(connection, source.VendorId, source.Filter, SummaryGroup.Version, SummaryPeriod.Month))
        {
            var isDigest = PullRows.IsDigest(line.Version!);
            Write(source, sheet, isDigest ? "digest" : "tag", $"{line.Artifact}{(isDigest ? '@' : ':')}{line.Version}", line.Whole);
        }
    }

    /// <summary>Users are those that authenticated; of pulls without an account the different addresses are counted.</summary>
    public static void WriteTrends(DbConnection connection, ReportSource source, ReportSheet sheet)
    {
        foreach (var line in TrendSums.Read(connection, source))
        {
            Begin(source, sheet);
            sheet.Cell(line.Artifact);
            sheet.Cell(RawReport.CellOf(source.Key.Namespace));
            sheet.Cell(line.Country ?? "");
            sheet.Cell(line.Host ?? NoCloud);
            sheet.Cell(line.Tool ?? "");
            sheet.Cell(line.Tag ?? NoTag);
            foreach (var count in (ReadOnlySpan<long>)[line.Downloads, line.Checks, line.Downloads + line.Checks, line.Users, line.AddressesWithoutUser])
                sheet.Cell(count);
            sheet.EndRow();
        }
    }

    private static void Write(ReportSource source, ReportSheet sheet, string level, string reference, PullSums sums)
    {
        Begin(source, sheet);
        sheet.Cell(level);
        sheet.Cell(reference);
        sheet.Cell(sums.ByTag + sums.ByDigest);
        sheet.Cell(sums.Checks);
        sheet.Cell(sums.ByTag + sums.ByDigest + sums.Checks);
        sheet.EndRow();
    }

    private static void Begin(ReportSource source, ReportSheet sheet)
    {
        sheet.Cell(source.Key.Period.Timespan == ReportTimespan.Weeks ? "week" : "month");
        sheet.Cell(source.Key.Period.FromUtc, "yyyy-MM-dd");
        sheet.Cell(source.Publisher);
    }
}
