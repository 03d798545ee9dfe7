using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>The content types that a feed's posts may have.</summary>
internal static class FeedContentTypes
{
    private static readonly string[] Lines = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json", "text/plain"];

    public static string[] Of(FeedKind kind) => kind switch
    {
        FeedKind.Distribution => ["application/vnd.docker.distribution.events.v1+json", "application/vnd.docker.distribution.events.v2+json", "application/json"],
        FeedKind.Harbor => ["application/json", "application/cloudevents+json"],
        FeedKind.CloudEvents => ["application/cloudevents+json", "application/cloudevents-batch+json", "application/json"],
        FeedKind.AccessLog => [.. Lines, "application/octet-stream"],
        FeedKind.DvpCsv => ["text/csv", "text/plain", "application/octet-stream"],
        _ => Lines,
    };

    // A missing type is taken for the feed's own; parameters such as charset do not matter.
    public static bool IsAccepted(FeedKind kind, string? contentType) =>
        string.IsNullOrEmpty(contentType) || Of(kind).Contains(contentType.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase);
}
