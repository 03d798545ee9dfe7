using System.Globalization;
using VendorPortal.Import;
using VendorPortal.Journal;

namespace VendorPortal.Components.Pages;

/// <summary>An import as it stands at a moment, so that one drawing of the page shows one state.</summary>
internal sealed class JobView
{
    // A file that is of no use as a whole has many reasons; the list to download has them all.
    private const int ShownReasons = 20;

    public JobView(ImportJob job, string feedName, DateTime nowUtc)
    {
        State = job.State;
        (FileName, FeedName, StartedUtc) = (job.FileName, feedName, job.StartedUtc);
        (Counts, Failure) = (job.Counts, job.Failure);
        var monitor = job.Monitor;
        Elapsed = (job.EndedUtc ?? nowUtc) - job.StartedUtc;
        (Bytes, TotalBytes, Events, IsStoring) = (monitor.Bytes, monitor.TotalBytes, monitor.Events, monitor.IsStoring);
        FractionText = monitor.Fraction?.ToString("0.###", CultureInfo.InvariantCulture);
        Remaining = monitor.Remaining(Elapsed);
        var (rejected, reasons) = (monitor.Rejected, monitor.RejectedByReason);
        Listed = rejected.Count;
        Rejected = reasons.Sum(r => r.Value);
        Reasons = [.. reasons.Take(ShownReasons).Select(r => (r.Key, r.Value, rejected.FirstOrDefault(one => one.Reason == r.Key)))];
        Stamp = (State, Bytes, Events, Rejected, FractionText, StartedUtc);
    }

    public ImportState State { get; }

    public bool IsRunning => State == ImportState.Running;

    public string FileName { get; }

    public string FeedName { get; }

    public DateTime StartedUtc { get; }

    public TimeSpan Elapsed { get; }

    public long Bytes { get; }

    public long? TotalBytes { get; }

    public long Events { get; }

    public bool IsStoring { get; }

    /// <summary>From 0 to 1; null where nobody knows.</summary>
    public string? FractionText { get; }

    public TimeSpan? Remaining { get; }

    public ImportCounts? Counts { get; }

    public string? Failure { get; }

    public long Rejected { get; }

    /// <summary>How many of the rejected ones are remembered one by one.</summary>
    public long Listed { get; }

    public IReadOnlyList<(string Words, long Count, RejectedEvent? First)> Reasons { get; }

    /// <summary>Where it is the same, the page looks the same.</summary>
    public object Stamp { get; }
}
