using Microsoft.Data.Sqlite;
using VendorPortal.Classification;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Enrichment;

/// <summary>What waits to be applied to a vendor's past pulls.</summary>
internal sealed record PendingPast(HashSet<int> Users, HashSet<(int ArtifactId, int UserId)> Publishers);

/// <summary>A row of the log that has to change.</summary>
internal readonly record struct PastChange(long PullId, int UserId, int ArtifactId, bool SetCustomer, int? CustomerId, bool SetPublisher);

/// <summary>The statements of <see cref="PastPulls"/>. Reading needs no lock; <see cref="Apply"/> and <see cref="Clear"/> are called under the write lock.</summary>
internal sealed class PastPullsLog(PortalDatabase database) : IAsyncDisposable
{
    /// <summary>Rows looked at between two progress reports; rows changed in one transaction at the most.</summary>
    internal const int ChunkRows = 20_000;

    private readonly SqliteConnection reader = database.OpenReader();

    public List<int> PendingVendors()
    {
        using var command = reader.CreateCommand();
        command.CommandText = """
            SELECT "VendorId" FROM "Users" WHERE "PastPending" UNION SELECT "VendorId" FROM "ArtifactPublishers" WHERE "PastPending"
            """;
        using var rows = command.ExecuteReader();
        var vendors = new List<int>();
        while (rows.Read())
            vendors.Add(rows.GetInt32(0));
        return vendors;
    }

    public PendingPast ReadPending(int vendorId)
    {
        var pending = new PendingPast([], []);
        using (var users = Command(reader, "SELECT \"Id\" FROM \"Users\" WHERE \"VendorId\" = @vendor AND \"PastPending\"", vendorId))
        using (var rows = users.ExecuteReader())
        {
            while (rows.Read())
                pending.Users.Add(rows.GetInt32(0));
        }

        using var publishers = Command(reader, "SELECT \"ArtifactId\", \"UserId\" FROM \"ArtifactPublishers\" WHERE \"VendorId\" = @vendor AND \"PastPending\"", vendorId);
        using var pairs = publishers.ExecuteReader();
        while (pairs.Read())
            pending.Publishers.Add((pairs.GetInt32(0), pairs.GetInt32(1)));
        return pending;
    }

    /// <summary>The oldest and the newest id of the log; (0, -1) where it is empty.</summary>
    public (long First, long Last) Range(int vendorId)
    {
        using var first = Command(reader, "SELECT MIN(\"Id\") FROM \"Pulls\" WHERE \"VendorId\" = @vendor", vendorId);
        using var last = Command(reader, "SELECT MAX(\"Id\") FROM \"Pulls\" WHERE \"VendorId\" = @vendor", vendorId);
        return first.ExecuteScalar() is long from && last.ExecuteScalar() is long to ? (from, to) : (0, -1);
    }

    /// <summary>The rows above <paramref name="after"/> that have to change, and the id up to which was looked.</summary>
    public (long Next, List<PastChange> Changes) FindChanges(int vendorId, long after, PendingPast pending, CustomerAtTime assignments)
    {
        using var command = Command(reader, $"""
            SELECT "Id", "UserId", "ArtifactId", "CustomerId", "Labels" FROM "Pulls"
            WHERE "VendorId" = @vendor AND "Id" > @after ORDER BY "Id" LIMIT {ChunkRows}
            """, vendorId, "@after");
        command.Parameters["@after"].Value = after;
        using var rows = command.ExecuteReader();
        var changes = new List<PastChange>();
        var (next, count) = (after, 0);
        for (; rows.Read(); count++)
        {
            next = rows.GetInt64(0);
            if (rows.IsDBNull(1))
                continue;
            var (userId, artifactId) = (rows.GetInt32(1), rows.GetInt32(2));
            int? customerId = rows.IsDBNull(3) ? null : rows.GetInt32(3);
            var right = pending.Users.Contains(userId) ? assignments.OfPull(userId, next) : customerId;
            var publishes = ((PullLabels)rows.GetInt32(4) & PullLabels.Publisher) == PullLabels.None && pending.Publishers.Contains((artifactId, userId));
            if (right != customerId || publishes)
                changes.Add(new PastChange(next, userId, artifactId, right != customerId, right, publishes));
        }

        return (count < ChunkRows ? long.MaxValue - 1 : next, changes);
    }

