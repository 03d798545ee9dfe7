using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>The names of <see cref="FeedKind"/>: on the command line, and for people.</summary>
public static class FeedKindNames
{
    public const string Distribution = "distribution";
    public const string Ndjson = "ndjson";

    public static readonly IReadOnlyList<string> All = [Distribution, Ndjson];

    public static string Of(FeedKind kind) => kind switch
    {
        FeedKind.Distribution => Distribution,
        FeedKind.Ndjson => Ndjson,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of feed."),
    };

    /// <summary>The kind in words.</summary>
    public static string LabelOf(FeedKind kind) => kind switch
    {
        FeedKind.Distribution => "CNCF Distribution",
        FeedKind.Ndjson => "NDJSON",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of feed."),
    };

    public static bool TryParse(string? name, out FeedKind kind)
    {
        kind = name switch
        {
            Distribution => FeedKind.Distribution,
            Ndjson => FeedKind.Ndjson,
            _ => default,
        };
        return kind != default;
    }
}
