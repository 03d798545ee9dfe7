using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VendorPortal.Classification;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Tests.Testing;

/// <summary>A migrated store in a real file of its own, without a host; vendors are made on demand.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("portal-store-").FullName;
    private readonly ServiceProvider services;

    private TestStore()
    {
        services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddSingleton(TimeProvider.System)
            .AddPortalStorage(new PortalOptions { DataDirectory = directory })
            .BuildServiceProvider();
    }

    public PortalDatabase Database => services.GetRequiredService<PortalDatabase>();

    public PortalDbContextFactory Contexts => services.GetRequiredService<PortalDbContextFactory>();

    public static async Task<TestStore> CreateAsync()
    {
        var store = new TestStore();
        await store.services.GetRequiredService<PortalMigrator>().MigrateAsync(CancellationToken.None);
        return store;
    }

    /// <summary>A vendor with one feed of id 1 and one of id 2.</summary>
    public async Task<int> AddVendorAsync(ClassificationMode mode = ClassificationMode.Client)
    {
        await using var context = Contexts.ForInstallation();
        var vendor = new Vendor { Slug = Guid.NewGuid().ToString("N")[..12], Name = "Acme", Mode = mode };
        context.Add(vendor);
        await context.SaveChangesAsync();
        context.AddRange(Enumerable.Range(1, 2).Select(id => new Feed { VendorId = vendor.Id, Id = id, Name = $"feed {id}", Kind = FeedKind.Ndjson, SecretHash = [1] }));
        await context.SaveChangesAsync();
        return vendor.Id;
    }

    public async Task<List<T>> QueryAsync<T>(int vendorId, Func<PortalDbContext, IQueryable<T>> query)
    {
        await using var context = Contexts.ForVendor(vendorId);
        return await query(context).ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }
}
