using System.Globalization;
using System.Text;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Classification;
using VendorPortal.Journal;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>
/// Registry requests that happen now: the generator's pulls, each as the manifest request that started it. Every event id is new. May be
/// used by many at once.
/// </summary>
internal sealed class LiveTraffic
{
    private const int Templates = 20_000;
    private const string IdMark = "0123456789abcdef";
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

    /// <summary>Bodies of so many lines, for HTTP: written once, so that the sender costs little while it is measured. <see cref="Renew"/> makes one new.</summary>
    public byte[] NewBody(int lines, int offset)
    {
        var body = new StringBuilder();
        for (var i = 0; i < lines; i++)
        {
            var t = templates[(offset + i) % Templates];
            var reference = t.Tag is null ? "" : $"\"tag\":\"{t.Tag}\",";
            body.Append(CultureInfo.InvariantCulture, $$"""
                {"id":"{{IdMark}}","at":"{{TimeMark}}","method":"{{(t.Method == RequestMethod.Head ? "HEAD" : "GET")}}","repository":"{{t.Repository}}",{{reference}}"digest":"{{t.Digest}}","status":200,"address":"{{Enrichment.IpAddressText.Format(t.Address!)}}","user":{{(t.User is null ? "null" : $"\"{t.User}\"")}},"userAgent":"{{t.UserAgent!.Replace("\\", "\\\\", StringComparison.Ordinal)}}"}
                """).Append('\n');
        }

        return Encoding.UTF8.GetBytes(body.ToString());
    }

    /// <summary>Gives every line of a body a new id and the present time, in place.</summary>
    public void Renew(Span<byte> body)
    {
        Span<byte> now = stackalloc byte[TimeMark.Length];
        DateTime.UtcNow.TryFormat(now, out _, TimeForm, CultureInfo.InvariantCulture);
        while (!body.IsEmpty)
        {
            var id = body["{\"id\":\"".Length..];
            Interlocked.Increment(ref last).TryFormat(id[..IdMark.Length], out _, "x16", CultureInfo.InvariantCulture);
            now.CopyTo(id[(IdMark.Length + "\",\"at\":\"".Length)..]);
            body = body[(body.IndexOf((byte)'\n') + 1)..];
        }
    }

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
