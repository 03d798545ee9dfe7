using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Classification;
using VendorPortal.Storage;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>A copy of the generated log that is written into: new pulls on top, late ones up to six months below, at a pace or at once.</summary>
internal sealed class LivingLog : IAsyncDisposable
{
    private const int Templates = 50_000;
    private const long LateRange = 182L * 24 * 60 * 60 * 1000 << 8;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly WebApplication app;
    private readonly string place;
    private readonly PullRow[] templates;
    private readonly Dice dice;
    private long last;

    private LivingLog(WebApplication app, string folder, int vendorId, ulong seed)
    {
        this.app = app;
        place = folder;
        VendorId = vendorId;
        dice = new Dice(seed);
        templates = [.. Traffic.Of(new World(), Templates, seed)];
        last = PullIds.FirstOf(Traffic.EndUtc);
    }

    public int VendorId { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Late rows a segment lists before it is dropped; 0 drops it at the first.</summary>
    public int? MaxChanges { get; init; }

    public PortalDatabase Database => Services.GetRequiredService<PortalDatabase>();

    public SegmentKeeper Keeper => Services.GetRequiredService<SegmentKeeper>();

    public static async Task<LivingLog> CopyAsync(BenchmarkOptions options, int? maxChanges, CancellationToken ct)
    {
        var folder = Path.Combine(options.Data, $"living-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        string file;
        int vendorId;
        await using (var store = await GenerateArea.OpenAsync(options, ct))
            (file, vendorId) = (store.DatabaseFile, store.VendorId);
        File.Copy(file, Path.Combine(folder, "portal.db")); // closed, so that it is all in one file
        return new LivingLog(BenchmarkStore.Portal(folder), folder, vendorId, options.Seed) { MaxChanges = maxChanges };
    }

    /// <summary>Writes pulls in one transaction, as the classification does without its journal; returns its milliseconds.</summary>
    public async Task<double> WriteAsync(int rows, double late, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        await Database.WriteLock.WaitAsync(ct);
        try
        {
            using var connection = Database.OpenWriter();
            using var transaction = connection.BeginTransaction();
            using var segments = MaxChanges is { } most ? new SegmentDropper(connection) { MaxChanges = most } : new SegmentDropper(connection);
            using var insert = new PreparedStatement(connection, LogLoader.InsertPull.Replace("INSERT", "INSERT OR IGNORE", StringComparison.Ordinal), 14);
            insert.Transaction = transaction;
            segments.Begin(transaction);
            for (var i = 0; i < rows; i++)
            {
                var id = dice.Next() < late ? last - (long)(dice.Next() * LateRange) : last += 256;
                LogLoader.Insert(insert, VendorId, templates[dice.Next(Templates)] with { Id = id });
                segments.Touch(VendorId, id);
            }

            transaction.Commit();
        }
        finally
        {
            Database.WriteLock.Release();
        }

        Services.GetRequiredService<PullNotifications>().Publish(VendorId);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Writes at a pace until it is stopped; returns the times of the transactions and the rows written a second.</summary>
    public async Task<(Timings Transactions, double PerSecond)> WriteAtPaceAsync(int perSecond, double late, CancellationToken stop)
    {
        var took = new List<double>();
        var written = 0;
        var watch = Stopwatch.StartNew();
        while (!stop.IsCancellationRequested)
        {
            var due = Math.Min((int)(watch.Elapsed.TotalSeconds * perSecond) - written, 10_000);
            if (due > 0)
                took.Add(await WriteAsync(due, late, CancellationToken.None));
            written += Math.Max(0, due);
            await Task.Delay(Beat, CancellationToken.None);
        }

        return (new Timings(took.Count > 0 ? took : [0]), written / watch.Elapsed.TotalSeconds);
    }

    /// <summary>Rows that no segment holds, and rows listed as changed.</summary>
    public (long Unsealed, long Listed) State()
    {
        using var connection = Database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT (SELECT count(*) FROM Pulls) - (SELECT COALESCE(sum(\"Rows\"), 0) FROM PullSegments WHERE \"Rows\" > 0), (SELECT count(*) FROM PullSegmentChanges)";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>Drops the segment that holds the id which lies so far (0 to 1) between the oldest and the newest.</summary>
    public void Drop(double place)
    {
        using var connection = Database.OpenWriter();
        using var transaction = connection.BeginTransaction();
        using var segments = new SegmentDropper(connection);
        segments.Begin(transaction);
        var entries = SegmentStore.List(connection, VendorId, 0, long.MaxValue);
        segments.Drop(VendorId, entries[(int)(place * entries.Count)].FirstId);
        transaction.Commit();
    }

    public async ValueTask DisposeAsync()
    {
        using (var connection = new SqliteConnection(Database.ConnectionString))
            SqliteConnection.ClearPool(connection);
        await app.DisposeAsync();
        Directory.Delete(place, recursive: true);
    }
}
