using Microsoft.Data.Sqlite;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Segments;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Import;

/// <summary>What became of the pulls of a part of an import, in requests.</summary>
internal readonly record struct HistoryOutcome(long Pulls, long Requests, long Duplicates);

/// <summary>
/// Appends pulls of the past to the log, in one transaction a part: the rows, the roll-up, and the segments of the range, built from what is
/// in memory. What the log has already is left alone, so that the same file twice changes nothing.
/// </summary>
internal sealed class HistoryWriter : IDisposable
{
    private readonly PortalDatabase database;
    private readonly int vendorId;
    private readonly TimeProvider time;
    private readonly SqliteConnection connection;
    private readonly SqliteInsert insert;
    private readonly PreparedStatement delete;
    private readonly SegmentDropper dropper;
    private readonly DailyRollUp days;
    private readonly ImportProgress progress;
    private readonly SegmentBuilder builder = new();
    private readonly List<(long Id, HistoryPull Pull)> added = [];
    private readonly List<(long Id, int Requests)> replaced = [];
    private long lastId = -1;

    /// <summary>Writes pulls of what <paramref name="content"/> stands for (<see cref="HistoryRuns.Content"/>).</summary>
    public HistoryWriter(PortalDatabase database, int vendorId, byte[] content, TimeProvider time)
    {
        this.database = database;
        this.vendorId = vendorId;
        this.time = time;
        connection = database.OpenRepeatableWriter(); // from the files
        insert = new SqliteInsert(
            connection, "Pulls", "VendorId", "Id", "Kind", "ArtifactId", "VersionId", "DigestId", "CustomerId", "UserId", "AddressId", "ClientId", "Requests", "Rule", "Labels", "Ruleset", "Status");
        delete = new PreparedStatement(connection, "DELETE FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 RETURNING \"Kind\", \"ArtifactId\", \"Labels\"", 2);
        dropper = new SegmentDropper(connection);
        days = new DailyRollUp(connection);
        progress = new ImportProgress(connection, vendorId, content);
    }

    /// <summary>
    /// Writes the next pulls, oldest first; those of one second belong into one call. Nothing of them is stored where it throws.
    /// </summary>
    public async Task<HistoryOutcome> WriteAsync(List<HistoryPull> pulls, CancellationToken ct)
    {
        var stored = TakeStored(pulls);
        return pulls.Count == 0 ? stored : await AppendAsync(pulls, stored, ct);
    }

