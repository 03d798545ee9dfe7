using System.ComponentModel;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Reports;

namespace VendorPortal.Api;

/// <summary>How receiving goes.</summary>
public sealed record IngestHealthBody(
    [property: Description("ok; quiet: a feed is silent where it usually is not; incomplete: something received is not counted yet, or counted anew.")] string Status,
    DateTime At,
    [property: Description("Why the status is not ok, in words.")] IReadOnlyList<string> Warnings,
    [property: Description("Requests that wait for a commit.")] int QueueDepth,
    [property: Description("Requests that wait for classification; at most 100,000 are counted.")] int Pending,
    [property: Description("All requests before this instant are classified.")] DateTime Watermark,
    [property: Description("How much of a running reclassification is done, 0 to 1; null where none runs.")] double? Reclassified,
    IReadOnlyList<FeedHealthBody> Feeds)
{
    internal static IngestHealthBody Of(IngestHealth health) => new(
        health.Status.ToString().ToLowerInvariant(), health.AtUtc, health.Warnings, health.QueueDepth, health.Pending, health.WatermarkUtc, health.Reclassified,
        [.. health.Feeds.Select(FeedHealthBody.Of)]);
}

/// <summary>How a feed is. Counts are of all time.</summary>
public sealed record FeedHealthBody(
    string Id,
    string Name,
    [property: Description("distribution, accesslog, harbor, cloudevents, ndjson or dvpcsv.")] string Kind,
    [property: Description("waiting, receiving or quiet.")] string State,
    DateTime? LastReceived,
    [property: Description("Start of the newest request the feed has told of.")] DateTime? LastEvent,
    [property: Description("From the newest request to when requests were last received.")] double? LagSeconds,
    long Accepted,
    long Ignored,
    long Duplicates,
    long Rejected,
    [property: Description("Null where the feed is not missed.")] FeedGapBody? Gap,
    [property: Description("Why the followed file cannot be read now; null where it can, or none is followed.")] string? Problem,
    [property: Description("Most frequent first; at most 50 and one for all others.")] IReadOnlyList<RejectionBody> RejectedByReason,
    [property: Description("The last 48 hours by time of receipt, oldest first, the current one last.")] IReadOnlyList<FeedHourBody> Hours,
    [property: Description("One of the last requests, as read: what the feed does not tell is null.")] ReceivedRequest? LastRequest)
{
    internal static FeedHealthBody Of(FeedHealth feed) => new(
        feed.Id, feed.Name, FeedKindNames.Of(feed.Kind), feed.State.ToString().ToLowerInvariant(), feed.LastReceivedUtc, feed.LastEventUtc, feed.Lag?.TotalSeconds,
        feed.Accepted, feed.Ignored, feed.Duplicates, feed.Rejected,
        feed.Gap is { } gap ? new FeedGapBody(Math.Floor(gap.Silent.TotalSeconds), Math.Round(gap.UsualPerHour, 1)) : null,
        feed.Problem,
        [.. feed.RejectedByReason.Select(r => new RejectionBody(r.Reason, r.Count, r.LastUtc, r.Samples))],
        [.. feed.Hours.Select(h => new FeedHourBody(h.StartUtc, h.Accepted, h.Ignored, h.Duplicates, h.Rejected))],
        feed.LastRequest);
}

/// <summary>A silence that is not usual.</summary>
public sealed record FeedGapBody(double SilentSeconds, double UsualPerHour);

/// <summary>A reason of refusal, with the beginnings of the newest refused events, secrets masked.</summary>
public sealed record RejectionBody(string Reason, long Count, DateTime Last, IReadOnlyList<string> Samples);

/// <summary>What a feed has brought in an hour.</summary>
public sealed record FeedHourBody(DateTime Hour, long Accepted, long Ignored, long Duplicates, long Rejected);
