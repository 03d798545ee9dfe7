using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Classification;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Tests.Testing;

/// <summary>A real, migrated SQLite file of its own for a test. Migrations run once; each store starts as a copy of the result.</summary>
public sealed class TestStore : IDisposable
{
    private static readonly Lazy<string> Template = new(MigrateTemplate);

    private readonly ServiceProvider services;

    public TestStore()
    {
        DataDirectory = NewDirectory();
        File.Copy(Template.Value, Path.Combine(DataDirectory, "portal.db"));
        services = Services(DataDirectory);
    }

    /// <summary>A store as a version of the past left it: with the migrations up to <paramref name="migration"/>.</summary>
    public TestStore(string migration)
    {
        DataDirectory = NewDirectory();
        services = Services(DataDirectory);
        using var context = Contexts.ForInstallation();
        context.GetService<IMigrator>().Migrate(migration);
    }

    public string DataDirectory { get; }

    public PortalDatabase Database => services.GetRequiredService<PortalDatabase>();

    public PortalDbContextFactory Contexts => services.GetRequiredService<PortalDbContextFactory>();

    /// <summary>A new vendor with feeds 1 and 2.</summary>
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

    /// <summary>Builds the segments of a vendor, small ones, so that a small log has many.</summary>
    public async Task<int> SealAsync(int vendorId, int seal, int max)
    {
        using var keeper = new SegmentKeeper(Database, Contexts, new PullNotifications(NullLogger<PullNotifications>.Instance), TimeProvider.System, NullLogger<SegmentKeeper>.Instance) { Sizes = new(seal, max) };
        return await keeper.KeepAsync(vendorId, CancellationToken.None);
    }

    public void Dispose()
    {
        using (var connection = new SqliteConnection(Database.ConnectionString))
            SqliteConnection.ClearPool(connection);
        services.Dispose();
        Delete(DataDirectory);
    }

    // A read that was cut short may give its files up a moment later.
    private static void Delete(string directory)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(directory, recursive: true);
                return;
            }
            catch (IOException) when (attempt < 50)
            {
                Thread.Sleep(20);
            }
        }
    }

    private static string MigrateTemplate()
    {
        var directory = NewDirectory();
        using (var migrating = Services(directory))
        {
            migrating.GetRequiredService<PortalMigrator>().MigrateAsync(CancellationToken.None).GetAwaiter().GetResult();
            using var connection = migrating.GetRequiredService<PortalDatabase>().OpenWriter();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
            SqliteConnection.ClearPool(connection);
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        return Path.Combine(directory, "portal.db");
    }

    private static ServiceProvider Services(string directory) =>
        new ServiceCollection().AddLogging().AddPortalStorage(new PortalOptions { DataDirectory = directory }).BuildServiceProvider();

    private static string NewDirectory() => Directory.CreateTempSubdirectory("vendor-portal-test-").FullName;
}
