using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Import;
using VendorPortal.Journal;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>A portal's services over an empty store of its own, with what an import needs running.</summary>
internal sealed class ImportHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private ImportHost(WebApplication app, string folder, FeedIdentity feed)
    {
        this.app = app;
        Folder = folder;
        Feed = feed;
    }

    public string Folder { get; }

    public FeedIdentity Feed { get; }

    public IServiceProvider Services => app.Services;

    public PortalDatabase Database => Services.GetRequiredService<PortalDatabase>();

    public NetworkLookup Networks => Services.GetRequiredService<NetworkLookup>();

    public ImportFiles Files => Services.GetRequiredService<ImportFiles>();

    public RequestImport Requests => Services.GetRequiredService<RequestImport>();

    public static async Task<ImportHost> StartAsync(BenchmarkOptions options, CancellationToken ct)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetFullPath(options.Data), $"import-{Guid.NewGuid():n}")).FullName;
        var portal = BenchmarkStore.Portal(folder);
        await portal.Services.GetRequiredService<PortalMigrator>().MigrateAsync(ct);
        var vendorId = await BenchmarkStore.VendorAsync(portal.Services, ct);
        var feed = await portal.Services.GetRequiredService<FeedDirectory>().OfImportsAsync(vendorId, FeedKind.AccessLog, AccessLogFormat.Combined, ct);
        await portal.Services.GetRequiredService<ClassificationService>().StartAsync(ct);
        await portal.Services.GetRequiredService<RequestJournal>().StartAsync(ct);
        return new ImportHost(portal, folder, feed);
    }

    public async ValueTask DisposeAsync()
    {
        await Services.GetRequiredService<RequestJournal>().StopAsync(CancellationToken.None);
        await Services.GetRequiredService<ClassificationService>().StopAsync(CancellationToken.None);
        using (var connection = new SqliteConnection(Database.ConnectionString))
            SqliteConnection.ClearPool(connection);
        await app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
