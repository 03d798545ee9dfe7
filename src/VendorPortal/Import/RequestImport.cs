using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Journal;
using VendorPortal.Storage;

namespace VendorPortal.Import;

/// <summary>What an import has done so far. Counts are registry requests.</summary>
/// <param name="Accepted">Requests that are new.</param>
/// <param name="Duplicates">Requests the portal had already, or that the files hold twice.</param>
/// <param name="Ignored">Lines or events that are no manifest request that could be a pull.</param>
/// <param name="Rejected">Lines or events that could not be read.</param>
public sealed record ImportCounts(long Accepted, long Duplicates, long Ignored, long Rejected)
{
    public static readonly ImportCounts None = new(0, 0, 0, 0);

    /// <summary>Lines or events looked at.</summary>
    public long Read => Accepted + Duplicates + Ignored + Rejected;
}

/// <summary>
/// Brings the past of a feed in. What is younger than the journal's retention takes the way of live requests. What is older is
/// put in order, classified in flight and appended to the log with its segments; no request of it is kept.
/// </summary>
public sealed class RequestImport(
    PortalDatabase database, PortalDbContextFactory contexts, RequestJournal journal, NetworkLookup networks, PullNotifications notifications, TimeProvider time)
{
    // Names that are new are stored once for so many requests.
    private const int ResolveAt = 65_536;

    private const int JournalPart = 2_000;
    private static readonly TimeSpan WaitWhereFull = TimeSpan.FromMilliseconds(100);

    /// <summary>Requests that are put in order in memory at a time; tests make it small.</summary>
    internal int RunCapacity { get; set; } = HistoryRuns.DefaultCapacity;

    /// <summary>Pulls that are written in one transaction, at the least; tests make it small.</summary>
    internal int PartPulls { get; set; } = 131_072;

    /// <summary>Imports what the batches bring; all of it is stored when this returns.</summary>
    /// <param name="target">Vendor and feed, and from when on requests are kept in the journal.</param>
    /// <param name="batches">What the files say, in any order of time.</param>
    /// <param name="folder">Where to put what does not fit into memory; emptied afterwards.</param>
    /// <param name="monitor">Told how far the storing has come.</param>
    /// <param name="ct">Ends the import; what it has stored stays, and the same files again complete it.</param>
    public async Task<ImportCounts> RunAsync(ImportTarget target, IAsyncEnumerable<FeedBatch> batches, string folder, ImportMonitor monitor, CancellationToken ct)
    {
        using var runs = new HistoryRuns(folder, RunCapacity);
        using var dimensions = new HistoryDimensions(database, networks, target.VendorId);
        var counts = await ReadAsync(target, batches, runs, dimensions, ct);
        if (runs.Count > 0)
        {
            var read = counts;
            counts = await WriteAsync(target, runs, dimensions.Versions, counts, monitor, ct);
            await CountAsync(target, read, counts, ct);
        }

        notifications.Publish(target.VendorId);
        return counts;
    }

    private async Task<ImportCounts> ReadAsync(
        ImportTarget target, IAsyncEnumerable<FeedBatch> batches, HistoryRuns runs, HistoryDimensions dimensions, CancellationToken ct)
    {
        var counts = ImportCounts.None;
        var past = new List<RegistryRequest>();
        var recent = new FeedBatch(); // also what all batches teach
        await foreach (var batch in batches.WithCancellation(ct))
        {
            foreach (var request in batch.Requests)
                (request.AtUtc < target.JournalFromUtc ? past : recent.Requests).Add(request);
            recent.Take(batch);
            if (recent.Requests.Count + recent.Manifests.Count + recent.Publishers.Count + recent.Kinds.Count + recent.Rejected.Count >= JournalPart)
                (counts, recent) = (await AppendAsync(target, recent, counts, ct), new FeedBatch());
            if (past.Count >= ResolveAt)
                await CollectAsync(past, runs, dimensions, recent, ct);
        }

        await CollectAsync(past, runs, dimensions, recent, ct);
        return await AppendAsync(target, recent, counts, ct);
    }

    private async Task CollectAsync(List<RegistryRequest> past, HistoryRuns runs, HistoryDimensions dimensions, FeedBatch recent, CancellationToken ct)
    {
        recent.Ignored += past.RemoveAll(r => !Eligibility.IsEligible(r.Status, r.User is not null, r.IsPush));
        await dimensions.LearnAsync(past, time.GetUtcNow().UtcDateTime, ct);
        foreach (var request in past)
            runs.Add(dimensions.Resolve(request));
        past.Clear();
    }

    private async Task<ImportCounts> AppendAsync(ImportTarget target, FeedBatch batch, ImportCounts counts, CancellationToken ct)
    {
        var outcome = await AppendAsync(target, batch, ct);
        return counts with
        {
            Accepted = counts.Accepted + outcome.Stored,
            Duplicates = counts.Duplicates + outcome.Duplicates,
            Ignored = counts.Ignored + batch.Ignored + batch.Pushes,
            Rejected = counts.Rejected + batch.Rejected.Count,
        };
    }

    // Live senders are told to come again; an import waits.
    private async Task<JournalOutcome> AppendAsync(ImportTarget target, FeedBatch batch, CancellationToken ct)
    {
        for (; ; await Task.Delay(WaitWhereFull, time, ct))
        {
            try
            {
                return await journal.AppendAsync(target.VendorId, target.FeedId, batch, ct);
            }
            catch (JournalFullException)
            {
                // tried again
            }
        }
    }

    private async Task<ImportCounts> WriteAsync(
        ImportTarget target, HistoryRuns runs, VersionNames names, ImportCounts counts, ImportMonitor monitor, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(target.VendorId);
        var mode = await context.Vendors.Where(v => v.Id == target.VendorId).Select(v => v.Mode).SingleAsync(ct);
        var classifier = new HistoryClassifier(target.VendorId, target.FeedId, mode, await ManifestGraphReader.ReadAsync(context, ct), names);
        using var writer = new HistoryWriter(database, target.VendorId, runs.Content(), time);
        var pending = new List<HistoryPull>();
        var writing = Task.FromResult(default(HistoryOutcome));
        var (given, told) = (0L, 0L);
        monitor.BeginStoring(runs.Count);
        try
        {
            foreach (var request in runs.Merge())
            {
                given++;
                if (!classifier.Add(request))
                    continue;
                ct.ThrowIfCancellationRequested();
                pending.AddRange(classifier.TakeFinal());
                if (pending.Count < PartPulls)
                    continue;
                // One part is written while the next one is classified.
                counts = Add(counts, await writing);
                monitor.AddStored(given - told);
                told = given;
                var part = TakePart(pending);
                writing = part.Count > 0 ? Task.Run(() => writer.WriteAsync(part, ct), CancellationToken.None) : Task.FromResult(default(HistoryOutcome));
            }

            classifier.Finish();
            pending.AddRange(classifier.TakeFinal());
            counts = Add(counts, await writing);
            writing = Task.FromResult(default(HistoryOutcome));
            if (pending.Count > 0)
                counts = Add(counts, await writer.WriteAsync(pending, ct));
            await writer.EndAsync(ct);
        }
        finally
        {
            // However it ends, the connection is not taken from under the part that is being written.
            await ((Task)writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return counts with { Duplicates = counts.Duplicates + runs.Count - given, Ignored = counts.Ignored + classifier.Forgiven };
    }

    // All but those of the newest second: pulls of one second stay together.
    private static List<HistoryPull> TakePart(List<HistoryPull> pending)
    {
        var newest = pending[^1].Ticks / TimeSpan.TicksPerSecond;
        var end = pending.FindLastIndex(pull => pull.Ticks / TimeSpan.TicksPerSecond != newest) + 1;
        var part = pending.GetRange(0, end);
        pending.RemoveRange(0, end);
        return part;
    }

    // The journal has counted what went through it.
    private async Task CountAsync(ImportTarget target, ImportCounts before, ImportCounts after, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(target.VendorId);
        await context.Feeds.Where(f => f.Id == target.FeedId).ExecuteUpdateAsync(
            set => set
                .SetProperty(f => f.Accepted, f => f.Accepted + (after.Accepted - before.Accepted))
                .SetProperty(f => f.Ignored, f => f.Ignored + (after.Ignored - before.Ignored))
                .SetProperty(f => f.Duplicates, f => f.Duplicates + (after.Duplicates - before.Duplicates)),
            ct);
    }

    private static ImportCounts Add(ImportCounts counts, HistoryOutcome outcome) =>
        counts with { Accepted = counts.Accepted + outcome.Requests, Duplicates = counts.Duplicates + outcome.Duplicates };
}

/// <summary>Whose past is imported, and which part of it is young enough to be kept request by request.</summary>
public sealed record ImportTarget(int VendorId, int FeedId, DateTime JournalFromUtc);
