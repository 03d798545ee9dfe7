using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Journal;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

/// <summary>
/// How a registry delivers (slow answers, refusals, outages, restarts), and what other versions of it tell of the same requests: as received, through
/// the front door, against what was noted down of each case.
/// </summary>
public sealed class CapturedLabelsTests : IAsyncLifetime
{
    private readonly ManualTimeProvider time = new(new DateTimeOffset(Capture.Now));
    private PortalHost portal = null!;
    private FeedClient feed = null!;

    public async Task InitializeAsync()
    {
        portal = await PortalHost.StartAsync(null, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(time));
        feed = await FeedClient.AddAsync(portal);
    }

    public async Task DisposeAsync()
    {
        feed.Dispose();
        await portal.DisposeAsync();
    }

    // What the registry sent while it was answered by a sink. Here every delivery is answered 200, so each one that came again, for whatever answer
    // or delay, has to be known as a repeat.
    [Fact]
    public async Task Deliveries_OfEveryCase_AreStoredOnceHoweverOftenTheyCame()
    {
        var bodies = new Queue<(string Type, byte[] Body)>(Bodies("delivery.jsonl"));
        var (gets, events) = (0, new HashSet<string>());
        foreach (var labelled in Labels("labels_delivery.json").EnumerateArray())
        {
            var name = labelled.GetProperty("case").GetString()!;
            var ofCase = new HashSet<string>();
            foreach (var delivery in labelled.GetProperty("deliveries_portal").EnumerateArray())
            {
                var (type, body) = bodies.Dequeue();
                var id = delivery.GetProperty("event").GetString()!;
                Assert.StartsWith(id, Assert.Single(EventIds(body)), StringComparison.Ordinal);
                var isNew = ofCase.Add(id);

                var answer = await feed.PostAsync(body, type);

                Assert.Equal((name, HttpStatusCode.OK, isNew ? 1 : 0, isNew ? 0 : 1, 0), (name, answer.Status, answer.Accepted, answer.Duplicates, answer.Rejected.Count));
            }

            // Another endpoint of the registry, which was answered at once, had the same events; and every request of the client is one of them.
            var results = labelled.GetProperty("client_result");
            var clients = results.ValueKind switch
            {
                JsonValueKind.Array => results.EnumerateArray().Count(r => r.GetString()!.StartsWith("200", StringComparison.Ordinal)),
                JsonValueKind.Number => results.GetInt32(),
                _ => 1,
            };
            var elsewhere = labelled.GetProperty("deliveries_filtered").EnumerateArray().Select(d => d.GetProperty("event").GetString()!).ToHashSet();
            Assert.Equal((name, clients), (name, elsewhere.Count));
            // A registry that is restarted while the portal is down forgets what it has not delivered: nobody can know of it here.
            var isLost = name.StartsWith("D07", StringComparison.Ordinal);
            Assert.Equal(isLost ? [] : elsewhere.Order(StringComparer.Ordinal), ofCase.Order(StringComparer.Ordinal));
            gets += isLost ? 0 : clients;
            events.UnionWith(ofCase);
        }

        Assert.Empty(bodies);
        await ClassifiedAsync();
        await using var rows = Rows();
        Assert.Equal((events.Count, gets), (await rows.RegistryRequests.CountAsync(), await rows.Pulls.SumAsync(p => p.Requests)));
        // Each is a GET by tag and so a pull, but the HEAD of D10, whose GET follows at once.
        Assert.Equal(gets - 1, await rows.Pulls.CountAsync(p => p.Kind == PullKind.PullByTag));
        Assert.Equal(gets - 1, await rows.Pulls.CountAsync());
    }

