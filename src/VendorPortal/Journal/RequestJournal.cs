using System.Diagnostics;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Hosting;
using VendorPortal.Storage;

namespace VendorPortal.Journal;

/// <summary>
/// The durable inbox. Posts wait in a bounded queue; one writer commits whatever is waiting in one transaction, so that many
/// concurrent posts share a flush to disk. A post is answered only after its commit.
/// </summary>
public sealed class RequestJournal(
    PortalDatabase database, ClassificationService classification, PastPulls pastPulls, NetworkLookup networks, PullNotifications notifications, PortalMetrics metrics, PortalOptions options,
    TimeProvider time, ILogger<RequestJournal> logger)
    : BackgroundService
{
    /// <summary>Requests that go into one transaction at the most.</summary>
    private const int MaxCommit = 2_000;

    private readonly CommitQueue<JournalPost> queue = new(options.Ingest.QueueRequests, MaxCommit);

    /// <summary>Requests that wait for a commit.</summary>
    public int QueueDepth => queue.Depth;

    /// <summary>Stores a batch durably. Returns after the commit.</summary>
    /// <exception cref="JournalFullException">The queue is full.</exception>
    public async Task<JournalOutcome> AppendAsync(int vendorId, int feedId, FeedBatch batch, CancellationToken ct)
    {
        var post = new JournalPost(vendorId, feedId, batch);
        if (!queue.TryAdd(post))
            throw new JournalFullException();
        // A sender that goes away does not undo the write: the commit happens, and a repeat is known as one.
        return await post.Done.WaitAsync(ct);
    }

    /// <summary>
    /// Counts a body that is not of its feed's kind at all, for the feed's health. Whoever sent it does not wait for that; where the queue is full it
    /// is left out.
    /// </summary>
    internal void NoteRefused(int vendorId, int feedId, string reason, string? sample)
    {
        var batch = new FeedBatch();
        batch.Rejected.Add(new RejectedEvent(0, reason, sample));
        queue.TryAdd(new JournalPost(vendorId, feedId, batch));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete(); // what is queued is still written
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var connection = database.OpenWriter();
        using var writer = new JournalWriter(connection, networks, options.Retention.JournalDays);
        await queue.DrainAsync(posts => CommitAsync(writer, posts));
    }

    private async Task CommitAsync(JournalWriter writer, IReadOnlyList<JournalPost> posts)
    {
        JournalCommit commit;
        TimeSpan took;
        try
        {
            await database.WriteLock.WaitAsync();
            try
            {
                var started = Stopwatch.GetTimestamp(); // of this machine, whatever the portal's clock says
                commit = writer.Write(posts, time.GetUtcNow().UtcDateTime);
                took = Stopwatch.GetElapsedTime(started);
            }
            finally
            {
                database.WriteLock.Release();
            }
        }
        catch (Exception error) when (posts.Count > 1 && !PortalDatabase.IsUnavailable(error))
        {
            // One post must not take its neighbours with it, again and again: each gets a transaction of its own.
            logger.LogWarning(error, "A commit of {Posts} posts failed; they are tried one by one", posts.Count);
            foreach (var post in posts)
                await CommitAsync(writer, [post]);
            return;
        }
        catch (Exception error)
        {
            logger.LogError(error, "The journal could not store {Posts} posts, the first of feed {Feed}; their senders are asked to repeat them", posts.Count, posts[0].FeedId);
            foreach (var post in posts)
                post.Fail(error);
            return;
        }

        metrics.Committed(commit.Feeds, took); // before the answers: who has one may end the portal
        for (var i = 0; i < posts.Count; i++)
            posts[i].Complete(commit.Outcomes[i]);
        if (commit.HasNewPublishers)
            pastPulls.Wake(); // their earlier pulls wait to be labelled
        await classification.AcceptAsync(commit);
        if (commit.HasNewPublishers)
            pastPulls.Wake();
        foreach (var vendorId in posts.Select(p => p.VendorId).Distinct())
            notifications.Publish(vendorId);
    }
}
