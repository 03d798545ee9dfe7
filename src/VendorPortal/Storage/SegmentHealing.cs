using System.Data.Common;
using VendorPortal.Segments;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Storage;

/// <summary>Reads that go through segments. A damaged one is dropped and the read done again: its range then comes from the log.</summary>
internal static class SegmentHealing
{
    // Each round drops a segment; more damage than this is no longer a cache gone bad but a disk.
    private const int MaxRounds = 64;

    public static async Task<T> ReadLogAsync<T>(this PortalDatabase database, int vendorId, Func<DbConnection, T> read, CancellationToken ct)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                return await database.ReadAsync(read, ct);
            }
            catch (SegmentDamagedException damaged) when (round < MaxRounds)
            {
                await DropAsync(database, vendorId, damaged.FirstId, ct);
            }
        }
    }

    private static async Task DropAsync(PortalDatabase database, int vendorId, long firstId, CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            using var connection = database.OpenWriter();
            using var transaction = connection.BeginTransaction();
            using var segments = new SegmentDropper(connection);
            segments.Begin(transaction);
            segments.Drop(vendorId, firstId);
            transaction.Commit();
        }
        finally
        {
            database.WriteLock.Release();
        }
    }
}
