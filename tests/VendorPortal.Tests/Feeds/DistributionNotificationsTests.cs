using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Classification;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

/// <summary>The reader of notifications against captures of real registries, and against what no registry sends.</summary>
public sealed class DistributionNotificationsTests
{
    private const string Index = "application/vnd.oci.image.index.v1+json";
    private static readonly DateTime Now = new(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTimeOffset At = new(Now);
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(400);

    private static FeedBatch Parse(byte[] body) => FeedText.Parse(new DistributionNotifications(10_000), body, Now);

    private static List<byte[]> Captured(string file) =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "registry", file)).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return Encoding.UTF8.GetBytes(document.RootElement.GetProperty("body").GetRawText());
        })];

    [Theory]
    [InlineData("distribution-2.8.3.jsonl")]
    [InlineData("distribution-3.1.1.jsonl")]
    [InlineData("delivery.jsonl")]
    [InlineData("notifications.jsonl")]
    public void Parse_Capture_TakesEveryManifestRequestAndRejectsNothing(string file)
    {
        foreach (var body in Captured(file))
        {
            using var document = JsonDocument.Parse(body);
            var events = document.RootElement.GetProperty("events").EnumerateArray().ToList();
            var pulls = events.Where(e => e.GetProperty("action").GetString() == "pull" && e.GetProperty("target").GetProperty("mediaType").GetString() != "application/octet-stream").ToList();

            var batch = Parse(body);

            Assert.Empty(batch.Rejected);
            Assert.Equal(events.Count, batch.Requests.Count + batch.Pushes + batch.Ignored);
            Assert.Equal(pulls.Select(Words), batch.Requests.Select(Words));
        }
    }

    [Fact]
    public void Parse_CaptureWithDeliveriesRepeated_GivesTheSameIds()
    {
        var ids = Captured("delivery.jsonl").SelectMany(b => Parse(b).Requests).Select(r => r.EventId).ToList();

        Assert.True(ids.Count > ids.Distinct().Count(), "The capture has no repeats.");
    }

    [Fact]
    public void Parse_CaptureOfVersion3_TeachesIndexesAndPlatforms()
    {
        var facts = Captured("distribution-3.1.1.jsonl").SelectMany(b => Parse(b).Manifests).ToList();

        var index = Assert.Single(facts.Where(f => MediaTypes.IsIndex(f.MediaType) && f.Children is not null).DistinctBy(f => f.Digest).Take(1));
        Assert.True(index.Children!.Count >= 2);
        Assert.Contains(facts.SelectMany(f => f.Children ?? []), c => c.Platform is "linux/amd64");
        Assert.All(facts.Where(f => !MediaTypes.IsIndex(f.MediaType) && f.Children is not null), f => Assert.Empty(f.Children!));
    }

    [Fact]
    public void Parse_PushWithReferences_TeachesChildrenAndPublisher()
    {
        var push = FeedClient.Pull("1", At, p =>
        {
            p["action"] = "push";
            p["target"]!["mediaType"] = Index;
            p["target"]!["references"] = new JsonArray(
                new JsonObject { ["digest"] = RequestGenerators.Digest(2), ["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = "arm", ["variant"] = "v7" } },
                new JsonObject { ["digest"] = RequestGenerators.Digest(3) },
                new JsonObject { ["digest"] = "nonsense" },
                null);
        });

        var batch = Parse(FeedClient.Envelope(push));

        var fact = Assert.Single(batch.Manifests);
        Assert.Equal((RequestGenerators.Digest(1), Index), (fact.Digest, fact.MediaType));
        Assert.Equal([(RequestGenerators.Digest(2), "linux/arm/v7"), (RequestGenerators.Digest(3), null)], fact.Children!);
        Assert.Equal(new PublisherFact("acme/app", "alice"), Assert.Single(batch.Publishers));
        Assert.Equal((1, 0), (batch.Pushes, batch.Requests.Count));
    }

    [Fact]
    public void Parse_IndexWithoutReferences_SaysNothingOfItsChildren()
    {
        var batch = Parse(FeedClient.Envelope(FeedClient.Pull("1", At, p => p["target"]!["mediaType"] = Index)));

        Assert.Null(Assert.Single(batch.Manifests).Children);
    }

    [Fact]
    public void Parse_RejectedPull_TeachesNothing()
    {
        var batch = Parse(FeedClient.Envelope(FeedClient.Pull("1", At.AddDays(2))));

        Assert.Empty(batch.Manifests);
        Assert.Single(batch.Rejected);
    }

    [Fact]
    public void Parse_RandomBytes_ThrowsNothingElse() => Check.One(Many, Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b)).ToArbitrary(),
        body => ThrowsFormatOrNothing(body)));

    [Fact]
    public void Parse_MutatedCapture_ThrowsNothingElse() => Check.One(Many, Prop.ForAll(
        (from body in Gen.Elements<byte[]>([.. Captured("distribution-3.1.1.jsonl"), .. Captured("distribution-2.8.3.jsonl")])
         from length in Gen.Choose(1, body.Length * 3)
         from edits in Gen.ListOf(Gen.Choose(0, body.Length - 1).Zip(Gen.Frequency((2, Gen.Choose(0, 255)), (1, Gen.Elements<int>('"', '\\', '{', '[', 0xc3, 0xff)))), 4)
         select Mutate(body, Math.Min(length, body.Length), edits)).ToArbitrary(),
        body => ThrowsFormatOrNothing(body)));

    // A field of an event becomes something else; whatever it is, the events beside it stay.
    [Fact]
    public void Parse_EventWithAnyFieldSpoiled_KeepsItsNeighbours() => Check.One(Many, Prop.ForAll(
        (from path in Gen.Elements("id", "timestamp", "action", "target", "request", "actor", "source", "target.mediaType", "target.digest", "target.repository", "target.tag", "target.url", "target.references", "target.references.digest", "request.method", "request.addr", "request.useragent", "actor.name")
         from value in SpoiledJson.Value
         select (path, value)).ToArbitrary(),
        sample =>
        {
            var good = FeedClient.Pull("good", At, p => p["target"]!["references"] = new JsonArray(new JsonObject { ["digest"] = RequestGenerators.Digest(2) })).ToJsonString();
            var after = good.Replace("\"good\"", "\"after\"", StringComparison.Ordinal);
            var body = Encoding.UTF8.GetBytes($"{{\"events\":[{good},{SpoiledJson.With(good.Replace("\"good\"", "\"spoiled\"", StringComparison.Ordinal), sample.path, sample.value)},{after}]}}");

            var batch = Parse(body);

            Assert.Contains((EventKey)"good", batch.Requests.Select(r => r.EventId));
            Assert.Contains((EventKey)"after", batch.Requests.Select(r => r.EventId));
            Assert.All(batch.Rejected, r => Assert.Equal(1, r.Index));
            Assert.Equal(3, batch.Requests.Count + batch.Rejected.Count + batch.Ignored + batch.Pushes);
        }));

    private static void ThrowsFormatOrNothing(byte[] body)
    {
        try
        {
            var batch = Parse(body);
            Assert.All(batch.Requests, r => Assert.True(r.Repository.Length > 0 && r.AtUtc.Kind == DateTimeKind.Utc));
        }
        catch (FeedFormatException error)
        {
            Assert.NotEmpty(error.Message);
        }
    }

    private static byte[] Mutate(byte[] body, int length, IEnumerable<(int At, int To)> edits)
    {
        var changed = body[..length];
        foreach (var (at, to) in edits.Where(e => e.At < length))
            changed[at] = (byte)to;
        return changed;
    }

    private static string Words(JsonElement e) => string.Join('|', (EventKey)e.GetProperty("id").GetString()!, e.GetProperty("request").GetProperty("method").GetString(),
        e.GetProperty("target").GetProperty("repository").GetString(), e.GetProperty("target").TryGetProperty("tag", out var tag) ? tag.GetString() : null,
        e.GetProperty("target").GetProperty("digest").GetString(), e.GetProperty("timestamp").GetDateTimeOffset().UtcDateTime.ToString("O"), e.GetProperty("actor").TryGetProperty("name", out var name) ? name.GetString() : null);

    private static string Words(RegistryRequest r) => string.Join('|', r.EventId, r.Method == RequestMethod.Head ? "HEAD" : "GET", r.Repository, r.Tag, r.Digest, r.AtUtc.ToString("O"), r.User);
}
