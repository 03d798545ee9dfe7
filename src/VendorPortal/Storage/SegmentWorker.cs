using System.Data.Common;
using VendorPortal.Segments;

namespace VendorPortal.Storage;

/// <summary>Does a <see cref="SegmentWork"/>: reads the log without any lock, and puts the outcome in place in one short transaction.</summary>
internal sealed class SegmentWorker(PortalDatabase database, int vendorId, SegmentSizes sizes)
{
    /// <summary>False where what was to be replaced is gone: somebody has written a lot there meanwhile. The next round sees it.</summary>
    public async Task<bool> DoAsync(SegmentWork work, CancellationToken ct)
    {
        var replaces = work.Replaces;
        if (replaces.Count == 0)
        {
            replaces = [new SegmentStore.Entry(work.FirstId, work.LastId, Rows: 0)];
            // Since this was planned an import may have put its own there.
            if (!await WriteAsync(connection => IsFree(connection, work) && Put(connection, vendorId, replaces[0]), ct))
                return false;
        }

        var (built, changes) = Build(work);
        return await WriteAsync(connection => Replace(connection, replaces, built, changes), ct);
    }

    /// <summary>Drops segments that cannot be right, and announcements that nobody will fulfil.</summary>
    public Task DropAsync(IReadOnlyCollection<SegmentStore.Entry> entries, CancellationToken ct) => WriteAsync(connection => Drop(connection, entries) > 0, ct);

    /// <summary>Puts a segment in its place, where no other may be, in the transaction of the connection.</summary>
    public static void Insert(DbConnection connection, int vendorId, SegmentStore.Entry entry, byte[][] columns)
    {
        Put(connection, vendorId, entry);
        // A damaged entry may have left columns behind that no drop could find.
        using var insert = new PreparedStatement(
            connection,
            "INSERT INTO \"PullSegmentColumns\" (\"VendorId\", \"Column\", \"FirstId\", \"Data\") VALUES (@p0, @p1, @p2, @p3) " +
            "ON CONFLICT (\"VendorId\", \"Column\", \"FirstId\") DO UPDATE SET \"Data\" = excluded.\"Data\"", 4);
        for (var column = 0; column < columns.Length; column++)
        {
            SegmentFormat.Bind(columns[column], vendorId, entry.FirstId, entry.LastId);
            insert.Execute(vendorId, column, entry.FirstId, columns[column]);
        }
    }

    // What comes back as false is not committed.
    private async Task<bool> WriteAsync(Func<DbConnection, bool> write, CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            using var connection = database.OpenWriter();
            using var transaction = connection.BeginTransaction();
            if (!write(connection))
                return false;
            transaction.Commit();
            return true;
        }
        finally
        {
            database.WriteLock.Release();
        }
    }

    private bool IsFree(DbConnection connection, SegmentWork work) => SegmentStore.List(connection, vendorId, work.FirstId, work.LastId + 1, building: true).Count == 0;

    // From here on writes into the range are listed.
    private static bool Put(DbConnection connection, int vendorId, SegmentStore.Entry entry)
    {
        using var insert = new PreparedStatement(connection, "INSERT INTO \"PullSegments\" (\"VendorId\", \"FirstId\", \"LastId\", \"Rows\") VALUES (@p0, @p1, @p2, @p3)", 4);
        return insert.Execute(vendorId, entry.FirstId, entry.LastId, entry.Rows) > 0;
    }

    // Rows and changes of one state of the log.
    private (List<(SegmentStore.Entry Entry, byte[][] Columns)> Built, List<SegmentStore.Change> Changes) Build(SegmentWork work)
    {
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        var changes = SegmentStore.Changes(connection, vendorId, work.FirstId, work.LastId);
        var rows = SegmentStore.Count(connection, vendorId, work.FirstId, work.LastId + 1, int.MaxValue);
        var built = new List<(SegmentStore.Entry Entry, byte[][] Columns)>();
        var builder = new SegmentBuilder(sizes.Max);
        var from = work.FirstId;
        for (var parts = (rows + sizes.Max - 1) / sizes.Max; parts > 0; parts--)
        {
            builder.Clear();
            SegmentStore.ReadOldest(connection, builder, vendorId, from, work.LastId + 1, (rows + parts - 1) / parts);
            rows -= builder.Rows;
            var last = parts == 1 ? work.LastId : builder.LastId;
            built.Add((new SegmentStore.Entry(from, last, builder.Rows), builder.Build()));
            from = last + 1;
        }

        return (built, changes);
    }

    private bool Replace(DbConnection connection, IReadOnlyCollection<SegmentStore.Entry> replaces, List<(SegmentStore.Entry Entry, byte[][] Columns)> built, List<SegmentStore.Change> changes)
    {
        if (Drop(connection, replaces) < replaces.Count)
            return false;
        foreach (var (entry, columns) in built)
            Insert(connection, vendorId, entry, columns);
        using var forget = new PreparedStatement(connection, "DELETE FROM \"PullSegmentChanges\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 AND \"Times\" = @p2", 3);
        foreach (var change in changes)
            forget.Execute(vendorId, change.Id, change.Times);
        return true;
    }

    private int Drop(DbConnection connection, IReadOnlyCollection<SegmentStore.Entry> entries)
    {
        using var entry = new PreparedStatement(
            connection, "DELETE FROM \"PullSegments\" WHERE \"VendorId\" = @p0 AND \"FirstId\" = @p1 AND \"LastId\" = @p2 AND \"Rows\" = @p3", 4);
        using var columns = new PreparedStatement(
            connection,
            $"DELETE FROM \"PullSegmentColumns\" WHERE \"VendorId\" = @p0 AND \"Column\" BETWEEN 0 AND {SegmentLimits.Columns} AND \"FirstId\" = @p1", 2);
        var dropped = 0;
        foreach (var each in entries)
        {
            if (entry.Execute(vendorId, each.FirstId, each.LastId, each.Rows) == 0)
                continue;
            columns.Execute(vendorId, each.FirstId);
            dropped++;
        }

        return dropped;
    }
}
