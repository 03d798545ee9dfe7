using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace VendorPortal.Storage.Sqlite;

/// <summary>What <c>dotnet ef</c> builds migrations with; it needs no database.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<PortalDbContext>
{
    public PortalDbContext CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<PortalDbContext>();
        StorageServices.Configure(builder, "Data Source=:memory:");
        return new PortalDbContext(builder.Options);
    }
}
