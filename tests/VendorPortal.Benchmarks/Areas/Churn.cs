using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Classification;
using VendorPortal.Hosting;
using VendorPortal.Storage;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>
/// Writes of every kind into a vendor's log at random, and the keeper beside it, with segments so small that something is always built.
/// Tests run it beside readers, or as a process that they kill. Rows are made from those that are there.
/// </summary>
public sealed class Churn : IDisposable
{
    /// <summary>Rows that make a segment, and its most.</summary>
    public const int Seal = 64;
    public const int Max = 256;

    private const int MaxChanges = 16;
    private const int MostRows = 3_000;
    private const string Columns = "Kind, ArtifactId, VersionId, DigestId, CustomerId, UserId, AddressId, ClientId, Requests, Rule, Labels, Ruleset";

    private readonly PortalDatabase database;
    private readonly int vendorId;
    private readonly Random random;
    private readonly SqliteConnection connection;
    private readonly SegmentDropper segments;
    private readonly PreparedStatement insert;
    private readonly PreparedStatement update;
    private readonly PreparedStatement delete;
    private List<long> ids = [];

    public Churn(PortalDatabase database, PortalDbContextFactory contexts, int vendorId, int seed)
    {
        this.database = database;
        this.vendorId = vendorId;
        random = new Random(seed);
        connection = database.OpenWriter();
        segments = new SegmentDropper(connection) { MaxChanges = MaxChanges };
        insert = new PreparedStatement(connection, $"INSERT OR IGNORE INTO Pulls (VendorId, Id, {Columns}) SELECT VendorId, @p1, {Columns} FROM Pulls WHERE VendorId = @p0 AND Id = @p2", 3);
        update = new PreparedStatement(connection, "UPDATE Pulls SET CustomerId = (SELECT CustomerId FROM Pulls WHERE VendorId = @p0 AND Id = @p2) WHERE VendorId = @p0 AND Id = @p1", 3);
        delete = new PreparedStatement(connection, "DELETE FROM Pulls WHERE VendorId = @p0 AND Id >= @p1 AND Id <= @p2", 3);
        Keeper = new SegmentKeeper(database, contexts, new PullNotifications(NullLogger<PullNotifications>.Instance), TimeProvider.System, NullLogger<SegmentKeeper>.Instance) { Sizes = new(Seal, Max) };
        ReadIds();
    }

    public SegmentKeeper Keeper { get; }

    /// <summary>Writes and keeps as fast as it can, a letter on standard output for each, until it is killed or <paramref name="limit"/> is over.</summary>
    public static async Task RunAsync(string dataDirectory, int seed, TimeSpan limit)
    {
        await using var services = new ServiceCollection().AddLogging().AddPortalStorage(new PortalOptions { DataDirectory = dataDirectory }).BuildServiceProvider();
        using var churn = new Churn(services.GetRequiredService<PortalDatabase>(), services.GetRequiredService<PortalDbContextFactory>(), vendorId: 1, seed);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Repeat('w', churn.WriteAsync), Repeat('k', churn.KeepAsync));

        Task Repeat(char letter, Func<Task> step) => Task.Run(async () =>
        {
            while (watch.Elapsed < limit)
            {
                await step();
                await Console.Out.WriteAsync(letter);
            }
        });
    }

    public Task KeepAsync() => Keeper.KeepAsync(vendorId, CancellationToken.None);

    /// <summary>One transaction, committed or (one in ten) rolled back.</summary>
    public async Task WriteAsync()
    {
        await database.WriteLock.WaitAsync();
        try
        {
            using var transaction = connection.BeginTransaction();
            segments.Begin(transaction);
            foreach (var statement in (ReadOnlySpan<PreparedStatement>)[insert, update, delete])
                statement.Transaction = transaction;
            Write();
            if (random.Next(10) > 0)
                transaction.Commit();
            else
                transaction.Rollback();
            ReadIds();
        }
        finally
        {
            database.WriteLock.Release();
        }
    }

    public void Dispose()
    {
        insert.Dispose();
        update.Dispose();
        delete.Dispose();
        segments.Dispose();
        connection.Dispose();
        Keeper.Dispose();
    }

    private void Write()
    {
        switch (ids.Count > MostRows ? 6 : random.Next(7))
        {
            case 0 or 1: // new ones
                var at = ids[^1];
                for (var i = random.Next(1, 120); i > 0; i--)
                    Insert(at += random.NextInt64(1, 1L << 24));
                break;
            case 2: // late ones, thinly
                for (var i = random.Next(1, 12); i > 0; i--)
                    Insert(random.NextInt64(ids[0], ids[^1]));
                break;
            case 3: // classified anew
                var again = Pick();
                Delete(again);
                Insert(again);
                break;
            case 4: // of another customer, some here and there or many in a row
                var (count, first) = (random.Next(1, 40), random.Next(ids.Count));
                for (var i = 0; i < count && first + i < ids.Count; i++)
                    Update(count > 20 ? ids[first + i] : Pick());
                break;
            case 5: // erased
                for (var i = random.Next(1, 5); i > 0 && ids.Count > Max; i--)
                    Delete(Pick());
                break;
            default: // a range at once
                var (from, many) = (random.Next(ids.Count / 2), ids.Count > MostRows ? 800 : random.Next(1, 100));
                if (ids.Count < 2 * Max)
                    break;
                segments.TouchRange(vendorId, ids[from], ids[from + Math.Min(many, ids.Count / 2)]);
                delete.Execute(vendorId, ids[from], ids[from + Math.Min(many, ids.Count / 2)]);
                break;
        }
    }

    private long Pick() => ids[random.Next(ids.Count)];

    private void Insert(long id)
    {
        insert.Execute(vendorId, id, Pick());
        segments.Touch(vendorId, id);
    }

    private void Update(long id)
    {
        segments.Touch(vendorId, id);
        update.Execute(vendorId, id, Pick());
    }

    private void Delete(long id)
    {
        segments.Touch(vendorId, id);
        delete.Execute(vendorId, id, id);
    }

    private void ReadIds()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id FROM Pulls WHERE VendorId = @vendor ORDER BY Id";
        command.Parameters.AddWithValue("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        ids = [];
        while (reader.Read())
            ids.Add(reader.GetInt64(0));
    }
}
