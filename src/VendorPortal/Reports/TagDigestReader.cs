using System.Data.Common;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports;

/// <summary>What tags pointed at when they were last asked for.</summary>
public sealed class TagDigestReader(PortalDatabase database)
{
    // Two million pulls: what was not asked for since then is better left open than waited for.
    private const int MostSegments = 32;

    // Versions, the newest first, among them digests: as many as a page can wait for.
    private const int MostVersions = 20_000;

    // Of one statement.
    private const int LookUps = 1000;

    /// <summary>
    /// The digest of each tag of the artifacts, by the newest of the latest pulls of it; without those that were not pulled for
    /// long, or whose digest no feed has told. The same tag of two artifacts is told by the newer one.
    /// </summary>
    public Task<IReadOnlyDictionary<string, string>> ReadAsync(int vendorId, FilterValues artifacts, CancellationToken ct) =>
        database.ReadLogAsync<IReadOnlyDictionary<string, string>>(
            vendorId,
            connection =>
            {
                var selection = PullSelector.Select(connection, vendorId, new PullFilter { Artifacts = artifacts, Publishers = PublisherPulls.Include });
                return Digests(connection, vendorId, Newest(connection, selection));
            },
            ct);

    // The newest pull of each version, newest first.
    private static List<long> Newest(DbConnection connection, PullSelection selection)
    {
        var (seen, newest, looked) = (new IdBits(), new List<long>(), 0);
        LogScan.While(connection, selection, (scan, segment) =>
        {
            var rows = scan.Rows(segment);
            if (rows.IsEmpty)
                return ++looked < MostSegments;
            var (versions, ids) = (new int[rows.Length], new long[rows[^1] + 1]);
            segment.Codes(SegmentColumn.Version).Values(segment.Dictionary(SegmentColumn.Version).Values, rows, versions);
            segment.Ids(ids);
            for (var i = rows.Length - 1; i >= 0 && newest.Count < MostVersions; i--)
            {
                if (seen.Contains(versions[i]))
                    continue;
                seen.Add(versions[i]);
                newest.Add(ids[rows[i]]);
            }

            return ++looked < MostSegments && newest.Count < MostVersions;
        });
        return newest;
    }

    private static Dictionary<string, string> Digests(DbConnection connection, int vendorId, List<long> pulls)
    {
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var some in pulls.Chunk(LookUps))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"""
                SELECT v.Name, d.Name FROM Pulls p
                JOIN Versions v ON v.VendorId = p.VendorId AND v.Id = p.VersionId
                JOIN Versions d ON d.VendorId = p.VendorId AND d.Id = p.DigestId
                WHERE p.VendorId = @vendor AND p.Id IN ({string.Join(',', some)}) ORDER BY p.Id DESC
                """;
            command.Add("@vendor", vendorId);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (reader.GetString(0) is var tag && !PullRows.IsDigest(tag))
                    digests.TryAdd(tag, reader.GetString(1)); // the newest has come first
            }
        }

        return digests;
    }

    /// <summary>The digests that pulls got; without those of which no feed has told.</summary>
    internal static Dictionary<long, string> DigestsOf(DbConnection connection, int vendorId, IReadOnlyList<long> pulls)
    {
        var digests = new Dictionary<long, string>();
        foreach (var some in pulls.Chunk(LookUps))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"""
                SELECT p.Id, d.Name FROM Pulls p JOIN Versions d ON d.VendorId = p.VendorId AND d.Id = p.DigestId
                WHERE p.VendorId = @vendor AND p.Id IN ({string.Join(',', some)})
                """;
            command.Add("@vendor", vendorId);
            using var reader = command.ExecuteReader();
            while (reader.Read())
                digests[reader.GetInt64(0)] = reader.GetString(1);
        }

        return digests;
    }
}
