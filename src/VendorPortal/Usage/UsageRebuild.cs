using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Usage;

/// <summary>
/// Counts usage once more: each person from the events that are kept, some people a transaction, and then all sums from the people in one. Days whose events
/// are no longer kept stay as they are.
/// </summary>
public sealed class UsageRebuild(PortalDatabase database, PortalDbContextFactory contexts, PortalOptions options, TimeProvider time)
{
    private const int BatchUsers = 50;

    /// <summary>Counts a vendor's usage once more; returns the number of people.</summary>
    public async Task<int> RunAsync(int vendorId, IProgress<double>? progress, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var people = await context.ProductUsers.AsNoTracking().Where(p => !p.IsErased).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(ct);
        var done = 0;
        foreach (var batch in people.Chunk(BatchUsers))
        {
            await LockedAsync(() => Recount(vendorId, batch), ct);
            progress?.Report(0.9 * (done += batch.Length) / people.Count);
        }

        await LockedAsync(() => SumUp(vendorId), ct);
        progress?.Report(1);
        return people.Count;
    }

    // Of days that are just being removed, some events may be gone already.
    private int FirstWholeDay => options.Retention.UsageDays == 0 ? 1 : DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber - options.Retention.UsageDays;

    private void Recount(int vendorId, IEnumerable<int> userIds)
    {
        using var connection = database.OpenWriter();
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        using var ledger = new UsageLedger(connection);
        using var events = new UsageEventReader(connection) { Transaction = transaction };
        ledger.Begin(transaction);
        using var find = new PreparedStatement(connection, "SELECT \"CustomerId\", \"IsOptedOut\", \"CountsFromUtc\" FROM \"ProductUsers\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 AND \"IsErased\" = 0", 2) { Transaction = transaction };
        var fromDay = FirstWholeDay;
        foreach (var userId in userIds)
        {
            if (Find(find, vendorId, userId) is var (customerId, state))
                ledger.Recount(vendorId, userId, customerId, fromDay, [.. events.Of(vendorId, userId, fromDay).Where(e => state.Counts(e.AtUtc)).SelectMany(e => e.Atoms.Select(atom => (e.Day, atom)))]);
        }

        transaction.Commit();
    }

    private void SumUp(int vendorId)
    {
        using var connection = database.OpenWriter();
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        string[] statements =
        [
            "DELETE FROM \"UsageDays\" WHERE \"VendorId\" = @p0",
            Sums("p.\"CustomerId\""),
            Sums(UsageDay.Everyone.ToString(CultureInfo.InvariantCulture)),
        ];
        foreach (var sql in statements)
        {
            using var statement = new PreparedStatement(connection, sql, 1) { Transaction = transaction };
            statement.Execute(vendorId);
        }

        transaction.Commit();
    }

    private static string Sums(string customer) =>
        "INSERT INTO \"UsageDays\" (\"VendorId\", \"CustomerId\", \"Measure\", \"NameId\", \"Day\", \"Users\", \"LastUsers\", \"Count\", \"Sum\") " +
        $"SELECT \"VendorId\", \"Customer\", \"Measure\", \"NameId\", \"Day\", COUNT(*), SUM(\"IsLast\"), SUM(\"Count\"), SUM(\"Sum\") FROM (SELECT d.*, {customer} AS \"Customer\", " +
        "CASE WHEN d.\"Day\" = MAX(d.\"Day\") OVER (PARTITION BY d.\"UserId\", d.\"Measure\", d.\"NameId\") THEN 1 ELSE 0 END AS \"IsLast\" " +
        "FROM \"UsageUserDays\" d JOIN \"ProductUsers\" p ON p.\"VendorId\" = d.\"VendorId\" AND p.\"Id\" = d.\"UserId\" WHERE d.\"VendorId\" = @p0) x GROUP BY 1, 2, 3, 4, 5";

    private static (int CustomerId, UsageState State)? Find(PreparedStatement find, int vendorId, int userId)
    {
        using var reader = find.Read(vendorId, userId);
        return reader.Read()
            ? (reader.GetInt32(0), new UsageState(reader.GetInt64(1) != 0, reader.IsDBNull(2) ? null : DateTime.SpecifyKind(reader.GetDateTime(2), DateTimeKind.Utc)))
            : null;
    }

    private async Task LockedAsync(Action write, CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            await Task.Run(write, CancellationToken.None);
        }
        finally
        {
            database.WriteLock.Release();
        }
    }
}