    [Theory]
    [InlineData("2.8.3", "distribution-2.8.3.jsonl")]
    [InlineData("3.1.1", "distribution-3.1.1.jsonl")]
    public async Task Versions_OfEveryCase_TellTheRequestsOfTheLabels(string version, string file)
    {
        var labels = Labels("labels_versions.json").GetProperty(version);
        var type = labels.GetProperty("content_type").GetProperty("Content-Type").GetString()!;
        var bodies = Bodies(file).ToDictionary(b => Assert.Single(EventIds(b.Body)));
        var expected = new Dictionary<UInt128, string>();
        foreach (var labelled in labels.GetProperty("cases").EnumerateArray())
        {
            var name = labelled.GetProperty("case").GetString()!;
            if (labelled.GetProperty("events") is not { ValueKind: JsonValueKind.Array } events)
                continue; // the case could not be run
            foreach (var told in events.EnumerateArray())
            {
                var (_, body) = bodies[told.GetProperty("id").GetString()!];
                // Of the events a manifest's pulls are requests, pushes teach; blobs (the sink noted them with their media type) and deletions are of no use.
                var isPush = Text(told, "action") == "push";
                var isRequest = Text(told, "action") == "pull" && Text(told, "mediaType") != "application/octet-stream";
                if (isRequest)
                    expected.Add(((EventKey)Text(told, "id")!).Value, Words(Text(told, "repository"), Text(told, "method"), Text(told, "tag"), Text(told, "digest"), Text(told, "addr"), Text(told, "ua"), Text(told, "actor")));

                var answer = await feed.PostAsync(body, type);

                Assert.Equal((name, HttpStatusCode.OK, isPush || isRequest ? 1 : 0, isPush || isRequest ? 0 : 1, 0), (name, answer.Status, answer.Accepted, answer.Ignored, answer.Rejected.Count));
            }
        }

        Assert.True(expected.Count >= 15, $"{expected.Count}");
        await using var rows = Rows();
        var stored = await (
            from request in rows.RegistryRequests
            join artifact in rows.Artifacts on request.ArtifactId equals artifact.Id
            join asked in rows.Versions on request.VersionId equals asked.Id
            join digest in rows.Versions on request.DigestId equals digest.Id
            join address in rows.Addresses on request.AddressId equals address.Id
            join client in rows.Clients on request.ClientId equals client.Id
            join user in rows.RegistryUsers on request.UserId equals user.Id
            select new { request.EventId, request.Method, Artifact = artifact.Name, Asked = asked.Name, Digest = digest.Name, address.Value, client.UserAgent, user.Principal }).ToListAsync();
        Assert.Equal(
            expected.OrderBy(e => e.Key),
            stored.Select(r => KeyValuePair.Create(EventKey.FromBytes(r.EventId).Value, Words(
                r.Artifact, r.Method == RequestMethod.Head ? "HEAD" : "GET", r.Asked == r.Digest ? null : r.Asked, r.Digest, IpAddressText.Format(r.Value), r.UserAgent, r.Principal))).OrderBy(e => e.Key));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    // The port is no part of an address.
    private static string Words(string? repository, string? method, string? tag, string? digest, string? address, string? client, string? user) =>
        $"{method} {repository}:{tag}@{digest} {address!.Split(':')[0]} {client} {user}";

    private static JsonElement Labels(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Capture.Path(file)));
        return document.RootElement.Clone();
    }

    private static IEnumerable<(string Type, byte[] Body)> Bodies(string file) => File.ReadLines(Capture.Path(file)).Select(line =>
    {
        using var received = JsonDocument.Parse(line);
        return (received.RootElement.GetProperty("contentType").GetString()!, Encoding.UTF8.GetBytes(received.RootElement.GetProperty("body").GetRawText()));
    });

    private static IEnumerable<string> EventIds(byte[] body)
    {
        using var envelope = JsonDocument.Parse(body);
        return [.. envelope.RootElement.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("id").GetString()!)];
    }

    private PortalDbContext Rows() => portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(portal.VendorId);

    private Task ClassifiedAsync() => Eventually.TrueAsync(
        async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await using var rows = Rows();
            return !await rows.RegistryRequests.AnyAsync(r => r.PullId == null);
        },
        "everything is classified");
}
