using System.Net;
using Microsoft.Data.Sqlite;
using VendorPortal.Classification;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Tests.Testing;

/// <summary>A pull as a test describes it, by names.</summary>
public sealed record LoggedPull
{
    public long Id { get; init; }

    public int Vendor { get; init; } = 1;

    public DateTime At { get; init; } = new(2026, 5, 1, 10, 0, 0, DateTimeKind.Utc);

    public PullKind Kind { get; init; } = PullKind.PullByTag;

    public string? Customer { get; init; }

    public string? User { get; init; }

    public string? Address { get; init; }

    /// <summary>What is known of the network of the address; written with the first pull of it.</summary>
    public NetworkFacts Network { get; init; } = NetworkFacts.Unknown;

    public string Artifact { get; init; } = "acme/app";

    public string Version { get; init; } = "1.0";

    public string? Digest { get; init; }

    public (string UserAgent, string? Tool, string? Version)? Client { get; init; }

    public int Requests { get; init; } = 1;

    public PullRule Rule { get; init; } = PullRule.GetTag;

    public bool Publisher { get; init; }

    /// <summary>What a denied client was told.</summary>
    public int? Status { get; init; }
}

/// <summary>Writes logs straight into a store, as the classification would. Ids of dimensions start at 1 for every vendor.</summary>
public sealed class LogBuilder(TestStore store)
{
    private readonly Dictionary<(int Vendor, string Table, string Key), int> dimensions = [];
    private readonly Dictionary<(int Vendor, string Table), int> lastIds = [];
    private readonly Dictionary<int, HashSet<long>> usedIds = [];
    private readonly List<LoggedPull> pulls = [];

    /// <summary>All pulls written so far, with their ids.</summary>
    public IReadOnlyList<LoggedPull> Pulls => pulls;

    public LoggedPull Add(LoggedPull pull) => Add([pull])[0];

    public IReadOnlyList<LoggedPull> Add(IEnumerable<LoggedPull> added)
    {
        using var connection = store.Database.OpenWriter();
        using var transaction = connection.BeginTransaction();
        using var segments = new SegmentDropper(connection);
        segments.Begin(transaction);
        using var days = new DailyRollUp(connection);
        days.Begin(transaction);
        var written = added.Select(pull => Write(connection, pull with { Id = NextId(pull) })).ToList();
        foreach (var pull in written)
        {
            segments.Touch(pull.Vendor, pull.Id);
            Count(connection, days, pull, 1);
        }

        days.Write();
        transaction.Commit();
        pulls.AddRange(written);
        return written;
    }

    /// <summary>Deletes a pull, as erasing and classifying anew do.</summary>
    public void Remove(LoggedPull pull)
    {
        using var connection = store.Database.OpenWriter();
        using var transaction = connection.BeginTransaction();
        using var segments = new SegmentDropper(connection);
        segments.Begin(transaction);
        segments.Touch(pull.Vendor, pull.Id);
        using var days = new DailyRollUp(connection);
        days.Begin(transaction);
        Count(connection, days, pull, -1);
        days.Write();
        Execute(connection, "DELETE FROM Pulls WHERE VendorId = @p0 AND Id = @p1", pull.Vendor, pull.Id);
        transaction.Commit();
        pulls.Remove(pull);
    }

    /// <summary>Gives a user a name and an e-mail address.</summary>
    public void Describe(int vendor, string principal, string? name, string? email)
    {
        using var connection = store.Database.OpenWriter();
        Execute(connection, "UPDATE Users SET Name = @p0, Email = @p1 WHERE VendorId = @p2 AND Principal = @p3", name, email, vendor, principal);
    }

    /// <summary>Writes the requests behind a pull into the journal: time after the pull's start, method, reference, digest, status.</summary>
    public void AddRequests(LoggedPull pull, params (TimeSpan After, RequestMethod Method, string Reference, string? Digest, int Status)[] requests)
    {
        using var connection = store.Database.OpenWriter();
        var feed = Dimension(connection, pull.Vendor, "Feeds", "hub", "INSERT INTO Feeds (VendorId, Id, Name, Kind, SecretHash, CreatedUtc, Accepted, Ignored, Duplicates, Rejected) VALUES (@p0, @p1, @p2, 1, x'00', '2026-01-01', 0, 0, 0, 0)", "hub");
        foreach (var (after, method, reference, digest, status) in requests)
        {
            var at = PullIds.TimeOf(pull.Id) + after;
            var id = after == TimeSpan.Zero ? pull.Id : PullIds.FirstOf(at);
            Execute(
                connection,
                "INSERT INTO RegistryRequests (VendorId, Id, FeedId, EventId, TicksOffset, Method, ArtifactId, VersionId, DigestId, Status, PullId) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)",
                pull.Vendor, id, feed, Guid.NewGuid().ToByteArray(), (int)(at - PullIds.TimeOf(id)).Ticks, (int)method, Artifact(connection, pull),
                Version(connection, pull, reference), digest is null ? null : Version(connection, pull, digest), status, pull.Id);
        }
    }

    /// <summary>Tells that manifests are listed in an index.</summary>
    public void AddIndex(int vendor, string index, params (string Digest, string? Platform)[] children)
    {
        using var connection = store.Database.OpenWriter();
        Execute(connection, "INSERT INTO Manifests (VendorId, Digest, MediaType, ChildrenKnown, PastPending) VALUES (@p0, @p1, 'application/vnd.oci.image.index.v1+json', 1, 0)", vendor, index);
        foreach (var (digest, platform) in children)
            Execute(connection, "INSERT INTO ManifestChildren (VendorId, ParentDigest, ChildDigest, Platform) VALUES (@p0, @p1, @p2, @p3)", vendor, index, digest, platform);
    }

