using System.Data.Common;
using VendorPortal.Segments;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Storage;

/// <summary>Reads that go through segments. A damaged one is dropped and the read done again: its range then comes from the log.</summary>
internal static class SegmentHealing
{
    // Each round drops a segment, the last one all of them: then nothing is left that could be damaged.
    private const int MaxRounds = 16;

    public static async Task<T> ReadLogAsync<T>(this PortalDatabase database, int vendorId, Func<DbConnection, T> read, CancellationToken ct)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                return await database.ReadAsync(read, ct);
            }
            catch (SegmentDamagedException damaged) when (round <= MaxRounds)
            {
                await DropAsync(database, vendorId, round < MaxRounds ? damaged.FirstId : null, damaged.Message, ct);
            }
        }
    }

    private static async Task DropAsync(PortalDatabase database, int vendorId, long? firstId, string reason, CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            using var connection = database.OpenWriter();
            using var transaction = connection.BeginTransaction();
            using var segments = new SegmentDropper(connection);
            segments.Begin(transaction);
            // Several readers may have met the damage; the one that drops it says so.
            var isFirst = firstId is null || segments.Drop(vendorId, firstId.Value);
            if (firstId is null)
                segments.DropAll(vendorId);
            transaction.Commit();
            if (isFirst)
                database.Logger.LogWarning("A stored segment of vendor {Vendor} was dropped: {Reason} Its pulls are read from the log until it is built anew", vendorId, reason);
        }
        finally
        {
            database.WriteLock.Release();
        }
    }
}
