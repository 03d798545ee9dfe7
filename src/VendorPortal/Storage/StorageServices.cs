using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using VendorPortal.Hosting;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Storage;

internal static class StorageServices
{
    public static IServiceCollection AddPortalStorage(this IServiceCollection services, PortalOptions options)
    {
        var connectionString = ConnectionString(options);
        services.AddSingleton(provider => new PortalDatabase(connectionString, provider.GetRequiredService<ILogger<PortalDatabase>>()));
        services.AddDbContextFactory<PortalDbContext>(builder => Configure(builder, connectionString));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext());
        services.AddSingleton<PortalDbContextFactory>();
        services.AddSingleton<PortalMigrator>();
        return services;
    }

    /// <summary>The background work of the store, for processes that serve.</summary>
    public static IServiceCollection AddPortalSegments(this IServiceCollection services)
    {
        services.AddSingleton<SegmentKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<SegmentKeeper>());
        return services;
    }

    internal static void Configure(DbContextOptionsBuilder builder, string connectionString) =>
        builder.UseSqlite(connectionString)
            .ReplaceService<IMigrationsSqlGenerator, SqliteMigrationsGenerator>()
            .AddInterceptors(new SqlitePragmas());

    private static string ConnectionString(PortalOptions options)
    {
        var text = string.IsNullOrWhiteSpace(options.Database)
            ? $"Data Source={Path.Combine(Path.GetFullPath(options.DataDirectory), "portal.db")}"
            : options.Database;
        return new SqliteConnectionStringBuilder(text) { ForeignKeys = true, DefaultTimeout = 30 }.ToString();
    }
}
