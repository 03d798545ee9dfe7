using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace VendorPortal.Tests.Testing;

/// <summary>Access logs of years ago, and what a store says after they were imported.</summary>
internal static class PastLog
{
    public static readonly DateTime Start = new(2024, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>A line of the combined format.</summary>
    public static string Line(double second, string method = "GET", string reference = "1.0", string user = "alice", int status = 200, string address = "203.0.113.7", string repository = "acme/app", DateTime? start = null)
    {
        var at = (start ?? Start).AddSeconds(second);
        return string.Create(CultureInfo.InvariantCulture, $"{address} - {user} [{at:dd/MMM/yyyy:HH:mm:ss} +0000] \"{method} /v2/{repository}/manifests/{reference} HTTP/1.1\" {status} 1234 \"-\" \"docker/28.0.1\"");
    }

    /// <summary>The same line as nginx writes it as JSON: to the millisecond, with the digest.</summary>
    public static string JsonLine(int millisecond, string method, string reference, string user, int status, string? digest)
    {
        var at = (Start - DateTime.UnixEpoch).TotalSeconds + (millisecond / 1000.0);
        return string.Create(CultureInfo.InvariantCulture, $$"""{"msec":"{{at:F3}}","remote_addr":"203.0.113.7","remote_user":"{{user}}","method":"{{method}}","uri":"/v2/acme/app/manifests/{{reference}}","status":{{status}},"user_agent":"docker/28.0.1","docker_content_digest":"{{digest}}"}""");
    }

    /// <summary>Lines in order of time, dense where rules and seconds meet.</summary>
    public static List<string> Random(int seed, int lines)
    {
        var random = new Random(seed);
        var second = 0;
        return [.. Enumerable.Range(0, lines).Select(_ =>
        {
            second += random.Next(6) switch { 0 => 0, 1 => 6, 2 => 5, 3 => random.Next(1, 90), _ => random.Next(2) };
            var reference = random.Next(5) switch { 0 => RequestGenerators.Digest(1), 1 => RequestGenerators.Digest(2), 2 => "latest", _ => "1.0" };
            return Line(second, random.Next(2) == 0 ? "HEAD" : "GET", reference, $"user{random.Next(3)}", random.Next(8) == 0 ? 404 : 200);
        })];
    }

    /// <summary>All that the log of a vendor says, by names, in order of time.</summary>
    public static List<string> Pulls(string database, int vendorId = 1) => Rows(
        database,
        "SELECT p.Id >> 8, p.Kind, p.Rule, p.Labels, p.Requests, p.Status, a.Name, v.Name, d.Name, hex(n.Value), u.Principal, c.UserAgent FROM Pulls p " +
        "JOIN Artifacts a ON a.VendorId = p.VendorId AND a.Id = p.ArtifactId JOIN Versions v ON v.VendorId = p.VendorId AND v.Id = p.VersionId " +
        "LEFT JOIN Versions d ON d.VendorId = p.VendorId AND d.Id = p.DigestId LEFT JOIN Addresses n ON n.VendorId = p.VendorId AND n.Id = p.AddressId " +
        "LEFT JOIN Users u ON u.VendorId = p.VendorId AND u.Id = p.UserId LEFT JOIN Clients c ON c.VendorId = p.VendorId AND c.Id = p.ClientId WHERE p.VendorId = @p0", vendorId);

    /// <summary>The same with ids, roll-ups and segments: equal where not a byte of them has changed.</summary>
    public static List<string> Everything(string database, int vendorId = 1) =>
    [
        .. Rows(database, "SELECT 'pull', * FROM Pulls WHERE VendorId = @p0", vendorId),
        .. Rows(database, "SELECT 'day', * FROM DailyArtifactPulls WHERE VendorId = @p0", vendorId),
        .. Rows(database, "SELECT 'segment', * FROM PullSegments WHERE VendorId = @p0", vendorId),
        .. Rows(database, "SELECT 'column', * FROM PullSegmentColumns WHERE VendorId = @p0", vendorId),
    ];

    public static long Count(string database) => long.Parse(Rows(database, "SELECT COUNT(*) FROM Pulls WHERE VendorId = @p0", 1)[0], CultureInfo.InvariantCulture);

    private static List<string> Rows(string database, string sql, int vendorId)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@p0", vendorId);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(SHA256.HashData(bytes)) : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
