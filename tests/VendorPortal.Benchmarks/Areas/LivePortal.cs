using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VendorPortal.Feeds;
using VendorPortal.Hosting;
using VendorPortal.Journal;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>The whole portal in this process, on a free port, over a store that is thrown away: with a vendor and a feed.</summary>
internal sealed class LivePortal : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder;
    private readonly RequestJournal journal;
    private readonly int feedId;

    private LivePortal(WebApplication app, string folder, CreatedFeed feed)
    {
        this.app = app;
        this.folder = folder;
        journal = app.Services.GetRequiredService<RequestJournal>();
        _ = FeedIdentity.TryParseId(feed.Id, out var vendorId, out feedId);
        VendorId = vendorId;
        Secret = feed.Secret;
        IngestUri = new Uri(new Uri(app.Urls.First()), $"/ingest/{feed.Id}");
    }

    public int VendorId { get; }

    public IServiceProvider Services => app.Services;

    public Uri IngestUri { get; }

    public string Secret { get; }

    public PortalDatabase Database => app.Services.GetRequiredService<PortalDatabase>();

    public static Task<LivePortal> StartAsync(BenchmarkOptions options, CancellationToken ct) => StartAsync(options, FeedKind.Ndjson, null, ct);

    /// <summary>As above, with a feed of another kind.</summary>
    public static Task<LivePortal> StartAsync(BenchmarkOptions options, FeedKind kind, CancellationToken ct) => StartAsync(options, kind, null, ct);

    /// <summary>As above, over a copy of a database of this schema where one is given.</summary>
    public static Task<LivePortal> StartAsync(BenchmarkOptions options, string? database, CancellationToken ct) => StartAsync(options, FeedKind.Ndjson, database, ct);

    private static async Task<LivePortal> StartAsync(BenchmarkOptions options, FeedKind kind, string? database, CancellationToken ct)
    {
        // On the disk of the kept data: the commits' flushes are what is measured.
        var place = Path.Combine(options.Data, $"live-{Guid.NewGuid():N}");
        Directory.CreateDirectory(place);
        if (database is not null)
            File.Copy(database, Path.Combine(place, "portal.db"));
        var portal = PortalApplication.Build(BenchmarkStore.Settings(place), builder => builder.Logging.ClearProviders());
        try
        {
            await portal.Services.GetRequiredService<PortalMigrator>().MigrateAsync(ct);
            var vendor = await BenchmarkStore.VendorAsync(portal.Services, ct);
            var feed = await portal.Services.GetRequiredService<FeedDirectory>().AddAsync(vendor, "registry", kind, null, ct);
            await portal.StartAsync(ct);
            return new LivePortal(portal, place, feed);
        }
        catch
        {
            await portal.DisposeAsync();
            Directory.Delete(place, recursive: true);
            throw;
        }
    }

    public Task<JournalOutcome> AppendAsync(FeedBatch batch, CancellationToken ct) => journal.AppendAsync(VendorId, feedId, batch, ct);

    /// <summary>Requests in the journal, as a new connection sees them: what is durable.</summary>
    public long Journaled() => Count("SELECT count(*) FROM RegistryRequests");

    /// <summary>Requests in the journal whose session may still grow.</summary>
    public long Unclassified() => Count("SELECT count(*) FROM RegistryRequests WHERE PullId IS NULL");

    public async ValueTask DisposeAsync()
    {
        using (var connection = new SqliteConnection(Database.ConnectionString))
        {
            await app.StopAsync(CancellationToken.None);
            SqliteConnection.ClearPool(connection);
        }

        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private long Count(string query)
    {
        using var connection = Database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
