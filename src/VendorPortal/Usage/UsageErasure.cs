using System.Data.Common;
using System.Globalization;
using VendorPortal.Storage;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Usage;

/// <summary>What erasing a person takes away: events, days on which they did something, extensions, and what they said of being counted.</summary>
public sealed record PersonToErase(int Id, string Username, string? Name, string? Customer, long Events, int Days, int Extensions, bool IsListed, bool IsOptedOut);

/// <summary>
/// Erases a person: from all figures at once, in one transaction; their events after that in small ones. Also takes away the events of people who opted
/// out, which count no more from the moment they said so.
/// </summary>
public sealed class UsageErasure(PortalDatabase database, TimeProvider time, ILogger<UsageErasure> logger)
{
    private const int BatchEvents = 5_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>What would be erased; null where there is no such person.</summary>
    public Task<PersonToErase?> PreviewAsync(int vendorId, int userId, CancellationToken ct) => database.ReadAsync(connection => Read(connection, vendorId, userId), ct);

    /// <summary>The people that a name stands for: user name or e-mail address, of a customer where one is given.</summary>
    public Task<IReadOnlyList<int>> FindAsync(int vendorId, string user, string? customer, CancellationToken ct) => database.ReadAsync(connection =>
    {
        using var statement = new PreparedStatement(
            connection,
            "SELECT p.\"Id\" FROM \"ProductUsers\" p LEFT JOIN \"Customers\" c ON c.\"VendorId\" = p.\"VendorId\" AND c.\"Id\" = p.\"CustomerId\" " +
            "WHERE p.\"VendorId\" = @p0 AND (p.\"UserKey\" = @p1 OR p.\"EmailKey\" = @p1) AND p.\"IsErased\" = 0 AND (@p2 IS NULL OR c.\"Name\" = @p2) ORDER BY p.\"Id\"", 3);
        using var reader = statement.Read(vendorId, UsagePeople.KeyOf(user), customer);
        var ids = new List<int>();
        while (reader.Read())
            ids.Add(reader.GetInt32(0));
        return (IReadOnlyList<int>)ids;
    }, ct);

    /// <summary>Erases a person and returns what went; null where there is no such person.</summary>
    public Task<PersonToErase?> EraseAsync(int vendorId, int userId, CancellationToken ct) => EraseAsync(vendorId, userId, null, ct);

    /// <summary>Erases a person who is on no list, has said nothing and was last seen before a time; null where that is not so, or no longer.</summary>
    internal Task<PersonToErase?> EraseUnseenAsync(int vendorId, int userId, DateTime beforeUtc, CancellationToken ct) => EraseAsync(vendorId, userId, beforeUtc, ct);

    private async Task<PersonToErase?> EraseAsync(int vendorId, int userId, DateTime? unseenUtc, CancellationToken ct)
    {
        var gone = await PreviewAsync(vendorId, userId, ct);
        if (gone is null)
            return null;
        var isErased = await WriteAsync((connection, transaction) =>
        {
            if (unseenUtc is { } before && !IsUnseen(connection, transaction, vendorId, userId, before))
                return false;
            using var ledger = new UsageLedger(connection);
            ledger.Begin(transaction);
            if (CustomerOf(connection, transaction, vendorId, userId) is { } customerId)
                ledger.Withdraw(vendorId, userId, customerId);
            // Nobody is found by this key: no name of an event has control characters.
            Execute(
                connection, transaction,
                "UPDATE \"ProductUsers\" SET \"Username\" = '', \"UserKey\" = char(1) || \"Id\", \"Email\" = NULL, \"EmailKey\" = NULL, \"Name\" = NULL, \"Type\" = NULL, \"Role\" = NULL, \"Teams\" = NULL, " +
                "\"JoinedUtc\" = NULL, \"LastLogInUtc\" = NULL, \"LastSeenUtc\" = NULL, \"LastVersionId\" = NULL, \"LastVersionUtc\" = NULL, \"IsListed\" = 0, \"IsErased\" = 1, \"EventsPending\" = 1 " +
                "WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", vendorId, userId);
            Execute(connection, transaction, "DELETE FROM \"UsageConsents\" WHERE \"VendorId\" = @p0 AND \"UserId\" = @p1", vendorId, userId);
            return true;
        }, ct);
        if (!isErased)
            return null;
        // From here on it is only a matter of time: what an end of the portal leaves is taken up by the next look.
        await FinishAsync(vendorId, userId, CancellationToken.None);
        logger.LogInformation("Vendor {Vendor}: a person of the product was erased, {Events} events", vendorId, gone.Events);
        return gone;
    }

    private static bool IsUnseen(DbConnection connection, DbTransaction transaction, int vendorId, int userId, DateTime beforeUtc)
    {
        using var statement = new PreparedStatement(
            connection,
            "SELECT 1 FROM \"ProductUsers\" p WHERE p.\"VendorId\" = @p0 AND p.\"Id\" = @p1 AND p.\"IsListed\" = 0 AND p.\"IsOptedOut\" = 0 AND p.\"IsErased\" = 0 AND p.\"LastSeenUtc\" < @p2 " +
            "AND NOT EXISTS (SELECT 1 FROM \"UsageConsents\" c WHERE c.\"VendorId\" = @p0 AND c.\"UserId\" = @p1)", 3) { Transaction = transaction };
        return statement.Scalar(vendorId, userId, beforeUtc) is not null;
    }

