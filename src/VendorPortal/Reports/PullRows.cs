using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>Reads rows of the log with the names of their dimensions.</summary>
internal static class PullRows
{
    private const string Columns = """
        p.Id, p.Kind, p.Requests, p.Labels, c.Name, u.Principal, u.Name, u.Email, n.Value, a.Name, v.Name, d.Name, t.Tool, t.ToolVersion,
        n.Country, n.Organisation, n.Host, n.NetworkType, p.Status
        """;

    // Left joins throughout: a row of the log is shown whatever became of its dimensions.
    private const string Names = """
        LEFT JOIN Artifacts a ON a.VendorId = p.VendorId AND a.Id = p.ArtifactId
        LEFT JOIN Versions v ON v.VendorId = p.VendorId AND v.Id = p.VersionId
        LEFT JOIN Versions d ON d.VendorId = p.VendorId AND d.Id = p.DigestId
        LEFT JOIN Customers c ON c.VendorId = p.VendorId AND c.Id = p.CustomerId
        LEFT JOIN Users u ON u.VendorId = p.VendorId AND u.Id = p.UserId
        LEFT JOIN Addresses n ON n.VendorId = p.VendorId AND n.Id = p.AddressId
        LEFT JOIN Clients t ON t.VendorId = p.VendorId AND t.Id = p.ClientId
        """;

    // Ids of a page are written out; more of them are read in several rounds.
    private const int MaxWrittenIds = 500;

    /// <summary>The newest rows of a selection, newest first.</summary>
    public static List<PullItem> ReadNewest(DbConnection connection, PullSelection selection, int limit)
    {
        var ids = LogScan.NewestIds(connection, selection, limit);
        var items = new List<PullItem>(ids.Count);
        foreach (var chunk in ids.Chunk(MaxWrittenIds))
            Read(connection, selection.VendorId, chunk, items);
        return items;
    }

    private static void Read(DbConnection connection, int vendorId, long[] ids, List<PullItem> into)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM Pulls p {Names} WHERE p.VendorId = @vendor AND p.Id IN ({string.Join(',', ids)}) ORDER BY p.Id DESC";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            into.Add(Read(reader));
    }

    public static bool IsDigest(string version) => version.Contains(':', StringComparison.Ordinal); // no tag may hold a colon

    private static PullItem Read(DbDataReader reader)
    {
        var id = reader.GetInt64(0);
        var version = Text(reader, 10) ?? "";
        var isDigest = IsDigest(version);
        return new PullItem
        {
            Id = id,
            AtUtc = PullIds.TimeOf(id),
            Kind = (PullKind)reader.GetInt32(1),
            Requests = reader.GetInt32(2),
            IsPublisher = ((PullLabels)reader.GetInt32(3)).HasFlag(PullLabels.Publisher),
            IsAuxiliary = ((PullLabels)reader.GetInt32(3)).HasFlag(PullLabels.Auxiliary),
            Customer = Text(reader, 4),
            User = Text(reader, 5),
            UserName = Text(reader, 6),
            Email = Text(reader, 7),
            Address = reader.IsDBNull(8) ? null : IpAddressText.Format(reader.GetFieldValue<byte[]>(8)),
            Artifact = Text(reader, 9) ?? "",
            Version = version,
            Tag = isDigest ? null : version,
            Digest = Text(reader, 11) ?? (isDigest ? version : null),
            Client = Text(reader, 12),
            ClientVersion = Text(reader, 13),
            Country = Text(reader, 14),
            Organisation = Text(reader, 15),
            Host = Text(reader, 16),
            NetworkType = Text(reader, 17),
            Status = reader.IsDBNull(18) ? null : reader.GetInt32(18),
        };
    }

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
