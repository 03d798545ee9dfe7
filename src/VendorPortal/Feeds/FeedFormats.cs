using System.Buffers.Binary;
using System.Collections.Concurrent;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Hosting;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>Opens the parser of a feed for a stream: a post, an imported or a followed file.</summary>
public sealed class FeedFormats(PortalOptions options)
{
    // The posts of a feed go on where the one before ended, within a second; a few numbers a feed.
    private readonly ConcurrentDictionary<(int Vendor, int Feed), LineOrder> orders = new();

    /// <summary>For a file that is read on its own: the result depends on nothing that was read before.</summary>
    public IFeedParser OpenFile(FeedIdentity feed) => Open(feed, new LineOrder(), null);

    /// <summary>For a followed file, which goes on where the one before ended; <paramref name="memory"/> is what was read of it before.</summary>
    internal IFeedParser OpenFollowed(FeedIdentity feed, LineMemory memory) => feed.Kind switch
    {
        FeedKind.AccessLog => new AccessLog(AccessLogFormat.FromOptions(feed.Options).Layout(), memory),
        FeedKind.Ndjson => new Ndjson(),
        _ => throw new ArgumentOutOfRangeException(nameof(feed), feed.Kind, "A feed of this kind is not read from a file that grows."),
    };

    /// <summary>The memory as <see cref="LineMemory.ToBytes"/> has written it; an empty one for null.</summary>
    internal static LineMemory Remember(FeedIdentity feed, byte[]? bytes) => LineMemory.FromBytes(LineKeyOf(feed), bytes);

    /// <summary>For a post. <paramref name="cloudEvent"/> holds the attributes of a CloudEvent whose body is only its data.</summary>
    public IFeedParser OpenPost(FeedIdentity feed, CloudEventAttributes? cloudEvent) =>
        Open(feed, orders.GetOrAdd((feed.VendorId, feed.FeedId), _ => new LineOrder()), cloudEvent);

    private IFeedParser Open(FeedIdentity feed, LineOrder order, CloudEventAttributes? cloudEvent) => feed.Kind switch
    {
        FeedKind.Distribution => new DistributionNotifications(options.Ingest.MaxEvents),
        FeedKind.AccessLog => new AccessLog(AccessLogFormat.FromOptions(feed.Options).Layout(), LineKeyOf(feed), order),
        FeedKind.Harbor => new Harbor(),
        FeedKind.CloudEvents => new CloudEvents(cloudEvent, options.Ingest.MaxEvents),
        FeedKind.DvpCsv => new DvpCsv(),
        FeedKind.Ndjson => new Ndjson(),
        _ => throw new ArgumentOutOfRangeException(nameof(feed), feed.Kind, "No such kind of feed."),
    };

    private static UInt128 LineKeyOf(FeedIdentity feed) => BinaryPrimitives.ReadUInt128BigEndian(feed.SecretHash);
}
