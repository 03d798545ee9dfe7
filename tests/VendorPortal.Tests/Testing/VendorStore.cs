using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Feeds;
using VendorPortal.Hosting;
using VendorPortal.Import;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Tests.Testing;

/// <summary>A store in a file of its own with two vendors (ids 1 and 2), and the services that work on it, without a web host.</summary>
public sealed class VendorStore : IAsyncDisposable
{
    public const int Acme = 1;
    public const int Globex = 2;

    public static readonly DateTime Start = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly string folder;
    private readonly bool owns;

    private VendorStore(string folder, bool owns, PortalOptions? options)
    {
        this.folder = folder;
        this.owns = owns;
        var settings = options ?? new PortalOptions();
        settings.DataDirectory = folder;
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddSingleton(settings);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddPortalStorage(settings);
        services.AddPortalClassification();
        services.AddPortalJournal();
        services.AddPortalEnrichment();
        services.AddSingleton<FeedDirectory>();
        services.AddSingleton<FeedFormats>();
        services.AddSingleton<IHostApplicationLifetime, ApplicationLifetime>();
        services.AddPortalImport();
        services.AddPortalReports();
        Services = services.BuildServiceProvider();
    }

    public SettableClock Clock { get; } = new(Start);

    public ServiceProvider Services { get; }

    public FeedDirectory Feeds => Services.GetRequiredService<FeedDirectory>();

    public CustomerDirectory Customers => Services.GetRequiredService<CustomerDirectory>();

    public CustomerCsvImport Import => Services.GetRequiredService<CustomerCsvImport>();

    public CustomerReader Reader => Services.GetRequiredService<CustomerReader>();

    public PastPulls PastPulls => Services.GetRequiredService<PastPulls>();

    public static async Task<VendorStore> CreateAsync(PortalOptions? options = null)
    {
        var store = new VendorStore(Directory.CreateTempSubdirectory("portal-store-").FullName, owns: true, options);
        await store.Services.GetRequiredService<PortalMigrator>().MigrateAsync(CancellationToken.None);
        await using var context = store.Services.GetRequiredService<PortalDbContextFactory>().ForInstallation();
        context.AddRange(
            new Vendor { Id = Acme, Slug = "acme", Name = "Acme", CreatedUtc = Start },
            new Vendor { Id = Globex, Slug = "globex", Name = "Globex", CreatedUtc = Start });
        await context.SaveChangesAsync();
        return store;
    }

    /// <summary>The same file seen by services of their own, as another process sees it.</summary>
    public VendorStore Another() => new(folder, owns: false, options: null);

    public PortalDbContext Open(int vendorId = Acme) => Services.GetRequiredService<PortalDbContextFactory>().ForVendor(vendorId);

    /// <summary>Adds users as ingestion does; ids follow the order.</summary>
    public async Task AddUsersAsync(params string[] principals)
    {
        await using var context = Open();
        var last = await context.RegistryUsers.MaxAsync(u => (int?)u.Id) ?? 0;
        context.AddRange(principals.Select((principal, i) => new RegistryUser { VendorId = Acme, Id = last + i + 1, Principal = principal, CreatedUtc = Start }));
        await context.SaveChangesAsync();
    }

    public async Task AddPullsAsync(params IEnumerable<Pull> pulls)
    {
        await using var context = Open();
        context.AddRange(pulls);
        await context.SaveChangesAsync();
    }

    /// <summary>A pull of a user, told by its time.</summary>
    public static Pull PullAt(DateTime atUtc, int? userId, int artifactId = 1, PullKind kind = PullKind.PullByTag, int? customerId = null, int vendorId = Acme) => new()
    {
        VendorId = vendorId,
        Id = PullIds.FirstOf(atUtc),
        Kind = kind,
        ArtifactId = artifactId,
        VersionId = 1,
        CustomerId = customerId,
        UserId = userId,
        Requests = 1,
        Rule = PullRule.GetTag,
        Ruleset = 1,
    };

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        if (!owns)
            return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A clock that stands until it is set.</summary>
public sealed class SettableClock(DateTime utcNow) : TimeProvider
{
    public DateTime UtcNow { get; set; } = utcNow;

    public override DateTimeOffset GetUtcNow() => new(UtcNow, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => UtcNow.Ticks;
}
