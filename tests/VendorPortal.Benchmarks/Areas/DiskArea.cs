using System.Globalization;
using Microsoft.Data.Sqlite;
using VendorPortal.Benchmarks.Measuring;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>Bytes a pull and bytes a journal request, by table as SQLite itself counts its pages.</summary>
internal static class DiskArea
{
    private const int JournalRequests = 200_000;
    private const int RequestsOfPost = 2_000;

    private static readonly string[] OfPulls = ["Pulls", "DailyArtifactPulls", "PullSegments", "PullSegmentColumns"];
    private static readonly string[] OfNames = ["Artifacts", "Versions", "Customers", "CustomerAssignments", "Users", "Addresses", "Clients"];

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        await using var store = await GenerateArea.OpenAsync(options, ct);
        var pulls = store.Facts.Pulls;
        Dictionary<string, long> tables;
        await using (var connection = store.Database.OpenReader())
            tables = Tables(connection);
        var log = tables.Where(t => OfPulls.Contains(t.Key) || t.Key.Contains("Segment", StringComparison.Ordinal)).ToList();
        var perPull = log.Sum(t => t.Value) / (double)pulls;
        var perRequest = await JournalBytesAsync(options, ct);

        report.Section("Disk");
        report.Table(
            ["Table with its indexes", "MB", "Bytes a pull"],
            [
                .. log.OrderByDescending(t => t.Value).Select(t => Row(t.Key, t.Value, pulls)),
                Row("Names of customers, users, addresses, …", tables.Where(t => OfNames.Contains(t.Key)).Sum(t => t.Value), pulls),
                Row("The file altogether", new FileInfo(store.DatabaseFile).Length, pulls),
            ]);
        report.Goals(
            new Goal("Disk of a pull, without journal", "≤ 70 B", Report.Format($"{perPull:F1} B"), perPull <= 70),
            new Goal("Disk of a request in the journal", "≤ 100 B", Report.Format($"{perRequest:F1} B"), perRequest <= 100));
    }

    private static IReadOnlyList<string> Row(string what, long bytes, long pulls) => [what, Report.Format($"{bytes / 1e6:F1}"), Report.Format($"{bytes / (double)pulls:F2}")];

    // As it comes out of live ingestion: ids and event ids in the order of arrival, and each request with its pull.
    private static async Task<double> JournalBytesAsync(BenchmarkOptions options, CancellationToken ct)
    {
        await using var portal = await LivePortal.StartAsync(options, ct);
        var traffic = new LiveTraffic(options.Seed);
        for (var sent = 0; sent < JournalRequests; sent += RequestsOfPost)
            await portal.AppendAsync(traffic.NextBatch(RequestsOfPost), ct);
        while (portal.Unclassified() > 0)
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        await using var connection = portal.Database.OpenReader();
        return Tables(connection)["RegistryRequests"] / (double)JournalRequests;
    }

    /// <summary>Bytes of each table, its indexes included.</summary>
    private static Dictionary<string, long> Tables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate = TRUE GROUP BY m.tbl_name";
        using var reader = command.ExecuteReader();
        var tables = new Dictionary<string, long>(StringComparer.Ordinal);
        while (reader.Read())
            tables[reader.GetString(0)] = Convert.ToInt64(reader.GetValue(1), CultureInfo.InvariantCulture);
        return tables;
    }
}
