namespace VendorPortal.Journal;

/// <summary>One body of one feed on its way to the journal, and the promise that it is committed.</summary>
internal sealed class JournalPost(int vendorId, int feedId, FeedBatch batch) : ICommitPost
{
    private readonly TaskCompletionSource<JournalOutcome> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int VendorId { get; } = vendorId;

    public int FeedId { get; } = feedId;

    public FeedBatch Batch { get; } = batch;

    // A post without requests still takes a place.
    public int Weight { get; } = Math.Max(1, batch.Requests.Count);

    public Task<JournalOutcome> Done => done.Task;

    public void Complete(JournalOutcome outcome) => done.TrySetResult(outcome);

    public void Fail(Exception error) => done.TrySetException(error);
}

/// <summary>What became of a post: what is new to the store, repeats, and what was left out on purpose.</summary>
public sealed record JournalOutcome(int Stored, int Duplicates, int Ignored = 0);

/// <summary>The journal cannot take more now; the sender is asked to come again.</summary>
public sealed class JournalFullException() : Exception("The portal has more requests waiting than it accepts.");
