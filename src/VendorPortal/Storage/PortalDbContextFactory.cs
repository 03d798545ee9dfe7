using Microsoft.EntityFrameworkCore;

namespace VendorPortal.Storage;

/// <summary>Makes contexts that are bound to a vendor from their first query on.</summary>
public sealed class PortalDbContextFactory(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>A context that sees the rows of one vendor only.</summary>
    public PortalDbContext ForVendor(int vendorId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vendorId);
        var context = contexts.CreateDbContext();
        context.VendorId = vendorId;
        return context;
    }

    /// <summary>A context for what belongs to no vendor: vendors, members, their memberships.</summary>
    public PortalDbContext ForInstallation() => contexts.CreateDbContext();
}
