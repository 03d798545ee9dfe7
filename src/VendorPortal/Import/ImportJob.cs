using VendorPortal.Feeds;

namespace VendorPortal.Import;

/// <summary>How an uploaded import stands.</summary>
public enum ImportState
{
    Running,
    Done,
    Cancelled,
    Failed,
}

/// <summary>An import that was uploaded: what it is, how far it has come, and how it ended. Read from any thread.</summary>
public sealed class ImportJob(FeedIdentity feed, string fileName, long? bytes, DateTime startedUtc) : IDisposable
{
    private readonly CancellationTokenSource cancelling = new();
    private volatile ImportOutcome? outcome;

    public FeedIdentity Feed { get; } = feed;

    public string FileName { get; } = fileName;

    public DateTime StartedUtc { get; } = startedUtc;

    public ImportMonitor Monitor { get; } = new() { TotalBytes = bytes };

    public bool IsRunning => outcome is null;

    public ImportState State => outcome?.State ?? ImportState.Running;

    /// <summary>Null while it runs.</summary>
    public DateTime? EndedUtc => outcome?.EndedUtc;

    /// <summary>Null unless it is done.</summary>
    public ImportCounts? Counts => outcome?.Counts;

    /// <summary>Why it failed, for people.</summary>
    public string? Failure => outcome?.Failure;

    internal CancellationToken Cancelled => cancelling.Token;

    /// <summary>Ends it soon; what is stored stays. Does nothing where it has ended.</summary>
    public void Cancel()
    {
        if (IsRunning)
            cancelling.Cancel();
    }

    public void Dispose() => cancelling.Dispose();

    internal void End(ImportState state, DateTime endedUtc, ImportCounts? counts = null, string? failure = null) => outcome = new ImportOutcome(state, endedUtc, counts, failure);

    private sealed record ImportOutcome(ImportState State, DateTime EndedUtc, ImportCounts? Counts, string? Failure);
}
