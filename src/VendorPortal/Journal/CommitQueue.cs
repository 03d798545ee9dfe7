using System.Threading.Channels;

namespace VendorPortal.Journal;

/// <summary>Something that waits for its commit.</summary>
internal interface ICommitPost
{
    /// <summary>How much of the queue and of a transaction this takes, at least 1.</summary>
    int Weight { get; }
}

/// <summary>
/// Posts on their way to one writer: a bounded queue from which whatever waits is taken at once, so that many concurrent posts share a
/// transaction and its flush to disk.
/// </summary>
/// <param name="capacity">Weight that may wait; one post more is always let in, however heavy.</param>
/// <param name="mostAtOnce">Weight that goes into one transaction; the last post may go beyond it.</param>
internal sealed class CommitQueue<TPost>(int capacity, int mostAtOnce)
    where TPost : ICommitPost
{
    private readonly Channel<TPost> queue = Channel.CreateUnbounded<TPost>(new UnboundedChannelOptions { SingleReader = true });
    private int waiting;

    /// <summary>Weight that waits for a commit.</summary>
    public int Depth => Volatile.Read(ref waiting);

    /// <summary>False where the queue is full or has ended.</summary>
    public bool TryAdd(TPost post)
    {
        if (Interlocked.Add(ref waiting, post.Weight) <= capacity + post.Weight - 1 && queue.Writer.TryWrite(post))
            return true;
        Interlocked.Add(ref waiting, -post.Weight);
        return false;
    }

    /// <summary>Takes nothing more; what waits is still written.</summary>
    public void Complete() => queue.Writer.TryComplete();

    /// <summary>Hands what waits to <paramref name="commit"/>, again and again, until the queue was completed and is empty.</summary>
    public async Task DrainAsync(Func<IReadOnlyList<TPost>, Task> commit)
    {
        var posts = new List<TPost>();
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            Take(posts);
            await commit(posts);
            posts.Clear();
        }
    }

    private void Take(List<TPost> posts)
    {
        var weight = 0;
        while (weight < mostAtOnce && queue.Reader.TryRead(out var post))
        {
            posts.Add(post);
            weight += post.Weight;
        }

        Interlocked.Add(ref waiting, -weight);
    }
}
