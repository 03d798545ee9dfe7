using System.Data.Common;
using System.Globalization;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Analytics;

/// <summary>Which namespaces a vendor has, and which periods there are reports of: those with a download or version check of a customer.</summary>
public sealed class ReportCalendar(PortalDatabase database, TimeProvider time)
{
    /// <summary>
    /// How long a period is over before it is complete. Sessions end some seconds after their last request, and shippers of logs are behind by
    /// seconds; what comes later makes reports be produced again.
    /// </summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMinutes(1);

    // What waits longer is of a feed that has come to nothing, or is classified some day: it is no reason to hold a report back for ever.
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(2);

    // What is labelled or denied is in no report.
    private const string IsReported = "d.VendorId = @vendor AND d.Tag + d.Digest + d.Checks > 0";

    /// <summary>The namespaces with anything to report, by name.</summary>
    public Task<IReadOnlyList<string>> NamespacesAsync(int vendorId, CancellationToken ct) => database.ReadAsync<IReadOnlyList<string>>(
        connection => [.. Names(connection, vendorId).Select(ArtifactNames.NamespaceOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], ct);

    /// <summary>The artifacts of a namespace, also those without pulls; empty where the vendor has none of this name.</summary>
    public Task<IReadOnlyList<string>> ArtifactsAsync(int vendorId, string ns, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<string>>(connection => [.. Artifacts(connection, vendorId, ns).Values], ct);

    /// <summary>The periods with anything to report of a namespace, the oldest first, and whether each is complete.</summary>
    public Task<IReadOnlyList<(ReportPeriod Period, bool IsComplete)>> PeriodsAsync(int vendorId, string ns, ReportTimespan timespan, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<(ReportPeriod, bool)>>(
            connection =>
            [
                .. Days(connection, vendorId, [.. Artifacts(connection, vendorId, ns).Keys])
                    .Select(day => ReportPeriod.Of(timespan, day)).Distinct().Select(period => (period, IsComplete(connection, vendorId, ns, period))),
            ],
            ct);

    /// <summary>Whether a period is complete; null where it has nothing to report of a namespace.</summary>
    public Task<bool?> FindAsync(int vendorId, string ns, ReportPeriod period, CancellationToken ct) => database.ReadAsync<bool?>(
        connection => Days(connection, vendorId, [.. Artifacts(connection, vendorId, ns).Keys], period).Count > 0 ? IsComplete(connection, vendorId, ns, period) : null, ct);

    /// <summary>
    /// A period is complete once it is over and all that was received of it is counted, or has waited for two days. One that reports were produced of stays complete,
    /// whatever comes late. At most one week and one month have to be looked up.
    /// </summary>
    private bool IsComplete(DbConnection connection, int vendorId, string ns, ReportPeriod period)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (period.ToUtc + Settle > now)
            return false;
        if (period.ToUtc + MaxWait <= now)
            return true;
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT EXISTS (SELECT 1 FROM RegistryRequests WHERE VendorId = @vendor AND PullId IS NULL AND Id >= @first AND Id < @end)
                AND NOT EXISTS (SELECT 1 FROM Reports WHERE VendorId = @vendor AND Namespace = @namespace AND Timespan = @timespan AND Year = @year AND Number = @number)
            """;
        command.Add("@vendor", vendorId);
        command.Add("@first", PullIds.Bound(period.FromUtc));
        command.Add("@end", PullIds.Bound(period.ToUtc));
        command.Add("@namespace", ns);
        command.Add("@timespan", (int)period.Timespan);
        command.Add("@year", period.Year);
        command.Add("@number", period.Number);
        return !Convert.ToBoolean(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>The artifacts of a namespace with their ids.</summary>
    internal static Dictionary<int, string> Artifacts(DbConnection connection, int vendorId, string ns)
    {
        using var command = connection.CreateCommand();
        // All that begins with the namespace and a slash lies before the same with the sign after the slash.
        command.CommandText = ns == ArtifactNames.NoNamespace
            ? "SELECT Id, Name FROM Artifacts WHERE VendorId = @vendor AND Name NOT LIKE '%/%'"
            : "SELECT Id, Name FROM Artifacts WHERE VendorId = @vendor AND Name >= @first AND Name < @end";
        command.Add("@vendor", vendorId);
        command.Add("@first", ns + '/');
        command.Add("@end", ns + '0');
        using var reader = command.ExecuteReader();
        var found = new Dictionary<int, string>();
        while (reader.Read())
        {
            if (ArtifactNames.NamespaceOf(reader.GetString(1)) == ns)
                found.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return found;
    }

    private static List<string> Names(DbConnection connection, int vendorId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT a.Name FROM Artifacts a WHERE a.VendorId = @vendor AND EXISTS (SELECT 1 FROM DailyArtifactPulls d WHERE {IsReported} AND d.ArtifactId = a.Id)";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }

    private static List<DateOnly> Days(DbConnection connection, int vendorId, int[] artifactIds, ReportPeriod? period = null)
    {
        using var command = connection.CreateCommand();
        var within = period is null ? "" : " AND d.Day BETWEEN @first AND @last";
        command.CommandText = $"SELECT DISTINCT d.Day FROM DailyArtifactPulls d WHERE {IsReported} AND d.ArtifactId IN ({string.Join(',', artifactIds)}){within} ORDER BY d.Day";
        command.Add("@vendor", vendorId);
        if (period is { } one)
        {
            command.Add("@first", one.FirstDay.DayNumber);
            command.Add("@last", one.LastDay.DayNumber);
        }

        using var reader = command.ExecuteReader();
        var days = new List<DateOnly>();
        while (reader.Read())
            days.Add(DateOnly.FromDayNumber(reader.GetInt32(0)));
        return days;
    }
}
