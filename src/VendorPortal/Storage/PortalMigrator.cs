using Microsoft.EntityFrameworkCore;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Storage;

/// <summary>Brings the store to the current schema; runs at every start and as the command <c>migrate</c>.</summary>
public sealed class PortalMigrator(PortalDbContextFactory contexts, ILogger<PortalMigrator> logger)
{
    /// <summary>Applies what is missing and returns the names of the applied migrations.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken ct)
    {
        await using var context = contexts.ForInstallation();
        var pending = (await context.Database.GetPendingMigrationsAsync(ct)).ToList();
        logger.LogInformation("Store: {Library}, {Pending} migrations to apply", SqliteNativeLibrary.Description, pending.Count);
        if (pending.Count > 0)
            await context.Database.MigrateAsync(ct);
        return pending;
    }
}
