using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>The names of <see cref="FeedKind"/>: on the command line, and for people.</summary>
public static class FeedKindNames
{
    public const string Distribution = "distribution";
    public const string Ndjson = "ndjson";

    private static readonly (FeedKind Kind, string Name, string Label)[] Kinds =
    [
        (FeedKind.Distribution, Distribution, "CNCF Distribution"),
        (FeedKind.AccessLog, "accesslog", "Access log"),
        (FeedKind.Harbor, "harbor", "Harbor"),
        (FeedKind.CloudEvents, "cloudevents", "CloudEvents"),
        (FeedKind.Ndjson, Ndjson, "NDJSON"),
        (FeedKind.DvpCsv, "dvpcsv", "Docker Hub CSV"),
    ];

    public static readonly IReadOnlyList<string> All = [.. Kinds.Select(k => k.Name)];

    public static string Of(FeedKind kind) => Find(kind).Name;

    /// <summary>The kind in words.</summary>
    public static string LabelOf(FeedKind kind) => Find(kind).Label;

    public static bool TryParse(string? name, out FeedKind kind)
    {
        kind = Array.Find(Kinds, k => k.Name == name).Kind;
        return kind != default;
    }

    private static (FeedKind Kind, string Name, string Label) Find(FeedKind kind) =>
        Array.Find(Kinds, k => k.Kind == kind) is { Name: not null } found ? found : throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of feed.");
}
