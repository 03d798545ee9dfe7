using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Hosting;
using VendorPortal.Storage;

namespace VendorPortal.Tests.Testing;

/// <summary>A migrated store for tests that make many: migrations run once, each store starts as a copy of the result.</summary>
public sealed class LogStore : IDisposable
{
    private static readonly Lazy<string> Template = new(MigrateTemplate);

    private readonly ServiceProvider services;

    public LogStore()
    {
        DataDirectory = NewDirectory();
        File.Copy(Template.Value, Path.Combine(DataDirectory, "portal.db"));
        services = Services(DataDirectory);
    }

    public string DataDirectory { get; }

    public PortalDatabase Database => services.GetRequiredService<PortalDatabase>();

    public PortalDbContextFactory Contexts => services.GetRequiredService<PortalDbContextFactory>();

    public void Dispose()
    {
        using (var connection = new SqliteConnection(Database.ConnectionString))
            SqliteConnection.ClearPool(connection);
        services.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
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
