using System.Diagnostics.Metrics;
using VendorPortal.Feeds;
using VendorPortal.Journal;

namespace VendorPortal.Hosting;

/// <summary>
/// The measurements of receiving, of the meter <see cref="MeterName"/>. What is counted carries the kind and the id of the feed, and nothing
/// that names a vendor or a person.
/// </summary>
public sealed class PortalMetrics : IDisposable
{
    public const string MeterName = "VendorPortal";

    /// <summary>The tag with the kind of the feed, as on the command line.</summary>
    public const string KindTag = "feed.kind";

    /// <summary>The tag with the id of a feed, as in its address.</summary>
    public const string FeedTag = "feed.id";

    /// <summary>The tag with the reason of a refusal, as ingest health names it.</summary>
    public const string ReasonTag = "reason";

    private readonly Counter<long> accepted;
    private readonly Counter<long> duplicates;
    private readonly Counter<long> rejected;
    private readonly Histogram<double> commitSeconds;

    public PortalMetrics()
    {
        Meter = new Meter(MeterName);
        accepted = Meter.CreateCounter<long>("ingest.accepted", "{event}", "Requests and pushes that were new and are stored.");
        duplicates = Meter.CreateCounter<long>("ingest.duplicates", "{event}", "Events that came again.");
        rejected = Meter.CreateCounter<long>("ingest.rejected", "{event}", "Events that could not be used, by reason.");
        commitSeconds = Meter.CreateHistogram<double>("ingest.commit.duration", "s", "Time of a transaction of the journal.");
    }

    internal Meter Meter { get; }

    public void Dispose() => Meter.Dispose();

    internal void Committed(IReadOnlyList<FeedCounts> feeds, TimeSpan took)
    {
        commitSeconds.Record(took.TotalSeconds);
        foreach (var feed in feeds)
        {
            var kind = KeyValuePair.Create(KindTag, (object?)(feed.Kind is { } known ? FeedKindNames.Of(known) : "removed"));
            var id = KeyValuePair.Create(FeedTag, (object?)FeedIdentity.FormatId(feed.VendorId, feed.FeedId));
            Add(accepted, feed.Accepted, kind, id);
            Add(duplicates, feed.Duplicates, kind, id);
            foreach (var (reason, count) in feed.Rejected)
                rejected.Add(count, kind, id, KeyValuePair.Create(ReasonTag, (object?)reason));
        }
    }

    private static void Add(Counter<long> counter, long count, KeyValuePair<string, object?> kind, KeyValuePair<string, object?> id)
    {
        if (count > 0)
            counter.Add(count, kind, id);
    }
}
