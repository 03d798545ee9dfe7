using System.Data.Common;
using System.Globalization;
using VendorPortal.Segments;

namespace VendorPortal.Storage;

/// <summary>Where the segments of a vendor are kept: lists, reads, writes and drops them on the connection and transaction it is given.</summary>
internal static class SegmentStore
{
    private const string LogColumns =
        "\"Id\", \"Labels\", \"Kind\", \"ArtifactId\", \"ClientId\", \"CustomerId\", \"UserId\", \"VersionId\", \"AddressId\"";

    /// <summary>A segment's place: its range and rows.</summary>
    internal readonly record struct Entry(long FirstId, long LastId, int Rows);

    /// <summary>The segments that touch a range, newest first; those being built are left out.</summary>
    public static List<Entry> List(DbConnection connection, int vendorId, long firstId, long endId, bool building = false)
    {
        using var statement = new PreparedStatement(
            connection,
            "SELECT \"FirstId\", \"LastId\", \"Rows\" FROM \"PullSegments\" WHERE \"VendorId\" = @p0 AND \"FirstId\" < @p1 AND \"LastId\" >= @p2 " +
            (building ? "" : "AND \"Rows\" > 0 ") + "ORDER BY \"FirstId\" DESC", 3);
        using var reader = statement.Read(vendorId, endId, firstId);
        var entries = new List<Entry>();
        while (reader.Read())
            entries.Add(new Entry(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2)));
        return entries;
    }

    /// <summary>
    /// The newest pulls below <paramref name="endId"/> and not below <paramref name="firstId"/>, at most <paramref name="limit"/>, as a
    /// segment in memory whose range says how far was looked; null where there are none.
    /// </summary>
    public static PullSegment? ReadLog(DbConnection connection, SegmentBuffers buffers, int vendorId, long firstId, long endId, int limit)
    {
        using var statement = new PreparedStatement(
            connection,
            $"SELECT {LogColumns} FROM (SELECT {LogColumns} FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" < @p2 " +
            $"ORDER BY \"Id\" DESC LIMIT {limit.ToString(CultureInfo.InvariantCulture)}) p ORDER BY \"Id\"", 3);
        var builder = new SegmentBuilder(limit);
        ReadInto(builder, statement, vendorId, firstId, endId);
        if (builder.Rows == 0)
            return null;
        return builder.ToSegment(builder.Rows < limit ? firstId : builder.FirstId, endId - 1, buffers);
    }

    /// <summary>Fills a builder with the oldest pulls from <paramref name="firstId"/> on, below <paramref name="endId"/>, as many as it takes.</summary>
    public static void ReadOldest(DbConnection connection, SegmentBuilder builder, int vendorId, long firstId, long endId, int limit)
    {
        using var statement = new PreparedStatement(
            connection,
            $"SELECT {LogColumns} FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" < @p2 ORDER BY \"Id\" LIMIT {limit.ToString(CultureInfo.InvariantCulture)}", 3);
        ReadInto(builder, statement, vendorId, firstId, endId);
    }

    /// <summary>The id of the pull that has <paramref name="before"/> pulls before it in a range; null where there are not so many.</summary>
    public static long? IdAt(DbConnection connection, int vendorId, long firstId, long endId, int before)
    {
        using var statement = new PreparedStatement(
            connection, "SELECT \"Id\" FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" < @p2 ORDER BY \"Id\" LIMIT 1 OFFSET @p3", 4);
        return (long?)statement.Scalar(vendorId, firstId, endId, before);
    }

    /// <summary>The newest id of a range.</summary>
    public static long? LastId(DbConnection connection, int vendorId, long firstId, long endId)
    {
        using var statement = new PreparedStatement(
            connection, "SELECT MAX(\"Id\") FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" < @p2", 3);
        return (long?)statement.Scalar(vendorId, firstId, endId);
    }

    /// <summary>The pulls of a range, counted up to <paramref name="limit"/>.</summary>
    public static int Count(DbConnection connection, int vendorId, long firstId, long endId, int limit)
    {
        using var statement = new PreparedStatement(
            connection, "SELECT COUNT(*) FROM (SELECT 1 FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" < @p2 LIMIT @p3) p", 4);
        return Convert.ToInt32(statement.Scalar(vendorId, firstId, endId, limit), CultureInfo.InvariantCulture);
    }

    /// <summary>Announces that a range is being built; any write into it takes the announcement back.</summary>
    public static void Announce(DbConnection connection, DbTransaction transaction, int vendorId, long firstId, long lastId)
    {
        using var statement = new PreparedStatement(
            connection, "INSERT INTO \"PullSegments\" (\"VendorId\", \"FirstId\", \"LastId\", \"Rows\") VALUES (@p0, @p1, @p2, 0)", 3);
        statement.Transaction = transaction;
        statement.Execute(vendorId, firstId, lastId);
    }

    /// <summary>Puts a built segment in its announced place; false where something was written into the range meanwhile.</summary>
    public static bool Complete(DbConnection connection, DbTransaction transaction, int vendorId, Entry entry, byte[][] columns)
    {
        using var complete = new PreparedStatement(
            connection, "UPDATE \"PullSegments\" SET \"Rows\" = @p3 WHERE \"VendorId\" = @p0 AND \"FirstId\" = @p1 AND \"LastId\" = @p2 AND \"Rows\" = 0", 4);
        complete.Transaction = transaction;
        if (complete.Execute(vendorId, entry.FirstId, entry.LastId, entry.Rows) == 0)
            return false;
        using var insert = new PreparedStatement(
            connection, "INSERT INTO \"PullSegmentColumns\" (\"VendorId\", \"Column\", \"FirstId\", \"Data\") VALUES (@p0, @p1, @p2, @p3)", 4);
        insert.Transaction = transaction;
        for (var column = 0; column < columns.Length; column++)
            insert.Execute(vendorId, column, entry.FirstId, columns[column]);
        return true;
    }

    private static void ReadInto(SegmentBuilder builder, PreparedStatement statement, int vendorId, long firstId, long endId)
    {
        using var reader = statement.Read(vendorId, firstId, endId);
        Span<int> values = stackalloc int[SegmentLimits.Dictionaries];
        while (reader.Read())
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = reader.IsDBNull(i + 1) ? SegmentLimits.Unknown : reader.GetInt32(i + 1);
            builder.Add(reader.GetInt64(0), values);
        }
    }
}

