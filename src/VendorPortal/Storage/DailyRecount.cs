using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Storage;

/// <summary>Counts pulls a day and artifact from the log itself, where the running counts of <see cref="PullWriter"/> are to be renewed.</summary>
internal sealed class DailyRecount(DbConnection connection) : IDisposable
{
    /// <summary>Returned by <see cref="Count"/> when no day is left.</summary>
    public const int Done = int.MaxValue;

    private static readonly string Day = PullIds.DayOf("\"Id\"");

    private readonly PreparedStatement range = new(
        connection,
        "SELECT MIN(d), MAX(d) FROM (SELECT MIN(\"Day\") d FROM \"DailyArtifactPulls\" WHERE \"VendorId\" = @p0 UNION ALL SELECT MAX(\"Day\") FROM \"DailyArtifactPulls\" WHERE \"VendorId\" = @p0 " +
        $"UNION ALL SELECT {PullIds.DayOf("MIN(\"Id\")")} FROM \"Pulls\" WHERE \"VendorId\" = @p0 UNION ALL SELECT {PullIds.DayOf("MAX(\"Id\")")} FROM \"Pulls\" WHERE \"VendorId\" = @p0) days", 1);

    private readonly PreparedStatement delete = new(connection, "DELETE FROM \"DailyArtifactPulls\" WHERE \"VendorId\" = @p0 AND \"Day\" >= @p1 AND \"Day\" < @p2", 3);

    private readonly PreparedStatement insert = new(
        connection,
        "INSERT INTO \"DailyArtifactPulls\" (\"VendorId\", \"ArtifactId\", \"Day\", \"Tag\", \"Digest\", \"Checks\", \"Denied\", \"Labelled\") " +
        $"SELECT \"VendorId\", \"ArtifactId\", {Day}, {Sum(PullKind.PullByTag)}, {Sum(PullKind.PullByDigest)}, {Sum(PullKind.VersionCheck)}, {Sum(PullKind.Denied)}, " +
        $"SUM(CASE WHEN \"Labels\" <> {(int)PullLabels.None} THEN 1 ELSE 0 END) FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" < @p2 GROUP BY 1, 2, 3", 3);

    /// <summary>
    /// Counts the days (<see cref="DateOnly.DayNumber"/>, UTC) that a range of ids touches, at most <paramref name="limit"/> of them from
    /// <paramref name="fromDay"/> on, in one transaction. Returns the first day left, or <see cref="Done"/>.
    /// </summary>
    public int Count(int vendorId, long fromId, long endId, int? fromDay, int limit)
    {
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        foreach (var statement in (ReadOnlySpan<PreparedStatement>)[range, delete, insert])
            statement.Transaction = transaction;
        if (Days(vendorId) is not { } known)
            return Done;
        var first = Math.Max(fromDay ?? PullIds.DayOf(fromId), known.First);
        var last = Math.Min(PullIds.DayOf(endId - 1), known.Last);
        if (first > last)
            return Done;
        var next = Math.Min(first + limit, last + 1);
        delete.Execute(vendorId, first, next);
        insert.Execute(vendorId, PullIds.FirstOfDay(first), PullIds.FirstOfDay(next));
        transaction.Commit();
        return next > last ? Done : next;
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<PreparedStatement>)[range, delete, insert])
            statement.Dispose();
    }

    private (int First, int Last)? Days(int vendorId)
    {
        using var reader = range.Read(vendorId);
        return reader.Read() && !reader.IsDBNull(0) ? (reader.GetInt32(0), reader.GetInt32(1)) : null;
    }

    private static string Sum(PullKind kind) => $"SUM(CASE WHEN \"Labels\" = {(int)PullLabels.None} AND \"Kind\" = {(int)kind} THEN 1 ELSE 0 END)";
}
