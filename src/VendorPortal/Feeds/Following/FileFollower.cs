using VendorPortal.Journal;

namespace VendorPortal.Feeds.Following;

/// <summary>Reads the files of the feeds that have one: a loop for each, begun and ended as feeds are added and removed, here or by a command.</summary>
internal sealed class FileFollower(FollowedFeeds store, FeedFormats formats, RequestJournal journal, TimeProvider time, ILogger<FileFollower> logger) : BackgroundService
{
    private readonly Dictionary<FollowedFeed, Loop> loops = new(new ByFeed());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    logger.LogError(error, "The followed feeds could not be read; the next try is in {Delay}", FeedDirectory.KeptFor);
                }

                await Task.Delay(FeedDirectory.KeptFor, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // what is not read stays in the files
        }
        finally
        {
            foreach (var feed in loops.Keys.ToList())
                await EndAsync(feed);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        var feeds = await store.ListAsync(ct);
        foreach (var ended in loops.Keys.Except(feeds, loops.Comparer).ToList())
            await EndAsync(ended);
        foreach (var feed in feeds.Where(f => !loops.ContainsKey(f)))
        {
            var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            loops.Add(feed, new Loop(end, Task.Run(() => FollowAsync(feed, end.Token), CancellationToken.None)));
        }
    }

    private async Task FollowAsync(FollowedFeed feed, CancellationToken ct)
    {
        using var reading = new FileReading(feed, store, formats, journal, time, logger);
        try
        {
            await reading.RunAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // removed, or the portal stops
        }
    }

    private async Task EndAsync(FollowedFeed feed)
    {
        loops.Remove(feed, out var loop);
        await loop!.End.CancelAsync();
        await loop.Task;
        loop.End.Dispose();
    }

    private sealed record Loop(CancellationTokenSource End, Task Task);

    private sealed class ByFeed : IEqualityComparer<FollowedFeed>
    {
        public bool Equals(FollowedFeed? x, FollowedFeed? y) => (x?.Feed.VendorId, x?.Feed.FeedId) == (y?.Feed.VendorId, y?.Feed.FeedId);

        public int GetHashCode(FollowedFeed feed) => HashCode.Combine(feed.Feed.VendorId, feed.Feed.FeedId);
    }
}
