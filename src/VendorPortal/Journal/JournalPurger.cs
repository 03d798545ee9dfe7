using System.Data.Common;
using System.Globalization;
using VendorPortal.Storage;

namespace VendorPortal.Journal;

/// <summary>
/// Removes the old requests of a vendor, a batch a transaction. A batch never takes a part of a pull: what belongs to a pull goes with its
/// first request, so that nobody who classifies meets half of one.
/// </summary>
internal sealed class JournalPurger(PortalDatabase database, int vendorId, int journalDays, DateTime nowUtc)
{
    // From its first to its last request a pull lasts some seconds, a denied one little more than a minute at the most.
    private static readonly long Longest = PullIds.Bound(PullIds.Epoch.AddHours(1));

    private readonly long endId = PullIds.Bound(nowUtc.Date.AddDays(-journalDays));

    /// <summary>What a batch has done; the next one begins above <paramref name="Through"/>, which is null after the last.</summary>
    public readonly record struct Batch(long Removed, long? Through);

    /// <summary>Removes the requests above <paramref name="after"/>, at most about <paramref name="rows"/>.</summary>
    public Batch Remove(long after, int rows)
    {
        using var connection = database.OpenWriter();
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        var end = Math.Min(endId, EndBeforeWaiting(connection, transaction));
        if (Id(connection, transaction, "MIN", "\"Id\" > @p1", after) is not { } first || first >= end)
            return new Batch(0, null);
        var last = IdAt(connection, transaction, first, rows) is { } full && full < end ? full : end - 1;
        var removed = Delete(connection, transaction, first, last);
        transaction.Commit();
        return new Batch(removed, last == end - 1 ? null : last);
    }

    // Well below the oldest request that waits, still by whole days: its session is looked up in the journal.
    private long EndBeforeWaiting(DbConnection connection, DbTransaction transaction) =>
        Id(connection, transaction, "MIN", "\"PullId\" IS NULL AND \"Id\" > @p1", -1) is { } waiting
            ? PullIds.Bound(PullIds.TimeOf(waiting).Date.AddDays(-1))
            : long.MaxValue;

    private long? Id(DbConnection connection, DbTransaction transaction, string function, string where, long after)
    {
        using var statement = new PreparedStatement(connection, $"SELECT {function}(\"Id\") FROM \"RegistryRequests\" WHERE \"VendorId\" = @p0 AND {where}", 2);
        statement.Transaction = transaction;
        return (long?)statement.Scalar(vendorId, after);
    }

    private long? IdAt(DbConnection connection, DbTransaction transaction, long first, int rows)
    {
        using var statement = new PreparedStatement(
            connection,
            $"SELECT \"Id\" FROM \"RegistryRequests\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 ORDER BY \"Id\" LIMIT 1 OFFSET {(rows - 1).ToString(CultureInfo.InvariantCulture)}", 2);
        statement.Transaction = transaction;
        return (long?)statement.Scalar(vendorId, first);
    }

    // The rows are noted by feed and day first: what is told of these again is a repeat. In a crowded millisecond a pull's first request may
    // have a higher id than others of it: then they wait for the next batch, or for the next run.
    private long Delete(DbConnection connection, DbTransaction transaction, long first, long last)
    {
        const string Gone =
            "\"VendorId\" = @p0 AND \"PullId\" IS NOT NULL AND ((\"Id\" BETWEEN @p1 AND @p2 AND \"PullId\" <= @p2) OR (\"Id\" > @p2 AND \"Id\" <= @p3 AND \"PullId\" BETWEEN 1 AND @p2))";
        using var note = new PreparedStatement(
            connection,
            "INSERT INTO \"JournalPurges\" (\"VendorId\", \"Day\", \"FeedId\", \"Requests\", \"AfterDays\", \"RemovedUtc\") " +
            $"SELECT @p0, {PullIds.DayOf("\"Id\"")}, \"FeedId\", COUNT(*), @p4, @p5 FROM \"RegistryRequests\" WHERE {Gone} GROUP BY 2, 3 " +
            "ON CONFLICT (\"VendorId\", \"Day\", \"FeedId\") DO UPDATE SET \"Requests\" = \"JournalPurges\".\"Requests\" + excluded.\"Requests\", " +
            "\"AfterDays\" = excluded.\"AfterDays\", \"RemovedUtc\" = excluded.\"RemovedUtc\"", 6);
        note.Transaction = transaction;
        note.Execute(vendorId, first, last, last + Longest, journalDays, nowUtc);
        using var delete = new PreparedStatement(connection, $"DELETE FROM \"RegistryRequests\" WHERE {Gone}", 4);
        delete.Transaction = transaction;
        return delete.Execute(vendorId, first, last, last + Longest);
    }
}
