using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Journal;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

/// <summary>
/// Whatever bytes a feed sends: a parser throws nothing past its boundary, answers for every line, loses no neighbour of a bad one, and takes
/// no more memory than what was sent allows for.
/// </summary>
public sealed class FeedFuzzTests
{
    private const string Harbor = """{"type":"PULL_ARTIFACT","occur_at":1795207702,"operator":"a","event_data":{"resources":[{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000001","tag":"1"}],"repository":{"repo_full_name":"acme/app"}}}""";
    private const string CloudEvent = """{"specversion":"1.0","id":"1","source":"s","type":"dev.chainguard.registry.pull.v1","time":"2026-11-20T20:48:22Z","data":{"actor":{"subject":"u"},"body":{"repository":"acme/app","tag":"1","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000001","method":"GET","type":"manifest","remote_address":"203.0.113.7"}}}""";
    private const string Notification = """{"id":"1","timestamp":"2026-11-20T20:48:22Z","action":"pull","target":{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000001","repository":"acme/app","tag":"1","references":[{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000002"}]},"request":{"addr":"203.0.113.7:4711","method":"GET","useragent":"docker/28"},"actor":{"name":"u"}}""";
    private const int MaxEvents = 10_000;

    // A document may be held whole beside what is found in it; the rest is buffers that the first one fetches.
    private const int AllocatedByByte = 40;
    private const int AllocatedAtMost = 4 * 1024 * 1024;

    private static readonly DateTime Now = Capture.Now;
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(150);