    /// <summary>What a reader must give for a described pull.</summary>
    public static string Fingerprint(LoggedPull pull) =>
        string.Join('|', pull.Id, pull.At.ToString("O"), pull.Kind, pull.Customer, pull.User, pull.Address, pull.Artifact, pull.Version, pull.Digest ?? (pull.Version.Contains(':', StringComparison.Ordinal) ? pull.Version : null), pull.Client?.Tool, pull.Client?.Version, pull.Requests, pull.Publisher);

    public static string Fingerprint(PullItem item) =>
        string.Join('|', item.Id, item.AtUtc.ToString("O"), item.Kind, item.Customer, item.User, item.Address, item.Artifact, item.Version, item.Digest, item.Client, item.ClientVersion, item.Requests, item.IsPublisher);

    private LoggedPull Write(SqliteConnection connection, LoggedPull pull)
    {
        Execute(
            connection,
            "INSERT INTO Pulls (VendorId, Id, Kind, ArtifactId, VersionId, DigestId, CustomerId, UserId, AddressId, ClientId, Requests, Rule, Labels, Ruleset, Status) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, 1, @p13)",
            pull.Vendor, pull.Id, (int)pull.Kind, Artifact(connection, pull), Version(connection, pull, pull.Version),
            pull.Digest is null ? null : Version(connection, pull, pull.Digest), Customer(connection, pull), User(connection, pull), Address(connection, pull), Client(connection, pull),
            pull.Requests, (int)pull.Rule, pull.Publisher ? (int)PullLabels.Publisher : 0, pull.Status);
        return pull;
    }

    private void Count(SqliteConnection connection, DailyRollUp days, LoggedPull pull, int by) =>
        days.Add(pull.Vendor, Artifact(connection, pull), pull.Id, pull.Kind, pull.Publisher ? PullLabels.Publisher : PullLabels.None, by);

    private long NextId(LoggedPull pull)
    {
        if (!usedIds.TryGetValue(pull.Vendor, out var used))
            usedIds[pull.Vendor] = used = [];
        var id = PullIds.FirstOf(pull.At);
        while (!used.Add(id))
            id++;
        return id;
    }

    private int Artifact(SqliteConnection connection, LoggedPull pull) =>
        Dimension(connection, pull.Vendor, "Artifacts", pull.Artifact, "INSERT INTO Artifacts (VendorId, Id, Name) VALUES (@p0, @p1, @p2)", pull.Artifact);

    private int Version(SqliteConnection connection, LoggedPull pull, string name) =>
        Dimension(connection, pull.Vendor, "Versions", $"{pull.Artifact} {name}", "INSERT INTO Versions (VendorId, Id, ArtifactId, Name) VALUES (@p0, @p1, @p2, @p3)", Artifact(connection, pull), name);

    private int? Customer(SqliteConnection connection, LoggedPull pull) =>
        pull.Customer is not { } name ? null : Dimension(connection, pull.Vendor, "Customers", name, "INSERT INTO Customers (VendorId, Id, Name, CreatedUtc) VALUES (@p0, @p1, @p2, '2026-01-01')", name);

    private int? User(SqliteConnection connection, LoggedPull pull) =>
        pull.User is not { } name ? null : Dimension(connection, pull.Vendor, "Users", name, "INSERT INTO Users (VendorId, Id, Principal, CreatedUtc, PastPending) VALUES (@p0, @p1, @p2, '2026-01-01', 0)", name);

    private int? Address(SqliteConnection connection, LoggedPull pull) =>
        pull.Address is not { } text ? null : Dimension(connection, pull.Vendor, "Addresses", text, "INSERT INTO Addresses (VendorId, Id, Value, Country, Host, NetworkType) VALUES (@p0, @p1, @p2, @p3, @p4, @p5)", IPAddress.Parse(text).MapToIPv6().GetAddressBytes(), pull.Network.Country, pull.Network.Host, pull.Network.NetworkType);

    private int? Client(SqliteConnection connection, LoggedPull pull) =>
        pull.Client is not { } client ? null : Dimension(connection, pull.Vendor, "Clients", client.UserAgent, "INSERT INTO Clients (VendorId, Id, UserAgent, Tool, ToolVersion) VALUES (@p0, @p1, @p2, @p3, @p4)", client.UserAgent, client.Tool, client.Version);

    private int Dimension(SqliteConnection connection, int vendor, string table, string key, string insert, params object?[] values)
    {
        if (dimensions.TryGetValue((vendor, table, key), out var id))
            return id;
        if (table == "Feeds")
            Execute(connection, "INSERT OR IGNORE INTO Vendors (Id, Slug, Name, CreatedUtc, Mode, IsSample) VALUES (@p0, @p1, @p1, '2026-01-01', 0, 0)", vendor, $"vendor-{vendor}");
        id = lastIds.GetValueOrDefault((vendor, table)) + 1;
        lastIds[(vendor, table)] = id;
        Execute(connection, insert, [vendor, id, .. values]);
        return dimensions[(vendor, table, key)] = id;
    }

    private static void Execute(SqliteConnection connection, string sql, params object?[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"@p{i}", values[i] ?? DBNull.Value);
        command.ExecuteNonQuery();
    }
}
