using System.Data.Common;
using System.Globalization;
using VendorPortal.Segments;

namespace VendorPortal.Storage;

/// <summary>Where the segments of a vendor are kept: lists them and reads the log for them, in the state that the connection's transaction sees.</summary>
internal static class SegmentStore
{
    private const string LogColumns =
        "\"Id\", \"Labels\", \"Kind\", \"ArtifactId\", \"ClientId\", \"CustomerId\", \"UserId\", \"VersionId\", \"AddressId\"";

    /// <summary>A segment's place: its range and rows.</summary>
    internal readonly record struct Entry(long FirstId, long LastId, int Rows);

    /// <summary>A pull that was written since its segment was built, and how often.</summary>
    internal readonly record struct Change(long Id, int Times);

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

    /// <summary>The newest pulls below <paramref name="endId"/> and not below <paramref name="firstId"/>, at most <paramref name="limit"/>.</summary>
    public static SegmentBuilder ReadNewest(DbConnection connection, int vendorId, long firstId, long endId, int limit)
    {
        using var statement = new PreparedStatement(
            connection,
            $"SELECT {LogColumns} FROM (SELECT {LogColumns} FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" < @p2 " +
            $"ORDER BY \"Id\" DESC LIMIT {limit.ToString(CultureInfo.InvariantCulture)}) p ORDER BY \"Id\"", 3);
        var builder = new SegmentBuilder(limit);
        ReadInto(builder, statement, vendorId, firstId, endId);
        return builder;
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

    /// <summary>The oldest and the newest id of a range; null where there is none.</summary>
    public static (long First, long Last)? Bounds(DbConnection connection, int vendorId, long firstId, long endId) =>
        IdAt(connection, vendorId, firstId, endId, 0) is { } first ? (first, LastId(connection, vendorId, firstId, endId)!.Value) : null;

    /// <summary>The pulls of a range, counted up to <paramref name="limit"/>.</summary>
    public static int Count(DbConnection connection, int vendorId, long firstId, long endId, int limit)
    {
        using var statement = new PreparedStatement(
            connection, "SELECT COUNT(*) FROM (SELECT 1 FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" < @p2 LIMIT @p3) p", 4);
        return Convert.ToInt32(statement.Scalar(vendorId, firstId, endId, limit), CultureInfo.InvariantCulture);
    }

    /// <summary>The changes listed for a range (both ends inclusive), ascending.</summary>
    public static List<Change> Changes(DbConnection connection, int vendorId, long firstId, long lastId)
    {
        using var statement = new PreparedStatement(
            connection, "SELECT \"Id\", \"Times\" FROM \"PullSegmentChanges\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" <= @p2 ORDER BY \"Id\"", 3);
        using var reader = statement.Read(vendorId, firstId, lastId);
        var changes = new List<Change>();
        while (reader.Read())
            changes.Add(new Change(reader.GetInt64(0), reader.GetInt32(1)));
        return changes;
    }

    /// <summary>True where any change is listed in a range.</summary>
    public static bool AnyChanges(DbConnection connection, int vendorId, long firstId, long endId)
    {
        using var statement = new PreparedStatement(
            connection, "SELECT 1 FROM \"PullSegmentChanges\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" < @p2 LIMIT 1", 3);
        return statement.Scalar(vendorId, firstId, endId) is not null;
    }

    /// <summary>What is left of the listed pulls of a range, as they are by now.</summary>
    public static SegmentBuilder ReadChanged(DbConnection connection, int vendorId, Entry entry, int changes)
    {
        using var statement = new PreparedStatement(
            connection,
            $"SELECT {LogColumns} FROM (SELECT p.* FROM \"PullSegmentChanges\" c CROSS JOIN \"Pulls\" p " + // the few decide the order, not the many
            "WHERE c.\"VendorId\" = @p0 AND c.\"Id\" >= @p1 AND c.\"Id\" < @p2 AND p.\"VendorId\" = c.\"VendorId\" AND p.\"Id\" = c.\"Id\" ORDER BY c.\"Id\") l", 3);
        var builder = new SegmentBuilder(changes);
        ReadInto(builder, statement, vendorId, entry.FirstId, entry.LastId + 1);
        return builder;
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