    private static readonly string[] Growth =
    [
        new('x', 1_000_000), new('[', 100_000), new('7', 100_000), Repeat("{\"a\":", 20_000), Repeat("{},", 9_000), Repeat("{},", 100_000), Repeat("\\ud800", 50_000),
        $"{new string('[', 12)}1{new string(']', 12)},", $"\"{new string('x', 1_000_000)}\",", $"[{Repeat("{\"digest\":\"x\"},", 50_000)}1],",
    ];

    private static readonly Dictionary<string, (Func<IFeedParser> Open, string Good)> Lines = new(StringComparer.Ordinal)
    {
        ["combined"] = (() => Log("combined"), """203.0.113.7 - a [20/Nov/2026:20:47:23 +0000] "GET /v2/acme/app/manifests/1.0 HTTP/1.1" 200 424 "-" "docker/28\x22" """.TrimEnd()),
        ["log_format"] = (() => Log("escape=json {\"t\":\"$msec\",\"r\":\"$request\",\"s\":$status,\"a\":\"$http_user_agent\"}"), """{"t":"1795207643.204","r":"GET /v2/acme/app/manifests/1.0 HTTP/1.1","s":200,"a":"x \"y\" \\"}"""),
        ["json"] = (() => Log("json:caddy"), """{"ts":1795207643.5241024,"request":{"client_ip":"203.0.113.7","method":"GET","uri":"/v2/acme/app/manifests/1.0","headers":{"User-Agent":["curl/7.82.0"]}},"user_id":"","status":200,"resp_headers":{"Docker-Content-Digest":["sha256:00"]}}"""),
        ["ndjson"] = (() => new Ndjson(), """{"at":"2026-11-20T10:00:00.123Z","method":"GET","repository":"acme/app","tag":"1.0","mediaType":"application/vnd.oci.image.index.v1+json"}"""),
        ["csv"] = (() => new AfterHeader(new DvpCsv()), "2026-04-30 10:11:12,acme,app,1.0,,1.0,pull_by_tag,docker"),
    };

    private static readonly Dictionary<string, (Func<IFeedParser> Open, string Good)> Documents = new(StringComparer.Ordinal)
    {
        ["harbor"] = (() => new Harbor(), Harbor),
        ["cloudevents"] = (() => new CloudEvents(null, MaxEvents), $"[{CloudEvent},{CloudEvent}]"),
        ["cloudevents binary"] = (() => new CloudEvents(new("1", "s", "dev.chainguard.registry.pull.v1", "2026-11-20T20:48:22Z"), MaxEvents), CloudEvent),
        ["distribution"] = (() => new DistributionNotifications(MaxEvents), $$"""{"events":[{{Notification}},{{Notification}}]}"""),
    };

    public static TheoryData<string> LineFormats() => [.. Lines.Keys];

    public static TheoryData<string> DocumentFormats() => [.. Documents.Keys];

    private static Gen<byte[]> Noise => Gen.OneOf(
        Gen.ArrayOf(Gen.Frequency((5, Gen.Choose(0, 255)), (2, Gen.Elements<int>('{', '}', '"', '\\', '[', ']', ' ', ',', ':', '\n', 0xff, 0xc3))).Select(b => (byte)b)),
        Gen.Elements(new string('[', 5_000), string.Concat(Enumerable.Repeat("{\"request\":", 3_000)), new string('x', 200_000), "\"", "\\", "{\"ts\":1e308}", "{\"status\":[[[[", "\0", "\uFEFF").Select(Encoding.UTF8.GetBytes));

    [Theory]
    [MemberData(nameof(LineFormats))]
    public void Lines_BetweenAnyBytes_AreKeptInBoundedMemory(string format) => Check.One(Many, Prop.ForAll(Gen.OneOf(Noise, Grown(Lines[format].Good)).ToArbitrary(), noise =>
    {
        var (open, good) = Lines[format];
        var line = Encoding.UTF8.GetBytes(good);
        byte[] sent = [.. line, (byte)'\n', .. noise, (byte)'\n', .. line];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var batch = FeedText.Parse(open(), sent, Now, chunk: 997);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocatedAtMost + (AllocatedByByte * (long)sent.Length));
        Assert.True(batch.Requests.Count(r => r.Repository == "acme/app") >= 2);
        Assert.Equal(1 + Pieces(noise) + 1, batch.Count);
    }));

    [Theory]
    [MemberData(nameof(LineFormats))]
    public void Line_TruncatedOrChanged_IsAnsweredForByItself(string format) => Check.One(Many, Prop.ForAll(
        Changes(Lines[format].Good).ToArbitrary(),
        changed =>
        {
            var (open, good) = Lines[format];
            var line = Encoding.UTF8.GetBytes(good);

            var batch = FeedText.Parse(open(), [.. line, (byte)'\n', .. changed, (byte)'\n', .. line], Now);

            Assert.Equal(1 + Pieces(changed) + 1, batch.Count);
            Assert.DoesNotContain(batch.Rejected, r => r.Index == 0);
            Assert.All(batch.Requests, r => Assert.True(r.Repository.Length > 0 && r.AtUtc.Kind == DateTimeKind.Utc && (r.Tag ?? r.Digest) is not null));
        }));

    [Theory]
    [MemberData(nameof(DocumentFormats))]
    public void Document_OfAnyBytes_ThrowsNothingElseAndTakesBoundedMemory(string format) => Check.One(Many, Prop.ForAll(
        Gen.OneOf(Noise, Changes(Documents[format].Good), Grown(Documents[format].Good)).ToArbitrary(),
        body =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var batch = FeedText.Parse(Documents[format].Open(), body, Now);
                Assert.All(batch.Requests, r => Assert.True(r.Repository.Length > 0 && (r.Tag ?? r.Digest) is not null));
            }
            catch (FeedFormatException error)
            {
                Assert.NotEmpty(error.Message);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocatedAtMost + (AllocatedByByte * (long)body.Length));
        }));

    [Fact]
    public void CloudEventsBatch_EventWithAnyFieldSpoiled_KeepsItsNeighbours() => Check.One(Many, Prop.ForAll(
        (from path in Gen.Elements("specversion", "id", "source", "type", "time", "data", "data.actor", "data.actor.subject", "data.body", "data.body.repository", "data.body.tag", "data.body.digest", "data.body.method", "data.body.type", "data.body.when", "data.body.remote_address", "data.body.user_agent", "data.body.error")
         from value in SpoiledJson.Value
         select (path, value)).ToArbitrary(),
        sample =>
        {
            var spoiled = SpoiledJson.With(CloudEvent, sample.path, sample.value);
            string[] good = [CloudEvent.Replace("\"id\":\"1\"", "\"id\":\"before\"", StringComparison.Ordinal), CloudEvent.Replace("\"id\":\"1\"", "\"id\":\"after\"", StringComparison.Ordinal)];

            var batch = FeedText.Parse(new CloudEvents(null, MaxEvents), $"[{good[0]},{spoiled},{good[1]}]", Now);

            var alone = good.Select(one => FeedText.Parse(new CloudEvents(null, MaxEvents), $"[{one}]", Now).Requests.Single().EventId);
            Assert.Equal(alone, [batch.Requests[0].EventId, batch.Requests[^1].EventId]);
            Assert.All(batch.Rejected, r => Assert.Equal(1, r.Index));
            Assert.Equal(3, batch.Count);
        }));

    // Huge and deep: between any two characters, and where a value or an element may stand.
    private static Gen<byte[]> Grown(string good) =>
        from at in Gen.OneOf(Gen.Choose(0, good.Length), Gen.Elements<int>([.. Enumerable.Range(1, good.Length).Where(i => good[i - 1] is '[' or ':' or '"')]))
        from piece in Gen.Elements(Growth)
        select Encoding.UTF8.GetBytes(good.Insert(at, piece));

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();

    private static Gen<byte[]> Changes(string good) =>
        from length in Gen.Choose(1, good.Length * 2)
        from edits in Gen.ListOf(Gen.Choose(0, good.Length - 1).Zip(Gen.Frequency((2, Gen.Choose(0, 255)), (1, Gen.Elements<int>('"', '\\', '{', '[', ' ', 0xff)))), 3)
        select Change(Encoding.UTF8.GetBytes(good), Math.Min(length, good.Length), edits);

    private static byte[] Change(byte[] good, int length, IEnumerable<(int At, int To)> edits)
    {
        var changed = good[..length];
        foreach (var (at, to) in edits.Where(e => e.At < length))
            changed[at] = (byte)to;
        return changed;
    }

    private static int Pieces(byte[] bytes)
    {
        var count = 0;
        foreach (var range in bytes.AsSpan().Split((byte)'\n'))
            count += bytes.AsSpan()[range].TrimEnd(" \t\r"u8).IsEmpty ? 0 : 1;
        return count;
    }

    private static AccessLog Log(string format) => new(new AccessLogFormat(format).Layout(), 42, new LineOrder());

    // Its header has been read already.
    private sealed class AfterHeader : IFeedParser
    {
        private readonly IFeedParser inner;

        public AfterHeader(IFeedParser inner)
        {
            this.inner = inner;
            inner.Read(Encoding.UTF8.GetBytes("timestamp,namespace,repository,reference,digest,tag,action,user_agent_tool"), Now, new FeedBatch());
        }

        public FeedFraming Framing => inner.Framing;

        public void Read(ReadOnlyMemory<byte> piece, DateTime nowUtc, FeedBatch batch)
        {
            batch.Index++; // the header
            inner.Read(piece, nowUtc, batch);
        }
    }
}