    /// <summary>Removes the events that no longer count, of all people who wait for it. Returns how many.</summary>
    internal async Task<long> RunAsync(CancellationToken ct)
    {
        long removed = 0;
        var waiting = await database.ReadAsync(connection =>
        {
            using var statement = new PreparedStatement(connection, "SELECT \"VendorId\", \"Id\" FROM \"ProductUsers\" WHERE \"EventsPending\" = 1", 0);
            using var reader = statement.Read();
            var found = new List<(int VendorId, int UserId)>();
            while (reader.Read())
                found.Add((reader.GetInt32(0), reader.GetInt32(1)));
            return found;
        }, ct);
        foreach (var (vendorId, userId) in waiting)
            removed += await FinishAsync(vendorId, userId, ct);
        return removed;
    }

    private async Task<long> FinishAsync(int vendorId, int userId, CancellationToken ct)
    {
        long removed = 0;
        for (var day = 0; day >= 0;)
        {
            var from = day;
            var (count, next) = await WriteAsync((connection, transaction) => RemoveEvents(connection, transaction, vendorId, userId, from), ct);
            removed += count;
            day = next;
            if (day >= 0)
                await Task.Delay(Pause, time, ct);
        }

        return removed;
    }

    // From a day on, until enough is gone; the day to go on with, or -1 at the end.
    private static (long Removed, int Next) RemoveEvents(DbConnection connection, DbTransaction transaction, int vendorId, int userId, int fromDay)
    {
        using var events = new UsageEventReader(connection) { Transaction = transaction };
        var counts = CountsFrom(connection, transaction, vendorId, userId);
        long removed = 0;
        if (events.Days(vendorId, fromDay) is var (first, last))
        {
            var border = counts is { } from ? DateOnly.FromDateTime(from).DayNumber : int.MaxValue;
            for (var day = first; day <= Math.Min(last, border); day++)
            {
                removed += events.Remove(vendorId, userId, day, day == border ? counts!.Value.TimeOfDay : TimeSpan.FromDays(1));
                if (removed >= BatchEvents)
                    return (removed, day + 1);
            }
        }

        Execute(connection, transaction, "UPDATE \"ProductUsers\" SET \"EventsPending\" = 0 WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", vendorId, userId);
        Execute(connection, transaction, "DELETE FROM \"ProductUsers\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 AND \"IsErased\" = 1", vendorId, userId);
        return (removed, -1);
    }

    // From when on events of a person count; null where none do.
    private static DateTime? CountsFrom(DbConnection connection, DbTransaction transaction, int vendorId, int userId)
    {
        using var statement = new PreparedStatement(connection, "SELECT \"CountsFromUtc\" FROM \"ProductUsers\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 AND \"IsOptedOut\" = 0 AND \"IsErased\" = 0", 2) { Transaction = transaction };
        using var reader = statement.Read(vendorId, userId);
        if (!reader.Read())
            return null;
        return reader.IsDBNull(0) ? DateTime.UnixEpoch : DateTime.SpecifyKind(reader.GetDateTime(0), DateTimeKind.Utc);
    }

    private async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, T> write, CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            using var connection = database.OpenWriter();
            using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
            var result = write(connection, transaction);
            transaction.Commit();
            return result;
        }
        finally
        {
            database.WriteLock.Release();
        }
    }

    private static PersonToErase? Read(DbConnection connection, int vendorId, int userId)
    {
        using var statement = new PreparedStatement(
            connection,
            "SELECT p.\"Username\", p.\"Name\", c.\"Name\", p.\"IsListed\", p.\"IsOptedOut\", " +
            "(SELECT COUNT(*) FROM \"UsageUserDays\" d WHERE d.\"VendorId\" = @p0 AND d.\"UserId\" = @p1 AND d.\"Measure\" = @p2), " +
            "(SELECT COUNT(*) FROM \"UsageUserDays\" d WHERE d.\"VendorId\" = @p0 AND d.\"UserId\" = @p1 AND d.\"Measure\" = @p3) FROM \"ProductUsers\" p " +
            "LEFT JOIN \"Customers\" c ON c.\"VendorId\" = p.\"VendorId\" AND c.\"Id\" = p.\"CustomerId\" WHERE p.\"VendorId\" = @p0 AND p.\"Id\" = @p1 AND p.\"IsErased\" = 0", 4);
        using var reader = statement.Read(vendorId, userId, (int)UsageMeasure.Active, (int)UsageMeasure.Extension);
        if (!reader.Read())
            return null;
        using var events = new UsageEventReader(connection);
        return new PersonToErase(
            userId, reader.GetString(0), Text(reader, 1), Text(reader, 2), events.Of(vendorId, userId, 0).LongCount(), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt64(3) != 0, reader.GetInt64(4) != 0);
    }

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static int? CustomerOf(DbConnection connection, DbTransaction transaction, int vendorId, int userId)
    {
        using var statement = new PreparedStatement(connection, "SELECT \"CustomerId\" FROM \"ProductUsers\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 2) { Transaction = transaction };
        return statement.Scalar(vendorId, userId) is { } id ? Convert.ToInt32(id, CultureInfo.InvariantCulture) : null;
    }

    private static void Execute(DbConnection connection, DbTransaction transaction, string sql, int vendorId, int userId)
    {
        using var statement = new PreparedStatement(connection, sql, 2) { Transaction = transaction };
        statement.Execute(vendorId, userId);
    }
}
