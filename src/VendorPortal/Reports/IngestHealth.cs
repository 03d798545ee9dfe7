using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>Whether numbers may be relied on now.</summary>
public enum IngestStatus
{
    /// <summary>Everything that was received is counted, and no feed is missed.</summary>
    Ok = 1,

    /// <summary>A feed is silent where it usually is not: something may not have arrived.</summary>
    Quiet = 2,

    /// <summary>Something that was received is not counted yet, or is being counted anew.</summary>
    Incomplete = 3,
}

/// <summary>How a feed is.</summary>
public enum FeedState
{
    /// <summary>Nothing has arrived yet.</summary>
    Waiting = 1,

    Receiving = 2,

    /// <summary>Silent where it usually is not, or for a day.</summary>
    Quiet = 3,
}

/// <summary>How receiving goes, of one vendor. Times are UTC.</summary>
public sealed record IngestHealth
{
    public required DateTime AtUtc { get; init; }

    public required IngestStatus Status { get; init; }

    /// <summary>Why the status is not <see cref="IngestStatus.Ok"/>, in words, the gravest first.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Requests that wait for a commit in this process, of all vendors.</summary>
    public required int QueueDepth { get; init; }

    /// <summary>The vendor's requests that wait for classification; no more than <see cref="IngestHealthReader.MaxPending"/> are counted.</summary>
    public required int Pending { get; init; }

    /// <summary>All requests before it are classified.</summary>
    public required DateTime WatermarkUtc { get; init; }

    /// <summary>How much of a running reclassification is done, 0 to 1; null where none runs.</summary>
    public double? Reclassified { get; init; }

    public required IReadOnlyList<FeedHealth> Feeds { get; init; }
}

/// <summary>How a feed in use is. Counts are of all time, reasons and hours of what was received since they are kept.</summary>
public sealed record FeedHealth
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required FeedKind Kind { get; init; }

    public required FeedState State { get; init; }

    public DateTime? LastReceivedUtc { get; init; }

    /// <summary>Start of the newest request it has told of.</summary>
    public DateTime? LastEventUtc { get; init; }

    /// <summary>Between the newest request and when requests were last received; null where none were.</summary>
    public TimeSpan? Lag { get; init; }

    public long Accepted { get; init; }

    public long Ignored { get; init; }

    public long Duplicates { get; init; }

    public long Rejected { get; init; }

    public FeedGap? Gap { get; init; }

    /// <summary>Why the file that the portal follows for it cannot be read now; null where it can, or none is followed.</summary>
    public string? Problem { get; init; }

    /// <summary>The last 48 hours, oldest first, the current one last.</summary>
    public IReadOnlyList<FeedHourCounts> Hours { get; init; } = [];

    /// <summary>Most frequent first.</summary>
    public IReadOnlyList<RejectionReason> RejectedByReason { get; init; } = [];

    public ReceivedRequest? LastRequest { get; init; }
}

/// <summary>What a feed has brought in an hour, by the time it was received.</summary>
public sealed record FeedHourCounts(DateTime StartUtc, long Accepted, long Ignored, long Duplicates, long Rejected)
{
    public long Total => Accepted + Ignored + Duplicates + Rejected;
}

/// <summary>How often events were refused for a reason, and the beginnings of the newest of them, secrets masked.</summary>
public sealed record RejectionReason(string Reason, long Count, DateTime LastUtc, IReadOnlyList<string> Samples);
