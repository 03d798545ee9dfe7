using VendorPortal.Hosting;
using VendorPortal.Journal;
using VendorPortal.Storage;

namespace VendorPortal.Usage;

/// <summary>
/// The durable inbox of usage events, as <see cref="RequestJournal"/> is that of registry requests: a post is answered after its commit, which it
/// shares with whatever else was waiting. Roll-ups are of the same transaction.
/// </summary>
public sealed class UsageIntake(PortalDatabase database, PortalOptions options, TimeProvider time, ILogger<UsageIntake> logger) : BackgroundService
{
    private const int MaxCommit = 2_000;

    private readonly CommitQueue<UsagePost> queue = new(options.Ingest.QueueRequests, MaxCommit);

    /// <summary>Raised after a commit, with the vendors whose figures may have changed.</summary>
    public event Action<IReadOnlyCollection<int>>? Committed;

    /// <summary>Stores events durably. Returns after the commit.</summary>
    /// <exception cref="JournalFullException">The queue is full.</exception>
    public async Task<JournalOutcome> AppendAsync(int vendorId, IReadOnlyList<UsageEvent> events, CancellationToken ct)
    {
        if (events.Count == 0)
            return new JournalOutcome(0, 0);
        var post = new UsagePost(vendorId, events);
        if (!queue.TryAdd(post))
            throw new JournalFullException();
        // A sender that goes away does not undo the write: the commit happens, and a repeat is known as one.
        return await post.Done.WaitAsync(ct);
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
        using var writer = new UsageWriter(connection);
        await queue.DrainAsync(posts => CommitAsync(writer, posts));
    }

    private async Task CommitAsync(UsageWriter writer, IReadOnlyList<UsagePost> posts)
    {
        IReadOnlyList<JournalOutcome> outcomes;
        try
        {
            await database.WriteLock.WaitAsync();
            try
            {
                outcomes = writer.Write(posts, time.GetUtcNow().UtcDateTime);
            }
            finally
            {
                database.WriteLock.Release();
            }
        }
        catch (Exception error) when (posts.Count > 1 && !PortalDatabase.IsUnavailable(error))
        {
            // One post must not take its neighbours with it, again and again: each gets a transaction of its own.
            logger.LogWarning(error, "A commit of {Posts} posts of usage events failed; they are tried one by one", posts.Count);
            foreach (var post in posts)
                await CommitAsync(writer, [post]);
            return;
        }
        catch (Exception error)
        {
            logger.LogError(error, "Usage events of {Posts} posts, the first of vendor {Vendor}, could not be stored; their senders are asked to repeat them", posts.Count, posts[0].VendorId);
            foreach (var post in posts)
                post.Fail(error);
            return;
        }

        for (var i = 0; i < posts.Count; i++)
            posts[i].Complete(outcomes[i]);
        Committed?.Invoke([.. posts.Select(post => post.VendorId).Distinct()]);
    }
}
