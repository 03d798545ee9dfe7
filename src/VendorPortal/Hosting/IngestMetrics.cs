using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Storage;

namespace VendorPortal.Hosting;

/// <summary>
/// The state of receiving as gauges: what ingest health tells on its page, of all vendors. A collector asks whenever it likes; the store is asked
/// every few seconds, and only while somebody collects.
/// </summary>
internal sealed class IngestMetrics(
    PortalMetrics metrics, PortalDbContextFactory contexts, IngestHealthReader reader, RequestJournal journal, TimeProvider time, ILogger<IngestMetrics> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private volatile IReadOnlyList<IngestHealth> vendors = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Instrument[] gauges =
        [
            metrics.Meter.CreateObservableGauge("ingest.queue.depth", () => journal.QueueDepth, "{request}", "Requests that wait for a commit."),
            metrics.Meter.CreateObservableGauge("classification.pending", () => vendors.Sum(v => v.Pending), "{request}", "Requests that wait for classification."),
            metrics.Meter.CreateObservableGauge("classification.watermark.lag", () => vendors.Max(v => (double?)Seconds(v.AtUtc - v.WatermarkUtc)) ?? 0, "s", "Age of the oldest request that waits for classification; 0 where none waits."),
            OfFeeds("ingest.feed.silence", f => time.GetUtcNow().UtcDateTime - f.LastReceivedUtc, "Time since the feed was last heard of."),
            OfFeeds("ingest.feed.event.age", f => time.GetUtcNow().UtcDateTime - f.LastEventUtc, "Age of the newest request the feed has told of."),
            OfFeeds("ingest.feed.lag", f => f.Lag, "Between the newest request of a feed and when it was told."),
            OfFeeds("ingest.feed.gap", f => f.Gap?.Silent ?? TimeSpan.Zero, "How long the feed is silent where it usually is not; 0 where it is not missed."),
            OfFeeds("ingest.feed.unreadable", f => f.Problem is null ? 0 : 1, "1", "1 while the file that is followed for the feed cannot be read."),
        ];
        using var beat = new PeriodicTimer(Every, time);
        do
        {
            if (gauges.Any(gauge => gauge.Enabled))
                await ReadAsync(stoppingToken);
        }
        while (await beat.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        try
        {
            await using var installation = contexts.ForInstallation();
            var read = new List<IngestHealth>();
            foreach (var vendorId in await installation.Vendors.Select(v => v.Id).ToListAsync(ct))
                read.Add(await reader.ReadBriefAsync(vendorId, ct));
            vendors = read;
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            logger.LogWarning(error, "The state of receiving could not be read for the metrics; they keep the last one");
        }
    }

    private ObservableGauge<double> OfFeeds(string name, Func<FeedHealth, TimeSpan?> measure, string description) =>
        OfFeeds(name, f => measure(f) is { } span ? Seconds(span) : null, "s", description);

    private ObservableGauge<double> OfFeeds(string name, Func<FeedHealth, double?> measure, string unit, string description) => metrics.Meter.CreateObservableGauge(
        name,
        () =>
            from vendor in vendors
            from feed in vendor.Feeds
            let value = measure(feed)
            where value is not null
            select new Measurement<double>(value.Value, KeyValuePair.Create(PortalMetrics.KindTag, (object?)FeedKindNames.Of(feed.Kind)), KeyValuePair.Create(PortalMetrics.FeedTag, (object?)feed.Id)),
        unit, description);

    private static double Seconds(TimeSpan span) => Math.Max(0, span.TotalSeconds);
}
