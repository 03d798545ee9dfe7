using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using VendorPortal.Segments;

namespace VendorPortal.Storage.Sqlite;

/// <summary>
/// The columns of stored segments, read in place: SQLite copies the wanted part of a blob straight into the caller's room, in the
/// transaction of the connection. A query by statement would bring the whole blob, through three copies. Several threads may read: they
/// take turns on the connection, which they lock, and so see one state.
/// </summary>
internal sealed class SegmentBlobs(DbConnection connection, int vendorId, long firstId, long endId) : IDisposable
{
    private readonly sqlite3 handle = SqliteReading.HandleOf(connection);
    private readonly Dictionary<long, long>?[] places = new Dictionary<long, long>?[SegmentLimits.Columns];
    private readonly sqlite3_blob?[] blobs = new sqlite3_blob?[SegmentLimits.Columns];
    private readonly long[] opened = new long[SegmentLimits.Columns];

    /// <summary>The columns of one segment.</summary>
    public IColumnBytes Of(SegmentStore.Entry segment) => new Columns(this, segment);

    public void Dispose()
    {
        lock (connection)
        {
            foreach (var blob in blobs)
                blob?.Dispose();
        }
    }

    private bool TryRead(SegmentStore.Entry segment, SegmentColumn column, int offset, Span<byte> into)
    {
        (connection as CancellableConnection)?.ThrowIfCancelled();
        lock (connection)
        {
            places[(int)column] ??= FindPlaces(column);
            if (!places[(int)column]!.TryGetValue(segment.FirstId, out var row))
                return false;
            var blob = Open(column, row);
            if (offset + into.Length > raw.sqlite3_blob_bytes(blob))
                return false;
            Check(raw.sqlite3_blob_read(blob, into, offset));
        }

        if (offset == 0)
            SegmentFormat.Bind(into, vendorId, segment.FirstId, segment.LastId);
        return true;
    }

    // One handle a column, moved from segment to segment: opening one compiles a statement.
    private sqlite3_blob Open(SegmentColumn column, long row)
    {
        ref var blob = ref blobs[(int)column];
        if (blob is not null && opened[(int)column] == row)
            return blob;
        opened[(int)column] = -1; // a handle that could not be moved is of no row
        Check(blob is null ? raw.sqlite3_blob_open(handle, "main", "PullSegmentColumns", "Data", row, 0, out blob) : raw.sqlite3_blob_reopen(blob, row));
        opened[(int)column] = row;
        return blob!;
    }

    private Dictionary<long, long> FindPlaces(SegmentColumn column)
    {
        using var statement = new PreparedStatement(
            connection, "SELECT \"FirstId\", rowid FROM \"PullSegmentColumns\" WHERE \"VendorId\" = @p0 AND \"Column\" = @p1 AND \"FirstId\" BETWEEN @p2 AND @p3", 4);
        using var reader = statement.Read(vendorId, (int)column, firstId, endId);
        var found = new Dictionary<long, long>();
        while (reader.Read())
            found.Add(reader.GetInt64(0), reader.GetInt64(1));
        return found;
    }

    private static void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw new SqliteException($"A column of a segment could not be read (SQLite error {code}).", code);
    }

    private sealed class Columns(SegmentBlobs blobs, SegmentStore.Entry segment) : IColumnBytes
    {
        public bool TryRead(SegmentColumn column, int offset, Span<byte> into) => blobs.TryRead(segment, column, offset, into);
    }
}