/// <summary>
/// Drops the segments that writes fall into, in the transaction of the write. Ids above the newest segment touch none, and cost one
/// look-up a transaction.
/// </summary>
internal sealed class SegmentDropper(DbConnection connection) : IDisposable
{
    private readonly PreparedStatement newest = new(connection, "SELECT MAX(\"LastId\") FROM \"PullSegments\" WHERE \"VendorId\" = @p0", 1);
    private readonly PreparedStatement find = new(
        connection, "SELECT \"FirstId\", \"LastId\" FROM \"PullSegments\" WHERE \"VendorId\" = @p0 AND \"FirstId\" <= @p1 ORDER BY \"FirstId\" DESC LIMIT 1", 2);
    private readonly PreparedStatement dropEntry = new(connection, "DELETE FROM \"PullSegments\" WHERE \"VendorId\" = @p0 AND \"FirstId\" = @p1", 2);
    private readonly PreparedStatement dropColumns = new(
        connection,
        $"DELETE FROM \"PullSegmentColumns\" WHERE \"VendorId\" = @p0 AND \"Column\" BETWEEN 0 AND {SegmentLimits.Columns.ToString(CultureInfo.InvariantCulture)} AND \"FirstId\" = @p1", 2);
    private readonly Dictionary<int, long> newestOf = new();
    private DbTransaction? transaction;

    /// <summary>The transaction the drops belong to; call at its begin.</summary>
    public void Begin(DbTransaction begun)
    {
        transaction = begun;
        newestOf.Clear();
        foreach (var statement in (ReadOnlySpan<PreparedStatement>)[newest, find, dropEntry, dropColumns])
            statement.Transaction = begun;
    }

    /// <summary>Says that the pull of this id is written, changed or deleted.</summary>
    public void Touch(int vendorId, long id)
    {
        if (!newestOf.TryGetValue(vendorId, out var last))
            newestOf[vendorId] = last = newest.Scalar(vendorId) is long found ? found : -1;
        if (id > last)
            return;
        long first;
        using (var reader = find.Read(vendorId, id))
        {
            if (!reader.Read() || reader.GetInt64(1) < id)
                return;
            first = reader.GetInt64(0);
        }

        Drop(vendorId, first);
    }

    /// <summary>Drops the segment that begins at <paramref name="firstId"/>.</summary>
    public void Drop(int vendorId, long firstId)
    {
        dropEntry.Execute(vendorId, firstId);
        dropColumns.Execute(vendorId, firstId);
        newestOf.Remove(vendorId);
    }

    /// <summary>Takes an announcement back, if it is still there.</summary>
    public void DropUnfinished(int vendorId, long firstId)
    {
        using var entry = new PreparedStatement(connection, "DELETE FROM \"PullSegments\" WHERE \"VendorId\" = @p0 AND \"FirstId\" = @p1 AND \"Rows\" = 0", 2);
        entry.Transaction = transaction;
        entry.Execute(vendorId, firstId);
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<PreparedStatement>)[newest, find, dropEntry, dropColumns])
            statement.Dispose();
    }
}