    /// <summary>Says that all pulls of the import are written.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            progress.End();
        }
        finally
        {
            database.WriteLock.Release();
        }
    }

    // What an import of the same content, ended in the middle, has stored.
    private HistoryOutcome TakeStored(List<HistoryPull> pulls)
    {
        var count = pulls.FindIndex(pull => pull.Ticks > progress.ThroughTicks);
        if (count < 0)
            count = pulls.Count;
        var requests = 0L;
        for (var i = 0; i < count; i++)
            requests += pulls[i].Requests;
        pulls.RemoveRange(0, count);
        return new HistoryOutcome(0, 0, requests);
    }

    private async Task<HistoryOutcome> AppendAsync(List<HistoryPull> pulls, HistoryOutcome stored, CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
            delete.Transaction = transaction;
            dropper.Begin(transaction);
            days.Begin(transaction);
            var (outcome, isAlone) = Match(pulls);
            if (added.Count > 0)
            {
                Insert(transaction, isAlone);
                days.Write();
            }

            progress.Note(transaction, pulls[^1].Ticks, time.GetUtcNow().UtcDateTime);
            transaction.Commit();
            lastId = added.Count > 0 ? added[^1].Id : lastId;
            return outcome with { Duplicates = outcome.Duplicates + stored.Duplicates };
        }
        finally
        {
            database.WriteLock.Release();
        }
    }

    public void Dispose()
    {
        progress.Dispose();
        days.Dispose();
        dropper.Dispose();
        delete.Dispose();
        insert.Dispose();
        connection.Dispose();
    }

    // Gives ids to those the log does not have. Alone: nothing else lies between the end of the last part and the end of this one.
    private (HistoryOutcome Outcome, bool IsAlone) Match(List<HistoryPull> pulls)
    {
        added.Clear();
        replaced.Clear();
        var outcome = default(HistoryOutcome);
        // Each pull takes an id, its own or the next that is free.
        var (first, end) = (FirstId(pulls[0]), Math.Max(FirstId(pulls[^1]), lastId + 1) + PullIds.PerMillisecond + pulls.Count);
        using var reader = database.OpenReader(); // beside the transaction: sees what was there before it
        using var existing = new ExistingPulls(reader, vendorId, lastId >= 0 ? Math.Min(first, lastId + 1) : first, end);
        var (id, millisecond) = (lastId + 1, -1L);
        foreach (var pull in pulls)
        {
            var start = FirstId(pull);
            if (start != millisecond && !existing.IsEmpty)
                existing.MoveTo(start);
            millisecond = start;
            if (!existing.IsEmpty && existing.Take(pull) is { } found)
            {
                // What was cut at the end of one file is whole in the next.
                if (found.Requests >= pull.Requests)
                {
                    outcome = outcome with { Duplicates = outcome.Duplicates + pull.Requests };
                    continue;
                }

                replaced.Add(found);
                outcome = outcome with { Duplicates = outcome.Duplicates + found.Requests, Requests = outcome.Requests - found.Requests, Pulls = outcome.Pulls - 1 };
            }

            id = existing.IsEmpty ? Math.Max(id, start) : existing.FirstFree(Math.Max(id, start));
            added.Add((id++, pull));
            outcome = outcome with { Pulls = outcome.Pulls + 1, Requests = outcome.Requests + pull.Requests };
        }

        return (outcome, existing.IsEmpty);
    }

    private void Insert(SqliteTransaction transaction, bool isAlone)
    {
        var customers = HistoryFacts.Customers(connection, transaction, vendorId);
        var publishers = HistoryFacts.Publishers(connection, transaction, vendorId);
        foreach (var (id, _) in replaced)
            Delete(id);
        TouchSegments();
        var first = isAlone && lastId >= 0 ? lastId + 1 : added[0].Id;
        var seals = isAlone && SegmentStore.List(connection, vendorId, first, added[^1].Id + 1, building: true).Count == 0;
        var parts = (added.Count + SegmentLimits.MaxSealed - 1) / SegmentLimits.MaxSealed;
        for (var part = 0; part < parts; part++)
        {
            builder.Clear();
            var (from, to) = ((int)((long)added.Count * part / parts), (int)((long)added.Count * (part + 1) / parts));
            for (var i = from; i < to; i++)
                Insert(added[i].Id, added[i].Pull, customers, publishers);
            if (seals && builder.Rows >= SegmentLimits.MaxSealed / 8)
                SegmentWorker.Insert(connection, vendorId, new SegmentStore.Entry(first, added[to - 1].Id, builder.Rows), builder.Build());
            first = added[to - 1].Id + 1;
        }
    }

    private void Insert(long id, in HistoryPull pull, CustomerAtTime customers, HashSet<(int Artifact, int User)> publishers)
    {
        var labels = pull.IsAuxiliary ? PullLabels.Auxiliary : PullLabels.None;
        if (publishers.Contains((pull.ArtifactId, pull.UserId)))
            labels |= PullLabels.Publisher;
        var customerId = customers.OfPull(Known(pull.UserId), id);
        insert.Add(
            vendorId, id, (int)pull.Kind, pull.ArtifactId, pull.VersionId, Known(pull.DigestId), customerId, Known(pull.UserId), Known(pull.AddressId), Known(pull.ClientId),
            pull.Requests, (int)pull.Rule, (int)labels, PullClassifier.Ruleset, pull.Status);
        days.Add(vendorId, pull.ArtifactId, id, pull.Kind, labels, 1);
        builder.Add(id, [(int)labels, (int)pull.Kind, pull.ArtifactId, Known(pull.ClientId) ?? Unknown, customerId ?? Unknown, Known(pull.UserId) ?? Unknown, pull.VersionId, Known(pull.AddressId) ?? Unknown]);
    }

    private void Delete(long id)
    {
        using var reader = delete.Read(vendorId, id);
        if (reader.Read())
            days.Add(vendorId, reader.GetInt32(1), id, (PullKind)reader.GetInt32(0), (PullLabels)reader.GetInt32(2), -1);
    }

    // Where no segment reaches, none has to be told of each row.
    private void TouchSegments()
    {
        var (first, last) = (Math.Min(added[0].Id, replaced.Count == 0 ? long.MaxValue : replaced.Min(r => r.Id)), added[^1].Id);
        if (SegmentStore.List(connection, vendorId, first, last + 1, building: true).Count == 0)
            return;
        foreach (var (id, _) in added)
            dropper.Touch(vendorId, id);
        foreach (var (id, _) in replaced)
            dropper.Touch(vendorId, id);
    }

    private const int Unknown = SegmentLimits.Unknown;

    private static int? Known(int id) => id == 0 ? null : id;

    private static DateTime At(in HistoryPull pull) => new(pull.Ticks, DateTimeKind.Utc);

    private static long FirstId(in HistoryPull pull) => PullIds.FirstOf(At(pull));
}
