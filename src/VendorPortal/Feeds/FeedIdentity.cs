using System.Globalization;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>What ingestion needs to know of a feed in use: whose it is, what it speaks, and the hash of its secret.</summary>
public sealed record FeedIdentity(int VendorId, int FeedId, FeedKind Kind, byte[] SecretHash, string? Options = null)
{
    public string PublicId => FormatId(VendorId, FeedId);

    /// <summary>The id of a feed in urls and on the command line: <c>vendor-feed</c>. Not a secret.</summary>
    public static string FormatId(int vendorId, int feedId) => string.Create(CultureInfo.InvariantCulture, $"{vendorId}-{feedId}");

    /// <summary>Reads <c>vendor-feed</c>; both are positive numbers.</summary>
    public static bool TryParseId(string? publicId, out int vendorId, out int feedId)
    {
        vendorId = feedId = 0;
        var text = publicId.AsSpan();
        var dash = text.IndexOf('-');
        return dash > 0
            && int.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out vendorId)
            && int.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out feedId)
            && vendorId > 0 && feedId > 0;
    }
}

/// <summary>A feed that was just made. <see cref="Secret"/> is told here and never again.</summary>
public sealed record CreatedFeed(string Id, string Name, FeedKind Kind, string Url, string Secret)
{
    /// <summary>Set for an access log.</summary>
    public AccessLogFormat? Format { get; init; }

    /// <summary>Set where the portal reads a file itself; nobody is told the secret then, and nothing is posted.</summary>
    public string? File { get; init; }
}

/// <summary>The file that a feed is read from.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Position">Bytes that are read of it.</param>
/// <param name="Problem">Why nothing can be read now; null where all is well, or before the first look.</param>
public sealed record FeedFile(string Path, long Position, string? Problem);

/// <summary>A feed in use and what it has brought so far. Times are UTC.</summary>
public sealed record FeedStatus
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required FeedKind Kind { get; init; }

    public required DateTime CreatedUtc { get; init; }

    public DateTime? LastReceivedUtc { get; init; }

    public long Accepted { get; init; }

    public long Ignored { get; init; }

    public long Duplicates { get; init; }

    public long Rejected { get; init; }

    public string? LastRejection { get; init; }

    /// <summary>Null where the feed is posted to.</summary>
    public FeedFile? File { get; init; }

    /// <summary>All events the feed has brought, of use or not.</summary>
    public long Received => Accepted + Ignored + Duplicates + Rejected;
}