    /// <summary>
    /// Writes the changes in one transaction, the roll-up with them, and returns the number of rows changed. A row that was folded anew
    /// since it was read belongs to another user or is right already: the conditions leave it alone.
    /// </summary>
    public int Apply(int vendorId, List<PastChange> changes)
    {
        using var writer = database.OpenWriter();
        using var transaction = writer.BeginTransaction();
        using var customer = Command(writer, """
            UPDATE "Pulls" SET "CustomerId" = @customer WHERE "VendorId" = @vendor AND "Id" = @id AND "UserId" = @user
            """, vendorId, "@customer", "@id", "@user");
        using var publisher = Command(writer, $"""
            UPDATE "Pulls" SET "Labels" = "Labels" | {(int)PullLabels.Publisher}
            WHERE "VendorId" = @vendor AND "Id" = @id AND "UserId" = @user AND "ArtifactId" = @artifact AND ("Labels" & {(int)PullLabels.Publisher}) = 0
            RETURNING CASE WHEN "Labels" = {(int)PullLabels.Publisher} THEN "Kind" ELSE 0 END
            """, vendorId, "@id", "@user", "@artifact");
        using var segments = new SegmentDropper(writer);
        segments.Begin(transaction);
        using var dayChanges = new DayChanges(writer);
        dayChanges.Begin(transaction);
        var changed = 0;
        var days = new Dictionary<(int ArtifactId, int Day), int[]>();
        foreach (var change in changes)
        {
            var touched = false;
            if (change.SetCustomer)
                touched = Run(customer, change.CustomerId, change.PullId, change.UserId) > 0;
            if (change.SetPublisher && RunScalar(publisher, change.PullId, change.UserId, change.ArtifactId) is long kind)
            {
                touched = true;
                if (kind > 0) // 0: it had a label before, and the roll-up counts it apart already
                    Count(days, change, kind);
            }

            if (!touched)
                continue;
            segments.Touch(vendorId, change.PullId);
            dayChanges.Touch(vendorId, PullIds.DayOf(change.PullId));
            changed++;
        }

        MoveToLabelled(writer, vendorId, days);
        dayChanges.Write();
        transaction.Commit();
        return changed;
    }

    /// <summary>Says that the pending changes are done. Always true.</summary>
    public bool Clear(int vendorId, PendingPast pending)
    {
        using var writer = database.OpenWriter();
        using var transaction = writer.BeginTransaction();
        using var users = Command(writer, "UPDATE \"Users\" SET \"PastPending\" = FALSE WHERE \"VendorId\" = @vendor AND \"Id\" = @id", vendorId, "@id");
        foreach (var id in pending.Users)
            Run(users, id);
        using var publishers = Command(writer, """
            UPDATE "ArtifactPublishers" SET "PastPending" = FALSE WHERE "VendorId" = @vendor AND "ArtifactId" = @artifact AND "UserId" = @user
            """, vendorId, "@artifact", "@user");
        foreach (var (artifactId, userId) in pending.Publishers)
            Run(publishers, artifactId, userId);
        transaction.Commit();
        return true;
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    private static void Count(Dictionary<(int ArtifactId, int Day), int[]> days, PastChange change, long kind)
    {
        var key = (change.ArtifactId, PullIds.DayOf(change.PullId));
        if (!days.TryGetValue(key, out var counts))
            days.Add(key, counts = new int[4]);
        counts[kind - 1]++;
    }

    private static void MoveToLabelled(SqliteConnection writer, int vendorId, Dictionary<(int ArtifactId, int Day), int[]> days)
    {
        using var daily = Command(writer, """
            UPDATE "DailyArtifactPulls" SET "Tag" = "Tag" - @tag, "Digest" = "Digest" - @digest, "Checks" = "Checks" - @checks,
                "Denied" = "Denied" - @denied, "Labelled" = "Labelled" + @all
            WHERE "VendorId" = @vendor AND "ArtifactId" = @artifact AND "Day" = @day
            """, vendorId, "@tag", "@digest", "@checks", "@denied", "@all", "@artifact", "@day");
        foreach (var ((artifactId, day), counts) in days)
        {
            Run(daily,
                counts[(int)PullKind.PullByTag - 1], counts[(int)PullKind.PullByDigest - 1], counts[(int)PullKind.VersionCheck - 1], counts[(int)PullKind.Denied - 1],
                counts.Sum(), artifactId, day);
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, int vendorId, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        command.Parameters.AddWithValue("@vendor", vendorId);
        return command;
    }

    private static int Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        Bind(command, values);
        return command.ExecuteNonQuery();
    }

    private static object? RunScalar(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        Bind(command, values);
        return command.ExecuteScalar();
    }

    private static void Bind(SqliteCommand command, ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
