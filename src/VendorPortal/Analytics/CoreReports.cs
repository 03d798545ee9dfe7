using System.Data.Common;
using System.Globalization;
using VendorPortal.Classification;
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
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            SELECT a.Name, n.Country, n.Host, t.Tool, CASE WHEN v.Name NOT LIKE '%:%' THEN v.Name END,
                SUM(CASE WHEN p.Kind <> {(int)PullKind.VersionCheck} THEN 1 ELSE 0 END), SUM(CASE WHEN p.Kind = {(int)PullKind.VersionCheck} THEN 1 ELSE 0 END),
                COUNT(DISTINCT p.UserId), COUNT(DISTINCT CASE WHEN p.UserId IS NULL THEN p.AddressId END)
            FROM (SELECT * FROM Pulls WHERE VendorId = @vendor AND Id >= @first AND Id < @end AND {ReportSource.IsReported} AND ArtifactId IN ({string.Join(',', source.Artifacts.Keys)})) p
                JOIN Artifacts a ON a.VendorId = @vendor AND a.Id = p.ArtifactId
                LEFT JOIN Versions v ON v.VendorId = @vendor AND v.Id = p.VersionId
                LEFT JOIN Addresses n ON n.VendorId = @vendor AND n.Id = p.AddressId
                LEFT JOIN Clients t ON t.VendorId = @vendor AND t.Id = p.ClientId
            GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
            """);
        source.AddRange(command);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            Begin(source, sheet);
            sheet.Cell(reader.GetString(0));
            sheet.Cell(RawReport.CellOf(source.Key.Namespace));
            sheet.Cell(Text(reader, 1) ?? "");
            sheet.Cell(Text(reader, 2) ?? NoCloud);
            sheet.Cell(Text(reader, 3) ?? "");
            sheet.Cell(Text(reader, 4) ?? NoTag);
            var (downloads, checks) = (reader.GetInt64(5), reader.GetInt64(6));
            foreach (var count in (ReadOnlySpan<long>)[downloads, checks, downloads + checks, reader.GetInt64(7), reader.GetInt64(8)])
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

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
