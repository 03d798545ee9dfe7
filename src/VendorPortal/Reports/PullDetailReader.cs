using System.Data.Common;
using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports;

/// <summary>Opens one pull down to its requests.</summary>
public sealed class PullDetailReader(PortalDatabase database)
{
    // No client is known to fetch more manifests in one action; a runaway one must not fill a page.
    internal const int MaxRequests = 500;

    // Between two consecutive requests of a pull lie at most five seconds.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>The pull and what is still kept of its requests; null where the vendor has no such pull.</summary>
    public Task<PullDetail?> ReadAsync(int vendorId, long id, CancellationToken ct) =>
        database.ReadLogAsync(vendorId, connection => Read(connection, vendorId, id), ct);

    private static PullDetail? Read(DbConnection connection, int vendorId, long id)
    {
        if (id is < 0 or long.MaxValue)
            return null;
        var one = new PullSelection(vendorId, new SegmentFilter(id, id + 1, []));
        if (PullRows.ReadNewest(connection, one, 1) is not [var item])
            return null;
        var (rule, ruleset, userAgent) = ReadFacts(connection, one);
        var requests = ReadRequests(connection, vendorId, item);
        var children = ReadChildren(connection, vendorId, item, requests);
        var lines = requests.Select(line => line with { Platform = Platform(line, children) }).ToList();
        var removedAfter = lines.Count == 0 ? ReadRemovedAfter(connection, vendorId, item.AtUtc) : null;
        var explanation = PullExplanation.Of(item, rule, lines, children.Keys.ToHashSet(StringComparer.Ordinal), removedAfter);
        return new PullDetail(item, rule, explanation, userAgent, ruleset, lines);
    }

    private static (PullRule Rule, int Ruleset, string? UserAgent) ReadFacts(DbConnection connection, PullSelection one)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT p.Rule, p.Ruleset, t.UserAgent FROM Pulls p
            LEFT JOIN Clients t ON t.VendorId = p.VendorId AND t.Id = p.ClientId WHERE p.VendorId = @vendor AND p.Id = @id
            """;
        command.Add("@vendor", one.VendorId);
        command.Add("@id", one.Filter.FirstId);
        using var reader = command.ExecuteReader();
        reader.Read();
        return ((PullRule)reader.GetInt32(0), reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetString(2));
    }

    /// <summary>After how many days the requests of a day were removed; null where none were.</summary>
    private static int? ReadRemovedAfter(DbConnection connection, int vendorId, DateTime atUtc)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MAX(AfterDays) FROM JournalPurges WHERE VendorId = @vendor AND Day = @day";
        command.Add("@vendor", vendorId);
        command.Add("@day", DateOnly.FromDateTime(atUtc).DayNumber);
        return command.ExecuteScalar() is long days ? (int)days : null;
    }

    private static List<PullRequestLine> ReadRequests(DbConnection connection, int vendorId, PullItem pull)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT q.Id, q.TicksOffset, q.Method, v.Name, d.Name, q.Status, f.Name, m.MediaType
            FROM RegistryRequests q
            LEFT JOIN Versions v ON v.VendorId = q.VendorId AND v.Id = q.VersionId
            LEFT JOIN Versions d ON d.VendorId = q.VendorId AND d.Id = q.DigestId
            LEFT JOIN Feeds f ON f.VendorId = q.VendorId AND f.Id = q.FeedId
            LEFT JOIN Manifests m ON m.VendorId = q.VendorId AND m.Digest = d.Name
            WHERE q.VendorId = @vendor AND q.Id >= @firstId AND q.Id < @endId AND q.PullId = @pull
            ORDER BY q.Id LIMIT @limit
            """;
        command.Add("@vendor", vendorId);
        // One window more on either side: a crowded millisecond hands ids on to the next one.
        command.Add("@firstId", PullIds.Bound(pull.AtUtc - Window));
        command.Add("@endId", PullIds.Bound(pull.AtUtc + (Window * (pull.Requests + 1))));
        command.Add("@pull", pull.Id);
        command.Add("@limit", MaxRequests);
        using var reader = command.ExecuteReader();
        var requests = new List<PullRequestLine>();
        while (reader.Read())
        {
            requests.Add(new PullRequestLine(
                PullIds.TimeOf(reader.GetInt64(0)).AddTicks(reader.GetInt32(1)),
                (RequestMethod)reader.GetInt32(2),
                Text(reader, 3) ?? "",
                Text(reader, 4),
                reader.GetInt32(5),
                Text(reader, 6) ?? "",
                Text(reader, 7),
                Platform: null));
        }

        return [.. requests.OrderBy(request => request.AtUtc)];
    }

    /// <summary>Of the digests of a pull, those that are listed in another of its digests, with their platform where it is known.</summary>
    private static Dictionary<string, string?> ReadChildren(DbConnection connection, int vendorId, PullItem pull, List<PullRequestLine> requests)
    {
        var children = new Dictionary<string, string?>(StringComparer.Ordinal);
        var digests = requests.SelectMany(line => new[] { line.Digest, line.Reference }).Append(pull.Digest).OfType<string>()
            .Where(PullRows.IsDigest).Distinct(StringComparer.Ordinal).ToList();
        if (digests.Count < 2)
            return children;
        using var command = connection.CreateCommand();
        var names = digests.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"@digest{i}")).ToList();
        var list = string.Join(',', names);
        command.CommandText = $"""
            SELECT ChildDigest, Platform FROM ManifestChildren
            WHERE VendorId = @vendor AND ParentDigest IN ({list}) AND ChildDigest IN ({list})
            """;
        command.Add("@vendor", vendorId);
        for (var i = 0; i < names.Count; i++)
            command.Add(names[i], digests[i]);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var platform = Text(reader, 1);
            if (platform is not null || !children.ContainsKey(reader.GetString(0)))
                children[reader.GetString(0)] = platform;
        }

        return children;
    }

    private static string? Platform(PullRequestLine line, Dictionary<string, string?> children) =>
        children.TryGetValue(line.Digest ?? line.Reference, out var platform) ? platform : null;

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
