using System.Data.Common;
using Microsoft.Data.Sqlite;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Benchmarks.Generation;

/// <summary>Writes a generated log straight into the portal's tables, sorted, as a bulk import does. There is no journal behind it.</summary>
internal sealed class LogLoader(SqliteConnection connection, int vendorId, World world)
{
    /// <summary>Takes the parameters that <see cref="Insert"/> gives.</summary>
    public const string InsertPull =
        "INSERT INTO Pulls (VendorId, Id, Kind, ArtifactId, VersionId, DigestId, CustomerId, UserId, AddressId, ClientId, " +
        "Requests, Rule, Labels, Ruleset) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)";

    private const int RowsOfTransaction = 200_000;

    private readonly Dictionary<(int Artifact, int Day), int[]> days = new();

    public LogFacts Load(long pulls, ulong seed, Action<long> progress, CancellationToken ct)
    {
        Execute("PRAGMA synchronous=NORMAL");
        WriteDimensions();
        var counter = new FactCounter(world, pulls);
        using var insert = new PreparedStatement(connection, InsertPull, 14);
        using var rows = Traffic.Of(world, pulls, seed).GetEnumerator();
        var written = 0L;
        while (written < pulls)
        {
            ct.ThrowIfCancellationRequested();
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (var i = 0; i < RowsOfTransaction && rows.MoveNext(); i++, written++)
            {
                var row = rows.Current;
                Insert(insert, vendorId, row);
                counter.Count(row);
                RollUp(row);
            }

            transaction.Commit();
            progress(written);
        }

        WriteDays();
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        Execute("PRAGMA optimize");
        return counter.Facts();
    }

    public static void Insert(PreparedStatement insert, int vendorId, in PullRow row) => insert.Execute(
        vendorId, row.Id, (int)row.Kind, row.Artifact, row.Version, row.Digest, Known(row.Customer), Known(row.User), row.Address, row.Client,
        row.Requests, (int)row.Rule, (int)row.Labels, 1);

    private static object? Known(int id) => id == 0 ? null : id;

    private void RollUp(in PullRow row)
    {
        var key = (row.Artifact, DateOnly.FromDateTime(PullIds.TimeOf(row.Id)).DayNumber);
        if (!days.TryGetValue(key, out var counts))
            days[key] = counts = new int[5];
        counts[row.Labels != PullLabels.None ? 4 : (int)row.Kind - (int)PullKind.PullByTag]++;
    }

    private void WriteDays() => WriteRows(
        "INSERT INTO DailyArtifactPulls (VendorId, ArtifactId, Day, Tag, Digest, Checks, Denied, Labelled) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7)", 8,
        days.OrderBy(d => d.Key).Select(d => new object?[] { vendorId, d.Key.Artifact, d.Key.Day, d.Value[0], d.Value[1], d.Value[2], d.Value[3], d.Value[4] }));

    private void WriteDimensions()
    {
        WriteRows("INSERT INTO Artifacts (VendorId, Id, Name) VALUES (@p0, @p1, @p2)", 3, Ids(World.Artifacts, id => [World.Artifact(id)]));
        WriteRows("INSERT INTO Versions (VendorId, Id, ArtifactId, Name) VALUES (@p0, @p1, @p2, @p3)", 4, Ids(World.Versions, id => [World.ArtifactOfVersion(id), World.Version(id)]));
        WriteRows("INSERT INTO Customers (VendorId, Id, Name, CreatedUtc) VALUES (@p0, @p1, @p2, @p3)", 4, Ids(World.Customers, id => [World.Customer(id), Traffic.StartUtc]));
        WriteRows(
            "INSERT INTO Users (VendorId, Id, Principal, Email, CustomerId, CreatedUtc, PastPending) VALUES (@p0, @p1, @p2, @p2, @p3, @p4, 0)", 5,
            Ids(World.Users, id => [world.User(id), Known(world.CustomerOfUser(id)), Traffic.StartUtc]));
        WriteRows(
            "INSERT INTO CustomerAssignments (VendorId, UserId, FromUtc, CustomerId) VALUES (@p0, @p1, @p2, @p3)", 4,
            Ids(World.Users, id => [Traffic.StartUtc, Known(world.CustomerOfUser(id))]));
        var networks = new NetworkLookup();
        WriteRows("INSERT INTO Addresses (VendorId, Id, Value, Country, Organisation, Host, NetworkType) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)", 7, Ids(World.Addresses, id =>
        {
            var facts = networks.Find(world.Address(id));
            return [world.Address(id), facts.Country, facts.Organisation, facts.Host, facts.NetworkType];
        }));
        WriteRows("INSERT INTO Clients (VendorId, Id, UserAgent, Tool, ToolVersion) VALUES (@p0, @p1, @p2, @p3, @p4)", 5, Ids(World.UserAgents.Count, id =>
        {
            var (tool, version) = ClientParser.Parse(World.UserAgents[id - 1]);
            return [World.UserAgents[id - 1], tool, version];
        }));
    }

    private IEnumerable<object?[]> Ids(int count, Func<int, object?[]> values) => Enumerable.Range(1, count).Select(id => (object?[])[vendorId, id, .. values(id)]);

    private void WriteRows(string sql, int parameters, IEnumerable<object?[]> rows)
    {
        using var statement = new PreparedStatement(connection, sql, parameters);
        using DbTransaction transaction = connection.BeginTransaction();
        statement.Transaction = transaction;
        foreach (var row in rows)
            statement.Execute(row);
        transaction.Commit();
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
