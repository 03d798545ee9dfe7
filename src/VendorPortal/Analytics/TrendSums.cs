using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Segments;

namespace VendorPortal.Analytics;

/// <summary>A line of the trends: what of a repository was pulled how often from where and with what.</summary>
internal sealed record TrendLine(string Artifact, string? Country, string? Host, string? Tool, string? Tag)
{
    public long Downloads { get; set; }

    public long Checks { get; set; }

    public int Users { get; set; }

    public int AddressesWithoutUser { get; set; }
}

/// <summary>
/// The trends of a period in one pass over the log. What it takes of memory is the lines and the different users and addresses of each, not the pulls.
/// </summary>
internal static class TrendSums
{
    private const int BatchRows = 8_192;

    /// <summary>In the order of what makes a line, the unknown first.</summary>
    public static IReadOnlyList<TrendLine> Read(DbConnection connection, ReportSource source)
    {
        var (countries, tools, tags) = (
            Values(connection, source, "SELECT Id, Country, Host FROM Addresses WHERE VendorId = @vendor"),
            Values(connection, source, "SELECT Id, Tool, NULL FROM Clients WHERE VendorId = @vendor"),
            Values(connection, source, $"SELECT Id, Name, NULL FROM Versions WHERE VendorId = @vendor AND ArtifactId IN ({string.Join(',', source.Artifacts.Keys)}) AND Name NOT LIKE '%:%'"));
        var (places, lines) = (new Dictionary<(int Artifact, int Address, int Client, int Version), int>(), new List<TrendLine>());
        using var users = new DistinctPairs();
        using var addresses = new DistinctPairs();
        var (group, user, address) = (new int[BatchRows], new int[BatchRows], new int[BatchRows]);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT ArtifactId, AddressId, ClientId, VersionId, UserId, Kind FROM Pulls WHERE VendorId = @vendor AND Id >= @first AND Id < @end AND " +
            $"{ReportSource.IsReported} AND ArtifactId IN ({string.Join(',', source.Artifacts.Keys)})";
        source.AddRange(command);
        using var reader = command.ExecuteReader();
        int rows;
        do
        {
            for (rows = 0; rows < BatchRows && reader.Read(); rows++)
            {
                var from = Number(reader, 1);
                var key = (reader.GetInt32(0), countries.GroupOf(from), tools.GroupOf(Number(reader, 2)), tags.GroupOf(reader.GetInt32(3)));
                if (!places.TryGetValue(key, out var place))
                {
                    places.Add(key, place = lines.Count);
                    var (country, host) = countries.Names[key.Item2];
                    lines.Add(new TrendLine(source.Artifacts[key.Item1], country, host, tools.Names[key.Item3].First, tags.Names[key.Item4].First));
                }

                if ((PullKind)reader.GetInt32(5) == PullKind.VersionCheck)
                    lines[place].Checks++;
                else
                    lines[place].Downloads++;
                var account = Number(reader, 4);
                (group[rows], user[rows], address[rows]) = (place, account, account == SegmentLimits.Unknown ? from : SegmentLimits.Unknown);
            }

            users.Add(group.AsSpan(0, rows), user.AsSpan(0, rows));
            addresses.Add(group.AsSpan(0, rows), address.AsSpan(0, rows));
        }
        while (rows == BatchRows);
        Count(lines, users, addresses);
        return [.. lines.OrderBy(line => line.Artifact, StringComparer.Ordinal).ThenBy(line => line.Country, StringComparer.Ordinal).ThenBy(line => line.Host, StringComparer.Ordinal)
            .ThenBy(line => line.Tool, StringComparer.Ordinal).ThenBy(line => line.Tag, StringComparer.Ordinal)];
    }

    private static void Count(List<TrendLine> lines, DistinctPairs users, DistinctPairs addresses)
    {
        var byLine = new int[lines.Count];
        users.Count(byLine, whole: null);
        for (var place = 0; place < byLine.Length; place++)
            lines[place].Users = byLine[place];
        addresses.Count(byLine, whole: null);
        for (var place = 0; place < byLine.Length; place++)
            lines[place].AddressesWithoutUser = byLine[place];
    }

    private static int Number(DbDataReader reader, int column) => reader.IsDBNull(column) ? SegmentLimits.Unknown : reader.GetInt32(column);

    // Ids that mean the same become one group; the unknown and what is not among them is group 0.
    private static Groups Values(DbConnection connection, ReportSource source, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        command.Add("@vendor", source.VendorId);
        using var reader = command.ExecuteReader();
        var groups = new Dictionary<(string?, string?), int> { [(null, null)] = 0 };
        var byId = new Dictionary<int, int>();
        while (reader.Read())
        {
            var name = (reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2));
            if (!groups.TryGetValue(name, out var group))
                groups.Add(name, group = groups.Count);
            if (group > 0)
                byId.Add(reader.GetInt32(0), group);
        }

        return new Groups(byId, [.. groups.Keys]);
    }

    private sealed record Groups(Dictionary<int, int> ById, IReadOnlyList<(string? First, string? Second)> Names)
    {
        public int GroupOf(int id) => ById.GetValueOrDefault(id);
    }
}
