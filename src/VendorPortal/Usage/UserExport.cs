using System.Globalization;
using System.Text;
using VendorPortal.Exports;
using VendorPortal.Storage;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Usage;

/// <summary>
/// The people of a period as CSV: who is on a list of members, and who used the product in the period. Version and last use are empty for who did not, and
/// for who opted out. The columns are those of Docker's user export.
/// </summary>
public sealed class UserExport(PortalDatabase database, TimeProvider time)
{
    public static readonly IReadOnlyList<string> Columns = ["Name", "Username", "Email", "Type", "Role", "Teams", "Date Joined", "Last Logged-In Date", "Docker Desktop Version", "Last Seen Date", "Opted Out Analytics"];

    private const int PageRows = 1_000;

    private const string Sql =
        "SELECT p.\"Id\", p.\"UserKey\", p.\"Name\", p.\"Username\", p.\"Email\", p.\"Type\", p.\"Role\", p.\"Teams\", p.\"JoinedUtc\", p.\"LastLogInUtc\", n.\"Name\", p.\"LastSeenUtc\", p.\"IsOptedOut\" " +
        "FROM \"ProductUsers\" p LEFT JOIN \"UsageNames\" n ON n.\"VendorId\" = p.\"VendorId\" AND n.\"Id\" = p.\"LastVersionId\" " +
        "LEFT JOIN \"Customers\" c ON c.\"VendorId\" = p.\"VendorId\" AND c.\"Id\" = p.\"CustomerId\" " +
        "WHERE p.\"VendorId\" = @p0 AND (p.\"UserKey\" > @p1 OR (p.\"UserKey\" = @p1 AND p.\"Id\" > @p2)) AND p.\"IsErased\" = 0 AND (p.\"IsListed\" = 1 OR p.\"IsOptedOut\" = 1 OR p.\"LastSeenUtc\" >= @p3) " +
        "AND (@p4 IS NULL OR c.\"Name\" = @p4 OR (@p4 = '-' AND p.\"CustomerId\" = 0)) ORDER BY p.\"UserKey\", p.\"Id\" LIMIT 1000";

    /// <summary>The name of a file that is made now.</summary>
    public string FileName => $"{DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}_product_users.csv";

    /// <summary>Writes the file, a page of people at a time.</summary>
    public async Task WriteAsync(int vendorId, UsagePeriod period, string? customer, Stream output, ExportTally tally, CancellationToken ct)
    {
        var first = period.FirstDay(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        await using var counted = new TalliedStream(output, tally);
        var cell = CsvCells.Encoder();
        await counted.WriteAsync(Encoding.UTF8.GetBytes(string.Join(',', Columns) + "\r\n"), ct);
        for (var (key, id) = ("", 0); ;)
        {
            var page = await database.ReadAsync(connection => ReadPage(connection, vendorId, key, id, first, customer), ct);
            if (page.Count == 0)
                return;
            using var buffer = new MemoryStream();
            foreach (var person in page)
            {
                for (var i = 0; i < person.Cells.Length; i++)
                {
                    if (i > 0)
                        buffer.WriteByte((byte)',');
                    if (person.Cells[i] is { Length: > 0 } text)
                        buffer.Write(cell(text));
                }

                buffer.Write("\r\n"u8);
            }

            await counted.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), ct);
            tally.Rows += page.Count;
            (key, id) = (page[^1].Key, page[^1].Id);
            if (page.Count < PageRows)
                return;
        }
    }

    private static List<Person> ReadPage(System.Data.Common.DbConnection connection, int vendorId, string key, int id, DateTime first, string? customer)
    {
        using var statement = new PreparedStatement(connection, Sql, 5);
        using var reader = statement.Read(vendorId, key, id, first, customer);
        var page = new List<Person>();
        while (reader.Read())
        {
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            DateTime? Time(int column) => reader.IsDBNull(column) ? null : reader.GetDateTime(column);
            var seen = Time(11) is { } last && last >= first ? last : (DateTime?)null;
            page.Add(new Person(reader.GetInt32(0), reader.GetString(1),
            [
                Text(2), Text(3), Text(4), Text(5), Text(6), Text(7), Format(Time(8)), Format(Time(9)),
                seen is null ? null : Text(10), Format(seen), reader.GetInt64(12) != 0 ? "true" : "false",
            ]));
        }

        return page;
    }

    private static string? Format(DateTime? utc) => utc?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed record Person(int Id, string Key, string?[] Cells);
}
