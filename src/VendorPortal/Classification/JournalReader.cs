using System.Data.Common;
using System.Globalization;
using VendorPortal.Journal;
using VendorPortal.Storage;

namespace VendorPortal.Classification;

/// <summary>Reads requests back from the journal: what waits after a start, and the neighbours of late requests.</summary>
internal sealed class JournalReader(PortalDatabase database)
{
    // Ids of a crowded millisecond spill into the next ones; this much is allowed for.
    private static readonly TimeSpan Spill = TimeSpan.FromSeconds(1);

    private const string Columns =
        "SELECT r.\"Id\", r.\"FeedId\", r.\"EventId\", r.\"TicksOffset\", r.\"Method\", r.\"ArtifactId\", r.\"VersionId\", r.\"DigestId\", r.\"Status\", " +
        "r.\"AddressId\", r.\"UserId\", r.\"ClientId\", r.\"PullId\", v.\"Name\", d.\"Name\", r.\"GivenKind\" FROM \"RegistryRequests\" r " +
        "JOIN \"Versions\" v ON v.\"VendorId\" = r.\"VendorId\" AND v.\"Id\" = r.\"VersionId\" " +
        "LEFT JOIN \"Versions\" d ON d.\"VendorId\" = r.\"VendorId\" AND d.\"Id\" = r.\"DigestId\" WHERE r.\"VendorId\" = @p0 ";

    // What was classified: part of a row, or forgiven; and refusals that were received when they made no rows yet.
    private const string Classified =
        "(r.\"PullId\" > 0 OR r.\"PullId\" = -1 OR (r.\"PullId\" = 0 AND (r.\"Status\" IN (403, 404, 429) OR (r.\"Status\" = 401 AND r.\"UserId\" IS NOT NULL)))) ";

    /// <summary>Requests above <paramref name="after"/> that wait for classification, oldest first.</summary>
    public List<JournaledRequest> ReadPending(int vendorId, long after, int limit) =>
        Read(
            vendorId,
            // Their ids first: these alone the index holds.
            $"AND r.\"Id\" IN (SELECT \"Id\" FROM \"RegistryRequests\" WHERE \"VendorId\" = @p0 AND \"PullId\" IS NULL AND \"Id\" > @p1 ORDER BY \"Id\" LIMIT {Text(limit)}) ORDER BY r.\"Id\"",
            [vendorId, after],
            _ => true);

    /// <summary>Classified requests with a start time in the range that <paramref name="wanted"/> wants, oldest first.</summary>
    public List<JournaledRequest> ReadClassified(int vendorId, long fromTicks, long toTicks, Func<JournaledRequest, bool> wanted)
    {
        var from = new DateTime(Math.Max(fromTicks, PullIds.Epoch.Ticks), DateTimeKind.Utc);
        var to = new DateTime(toTicks, DateTimeKind.Utc) + Spill;
        return Read(vendorId, $"AND {Classified}AND r.\"Id\" BETWEEN @p1 AND @p2 ORDER BY r.\"Id\"", [vendorId, PullIds.FirstOf(from), PullIds.Bound(to)], wanted);
    }

    /// <summary>The oldest classified requests of a range of ids, at most <paramref name="limit"/>.</summary>
    public List<JournaledRequest> ReadRange(int vendorId, long fromId, long endId, int limit) =>
        Read(vendorId, $"AND {Classified}AND r.\"Id\" >= @p1 AND r.\"Id\" < @p2 ORDER BY r.\"Id\" LIMIT {Text(limit)}", [vendorId, fromId, endId], _ => true);

    /// <summary>How many requests <see cref="ReadRange"/> would give without a limit.</summary>
    public long CountRange(int vendorId, long fromId, long endId)
    {
        using var connection = database.OpenReader();
        using var statement = new PreparedStatement(
            connection, $"SELECT COUNT(*) FROM \"RegistryRequests\" r WHERE r.\"VendorId\" = @p0 AND {Classified}AND r.\"Id\" >= @p1 AND r.\"Id\" < @p2", 3);
        return (long)statement.Scalar(vendorId, fromId, endId)!;
    }

    /// <summary>
    /// Classified requests that ask for one of <paramref name="digests"/> (some hundreds at the most), in whatever repository, oldest
    /// first. No index leads there, so the journal is walked in slices: this looks at the <paramref name="slice"/> requests above
    /// <paramref name="after"/> and says up to which id it has looked; <see cref="long.MaxValue"/> at the end.
    /// </summary>
    public (List<JournaledRequest> Requests, long Through) ReadByDigest(int vendorId, string[] digests, long after, int slice)
    {
        var through = IdAt(vendorId, after, slice) ?? long.MaxValue;
        var names = string.Join(", ", digests.Select((_, i) => $"@p{Text(i + 3)}"));
        var requests = Read(
            vendorId,
            $"AND {Classified}AND r.\"Id\" > @p1 AND r.\"Id\" <= @p2 AND r.\"DigestId\" IN (SELECT \"Id\" FROM \"Versions\" WHERE \"VendorId\" = @p0 AND \"Name\" IN ({names})) " +
            "ORDER BY r.\"Id\"",
            [vendorId, after, through, .. digests],
            _ => true);
        return (requests, through);
    }

    private long? IdAt(int vendorId, long after, int rows)
    {
        using var connection = database.OpenReader();
        using var statement = new PreparedStatement(
            connection, $"SELECT \"Id\" FROM \"RegistryRequests\" WHERE \"VendorId\" = @p0 AND \"Id\" > @p1 ORDER BY \"Id\" LIMIT 1 OFFSET {Text(rows - 1)}", 2);
        return (long?)statement.Scalar(vendorId, after);
    }

    private List<JournaledRequest> Read(int vendorId, string where, object[] parameters, Func<JournaledRequest, bool> wanted)
    {
        using var connection = database.OpenReader();
        using var statement = new PreparedStatement(connection, Columns + where, parameters.Length);
        using var reader = statement.Read(parameters);
        var requests = new List<JournaledRequest>();
        while (reader.Read())
        {
            var request = Map(vendorId, reader);
            if (wanted(request))
                requests.Add(request);
        }

        return requests;
    }

    private static JournaledRequest Map(int vendorId, DbDataReader reader)
    {
        var id = reader.GetInt64(0);
        var (version, versionId) = (reader.GetString(13), reader.GetInt32(6));
        var digestId = Number(reader, 7);
        return new JournaledRequest
        {
            VendorId = vendorId,
            ArtifactId = reader.GetInt32(5),
            VersionId = versionId,
            DigestId = digestId,
            AddressId = Number(reader, 9),
            UserId = Number(reader, 10),
            ClientId = Number(reader, 11),
            PullId = reader.IsDBNull(12) ? null : reader.GetInt64(12),
            Facts = new ClassifiableRequest
            {
                Id = id,
                Ticks = PullIds.TimeOf(id).Ticks + reader.GetInt32(3),
                Method = (RequestMethod)reader.GetInt32(4),
                Status = reader.GetInt32(8),
                Tag = versionId == digestId ? null : version, // by digest, both are the same row
                Digest = reader.IsDBNull(14) ? null : reader.GetString(14),
                FeedId = reader.GetInt32(1),
                EventId = EventKey.FromBytes(reader.GetFieldValue<byte[]>(2)).Value,
                GivenKind = (PullKind?)Number(reader, 15),
            },
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? Number(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);
}
