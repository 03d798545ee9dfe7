using System.Globalization;
using System.Text;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Classification;
using VendorPortal.Journal;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>What is posted, written once so that the sender costs little while it is measured.</summary>
/// <param name="Bytes">Every event begins with its id and has its time behind it.</param>
/// <param name="MediaType">Of the post.</param>
/// <param name="ToTime">Bytes between the end of an id and the time.</param>
internal sealed record LiveBody(byte[] Bytes, string MediaType, int ToTime);

/// <summary>
/// Registry requests that happen now: the generator's pulls, each as the manifest request that started it. Every event id is new. May be
/// used by many at once.
/// </summary>
internal sealed class LiveTraffic
{
    private const int Templates = 20_000;
    private const string IdMark = "0123456789abcdef";
    private const string ToAt = "\",\"at\":\"";
    private const string ToTimestamp = "\",\"timestamp\":\"";
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const string TimeMark = "2026-01-01T00:00:00.000Z";

    private readonly RegistryRequest[] templates;
    private long last;

    public LiveTraffic(ulong seed)
    {
        var world = new World();
        templates = [.. Traffic.Of(world, Templates, seed).Select(row => Request(world, row))];
        Shuffle(templates, new Dice(seed));
    }

    /// <summary>A body's requests, for the journal itself.</summary>
    public FeedBatch NextBatch(int requests)
    {
        var batch = new FeedBatch();
        var now = DateTime.UtcNow;
        for (var i = 0; i < requests; i++)
        {
            var number = Interlocked.Increment(ref last);
            batch.Requests.Add(templates[number % Templates] with { EventId = Id(number), AtUtc = now });
        }

        return batch;
    }

    /// <summary>A body of so many lines of NDJSON. <see cref="Renew"/> makes it new.</summary>
    public LiveBody NewLines(int requests, int offset) =>
        new(Encoding.UTF8.GetBytes(string.Concat(Some(requests, offset).Select(t => Line(t) + "\n"))), "application/x-ndjson", ToAt.Length);

    /// <summary>An envelope of so many events, as CNCF Distribution notifies them with its references.</summary>
    public LiveBody NewEnvelope(int requests, int offset) =>
        new(Encoding.UTF8.GetBytes($$"""{"events":[{{string.Join(',', Some(requests, offset).Select(Event))}}]}"""), "application/vnd.docker.distribution.events.v2+json", ToTimestamp.Length);

    /// <summary>Gives every event of a body a new id and the present time, in place.</summary>
    public void Renew(LiveBody body)
    {
        Span<byte> now = stackalloc byte[TimeMark.Length];
        DateTime.UtcNow.TryFormat(now, out _, TimeForm, CultureInfo.InvariantCulture);
        var start = "{\"id\":\""u8; // of an event, and of nothing inside
        var rest = body.Bytes.AsSpan();
        for (var at = rest.IndexOf(start); at >= 0; at = rest.IndexOf(start))
        {
            rest = rest[(at + start.Length)..];
            Interlocked.Increment(ref last).TryFormat(rest[..IdMark.Length], out _, "x16", CultureInfo.InvariantCulture);
            now.CopyTo(rest[(IdMark.Length + body.ToTime)..]);
        }
    }

    private IEnumerable<RegistryRequest> Some(int requests, int offset) => Enumerable.Range(offset, requests).Select(i => templates[i % Templates]);

    private static string Line(RegistryRequest t) => $$"""
        {"id":"{{IdMark}}{{ToAt}}{{TimeMark}}","method":"{{Method(t)}}","repository":"{{t.Repository}}",{{(t.Tag is null ? "" : $"\"tag\":\"{t.Tag}\",")}}"digest":"{{t.Digest}}","status":200,"address":"{{Address(t)}}","user":{{(t.User is null ? "null" : $"\"{t.User}\"")}},"userAgent":"{{Agent(t)}}"}
        """;

    private static string Event(RegistryRequest t) => $$$"""
        {"id":"{{{IdMark}}}{{{ToTimestamp}}}{{{TimeMark}}}","action":"pull","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{t.Digest}}}","size":610,"length":610,"repository":"{{{t.Repository}}}","url":"https://registry.example/v2/{{{t.Repository}}}/manifests/{{{t.Digest}}}"{{{(t.Tag is null ? "" : $",\"tag\":\"{t.Tag}\"")}}},"references":[{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{t.Digest}}}","size":1469},{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{t.Digest}}}","size":3208942}]},"request":{"addr":"{{{Address(t)}}}","host":"registry.example","method":"{{{Method(t)}}}","useragent":"{{{Agent(t)}}}"},"actor":{{{Actor(t)}}},"source":{"addr":"registry-0:5000","instanceID":"5f2c7f9a-1f0e-4b3c-9a55-2a4d0c6f7e11"}}
        """;

    private static string Actor(RegistryRequest t) => t.User is null ? "{}" : $$"""{"name":"{{t.User}}"}""";

    private static string Method(RegistryRequest t) => t.Method == RequestMethod.Head ? "HEAD" : "GET";

    private static string Address(RegistryRequest t) => Enrichment.IpAddressText.Format(t.Address!);

    private static string Agent(RegistryRequest t) => t.UserAgent!.Replace("\\", "\\\\", StringComparison.Ordinal);

    private static string Id(long number) => number.ToString("x16", CultureInfo.InvariantCulture);

    private static RegistryRequest Request(World world, PullRow row) => new()
    {
        EventId = "",
        AtUtc = default,
        Method = row.Kind == PullKind.VersionCheck ? RequestMethod.Head : RequestMethod.Get,
        Repository = World.Artifact(row.Artifact),
        Tag = World.IsDigest(row.Version) ? null : World.Version(row.Version),
        Digest = World.Version(row.Digest),
        Address = world.Address(row.Address),
        User = row.User == 0 ? null : world.User(row.User),
        UserAgent = World.UserAgents[row.Client - 1],
    };

    private static void Shuffle(RegistryRequest[] requests, Dice dice)
    {
        for (var i = requests.Length - 1; i > 0; i--)
        {
            var j = dice.Next(i + 1);
            (requests[i], requests[j]) = (requests[j], requests[i]);
        }
    }
}
