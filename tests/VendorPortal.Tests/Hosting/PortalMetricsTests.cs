using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VendorPortal.Feeds;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Hosting;

/// <summary>The measurements, as a collector in the process and as one outside sees them.</summary>
public sealed class PortalMetricsTests
{
    [Fact]
    public async Task Ingest_Events_AreMeasuredByFeedAndItsKind()
    {
        await using var portal = await PortalHost.StartAsync();
        var meter = portal.Services.GetRequiredService<PortalMetrics>().Meter;
        var seen = new ConcurrentQueue<(string Name, string? Tags, double Value)>();
        using var listener = Listen(meter, seen);
        using var feed = await FeedClient.AddAsync(portal);
        var (at, of) = (DateTimeOffset.UtcNow, $"distribution; {feed.Feed.Id}");

        await feed.PostAsync(FeedClient.Pull("a", at), FeedClient.Pull("b", at), FeedClient.Pull("a", at), FeedClient.Pull("c", at, e => e.Remove("timestamp")));
        await Eventually.TrueAsync(() => Task.FromResult(seen.Count(s => s.Tags is not null) == 3), "the post is measured");
        listener.RecordObservableInstruments();

        Assert.Equal(
            [("ingest.accepted", of, 2), ("ingest.duplicates", of, 1), ("ingest.rejected", $"{of}; timestamp is missing or not an RFC 3339 time with an offset", 1)],
            seen.Where(s => s.Tags is not null).Order());
        Assert.InRange(Assert.Single(seen, s => s.Name == "ingest.commit.duration").Value, 0.000_001, 30);
        Assert.Equal(0, Assert.Single(seen, s => s.Name == "ingest.queue.depth").Value);
    }

    [Fact]
    public async Task Gauges_OfFeedsThatReportAndThatDoNot_TellTheStateOfReceiving()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        await using var portal = await PortalHost.StartAsync(null, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var feed = await FeedClient.AddAsync(portal);
        using var unused = await FeedClient.AddAsync(portal);
        await feed.PostAsync(FeedClient.Pull("a", time.GetUtcNow().AddSeconds(-40)));
        var seen = new ConcurrentQueue<(string Name, string? Tags, double Value)>();
        using var listener = Listen(portal.Services.GetRequiredService<PortalMetrics>().Meter, seen);
        var (told, silent) = ($"distribution; {feed.Feed.Id}", $"distribution; {unused.Feed.Id}");

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                seen.Clear();
                listener.RecordObservableInstruments();
                return Task.FromResult(seen.Any(s => s.Name == "ingest.feed.lag"));
            },
            "the feed is told of");

        Assert.Equal([("ingest.feed.lag", told, 40)], seen.Where(s => s.Name == "ingest.feed.lag"));
        Assert.Equal([("ingest.feed.gap", told, 0), ("ingest.feed.gap", silent, 0)], seen.Where(s => s.Name == "ingest.feed.gap").OrderBy(s => s.Tags == silent));
        var silence = Assert.Single(seen, s => s.Name == "ingest.feed.silence");
        Assert.Equal((told, silence.Value + 40), (silence.Tags, Assert.Single(seen, s => s.Name == "ingest.feed.event.age").Value));
        Assert.InRange(Assert.Single(seen, s => s.Name == "classification.pending").Value, 0, 1);
        Assert.InRange(Assert.Single(seen, s => s.Name == "classification.watermark.lag").Value, 0, 100);
    }

    [Fact]
    public async Task Gap_OfAFeedThatIsMissed_IsTheTimeOfItsSilenceUntilItSendsAgain()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        await using var portal = await PortalHost.StartAsync(null, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var feed = await FeedClient.AddAsync(portal);
        Assert.True(FeedIdentity.TryParseId(feed.Feed.Id, out var vendorId, out var feedId));
        await using (var context = portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(vendorId))
        {
            var fell = time.GetUtcNow().UtcDateTime.AddHours(-3);
            context.AddRange(Enumerable.Range(1, 72).Select(ago => new FeedHour { VendorId = vendorId, FeedId = feedId, Hour = FeedHour.Of(fell) - ago, Accepted = 40 }));
            (await context.Feeds.SingleAsync(f => f.Id == feedId)).LastReceivedUtc = fell;
            await context.SaveChangesAsync();
        }

        var seen = new ConcurrentQueue<(string Name, string? Tags, double Value)>();
        using var listener = Listen(portal.Services.GetRequiredService<PortalMetrics>().Meter, seen);

        await Eventually.TrueAsync(() => Task.FromResult(Gap() > 0), "the feed is missed");
        var gap = Gap();
        Assert.InRange(gap!.Value, TimeSpan.FromHours(3).TotalSeconds, TimeSpan.FromHours(4).TotalSeconds);

        await feed.PostAsync(FeedClient.Pull("a", time.GetUtcNow()));
        await Eventually.TrueAsync(() => Task.FromResult(Gap() == 0), "the feed is back");

        // A collector that asks every second.
        double? Gap()
        {
            time.Advance(TimeSpan.FromSeconds(1));
            seen.Clear();
            listener.RecordObservableInstruments();
            return seen.Where(s => s.Name == "ingest.feed.gap" && s.Tags == $"distribution; {feed.Feed.Id}").Select(s => (double?)s.Value).SingleOrDefault();
        }
    }

    private static MeterListener Listen(Meter meter, ConcurrentQueue<(string Name, string? Tags, double Value)> seen)
    {
        var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (ReferenceEquals(instrument.Meter, meter)) self.EnableMeasurementEvents(instrument); } };
        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            seen.Enqueue((instrument.Name, tags.Length == 0 ? null : string.Join("; ", tags.ToArray().Select(tag => tag.Value)), value));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        return listener;
    }

    [Fact]
    public async Task Export_EndpointIsSet_SendsTheMeasurementsThere()
    {
        var bodies = new ConcurrentQueue<(string Path, string Text)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.MapPost("/{**path}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            bodies.Enqueue((request.Path, Encoding.Latin1.GetString(body.ToArray())));
        });
        await collector.StartAsync();

        await using (var portal = await PortalHost.StartAsync($"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Urls.First()}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"))
        {
            using var feed = await FeedClient.AddAsync(portal);
            Assert.Equal(HttpStatusCode.OK, (await feed.PostAsync(FeedClient.Pull("a", DateTimeOffset.UtcNow))).Status);
        }

        Assert.All(bodies, b => Assert.Equal("/v1/metrics", b.Path));
        Assert.Contains(bodies, b => b.Text.Contains("ingest.accepted", StringComparison.Ordinal) && b.Text.Contains("vendor-portal", StringComparison.Ordinal) && b.Text.Contains("distribution", StringComparison.Ordinal));
    }
}
