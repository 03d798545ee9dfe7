namespace VendorPortal.Storage;

/// <summary>How anything but bulk data of a vendor is changed.</summary>
internal static class VendorWriting
{
    /// <summary>
    /// Runs a change of a vendor's rows in one transaction under the write lock and saves it. What it reads cannot change meanwhile: it may choose
    /// the next number, or look whether a name is free.
    /// </summary>
    public static async Task<T> WriteAsync<T>(
        this PortalDatabase database, PortalDbContextFactory contexts, int vendorId, Func<PortalDbContext, Task<T>> change, CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            await using var context = contexts.ForVendor(vendorId);
            await using var transaction = await context.Database.BeginTransactionAsync(ct);
            var result = await change(context);
            await context.SaveChangesAsync(ct);
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        finally
        {
            database.WriteLock.Release();
        }
    }
}
