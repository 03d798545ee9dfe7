using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

/// <summary>
/// 198 steps of real clients against a real registry, as it notified them, through the front door: each step gives the pulls that its
/// label says.
/// </summary>
public sealed class CapturedTrafficTests
{
    // The access log, from which these steps were labelled, either never saw the request or saw it refused (an event is not proof of
    // success); the notifications know better or worse, and the portal shows what its feed says.
    private static readonly string[] SeenByEventsOnly = ["S053", "S055", "S065", "S067", "S068"];

    [Fact]
    public async Task Capture_WithTheGraphTaught_GivesTheChildAwarePullsOfEveryStep()
    {
        var expected = Steps(s => SeenByEventsOnly.Contains(s.Name) ? s.FromEvents : s.ChildAware);

        AssertSame(expected, await ReplayAsync(ClassificationMode.Client, teachGraph: true));
    }

    [Fact]
    public async Task Capture_InStrictMode_GivesThePullsOfThePublishedTable()
    {
        // The labels read the table for each account of an address and each step by itself. The strict key is the address alone, so it
        // goes on over pushes that follow within the window (S007, S008, S010, S011) and joins the accounts behind one address (S267); of
        // three platforms fetched after two GETs of a tag (S124, S127) the rulings name another one as the pull of its own.
        string[] otherwise = ["S008", "S011", "S124", "S127", "S267"];
        var expected = Steps(s => s.FromEvents);
        var actual = await ReplayAsync(ClassificationMode.Strict, teachGraph: false);
        foreach (var step in otherwise)
        {
            Assert.NotEqual(expected.GetValueOrDefault(step), actual.GetValueOrDefault(step));
            expected.Remove(step);
            actual.Remove(step);
        }

        AssertSame(expected, actual);
    }

    private static void AssertSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        var differences = expected.Keys.Union(actual.Keys).Where(step => expected.GetValueOrDefault(step) != actual.GetValueOrDefault(step))
            .Select(step => $"{step}\n expected: {expected.GetValueOrDefault(step)}\n actual:   {actual.GetValueOrDefault(step)}");
        Assert.True(expected.Count > 150 && !differences.Any(), string.Join('\n', differences));
    }

    private static async Task<SortedDictionary<string, string>> ReplayAsync(ClassificationMode mode, bool teachGraph)
    {
        // Long after the capture, so that its events are neither late nor early whatever today is.
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 11, 20, 21, 30, 0, TimeSpan.Zero));
        await using var portal = await PortalHost.StartAsync(null, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(time));
        var contexts = portal.Services.GetRequiredService<PortalDbContextFactory>();
        await using (var installation = contexts.ForInstallation())
            await installation.Vendors.ExecuteUpdateAsync(set => set.SetProperty(v => v.Mode, mode));
        var feed = await portal.Services.GetRequiredService<FeedDirectory>().AddAsync(portal.VendorId, "registry", FeedKind.Distribution, null, CancellationToken.None);
        using var client = portal.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", feed.Secret);

        if (teachGraph)
            await PostAsync(client, feed.Id, GraphEnvelope());
        foreach (var line in File.ReadLines(Data("notifications.jsonl")))
        {
            using var envelope = JsonDocument.Parse(line);
            await PostAsync(client, feed.Id, envelope.RootElement.GetProperty("body").GetRawText());
        }

        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await using var rows = contexts.ForVendor(portal.VendorId);
                return !await rows.RegistryRequests.AnyAsync(r => r.PullId == null);
            },
            "everything is classified");
        return await PullsByStepAsync(contexts, portal.VendorId);
    }

    private static async Task PostAsync(HttpClient client, string feedId, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/vnd.docker.distribution.events.v1+json");
        using var answer = await client.PostAsync($"/ingest/{feedId}", content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode && text.Contains("\"rejected\":[]", StringComparison.Ordinal), text);
    }

    // Every index of index_children.json as a push that lists its children.
    private static string GraphEnvelope()
    {
        var children = JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(Data("index_children.json")))!;
        return JsonSerializer.Serialize(new
        {
            events = children.Select(index => new
            {
                id = Guid.NewGuid(),
                timestamp = "2026-11-20T20:00:00Z",
                action = "push",
                target = new
                {
                    mediaType = "application/vnd.oci.image.index.v1+json",
                    digest = index.Key,
                    repository = "acme/graph",
                    references = index.Value.Select(c => new { mediaType = "application/vnd.oci.image.manifest.v1+json", digest = c, size = 1 }),
                },
                actor = new { name = "graph-teacher" },
            }),
        });
    }

    // A pull belongs to the step whose event starts it: the journal knows the event by its hash, the label by its id.
    private static async Task<SortedDictionary<string, string>> PullsByStepAsync(PortalDbContextFactory contexts, int vendorId)
    {
        var stepOfEvent = Labels().SelectMany(s => s.EventIds.Select(id => (Hash: Convert.ToHexString(EventIds.Of(id)), s.Name)))
            .ToDictionary(e => e.Hash, e => e.Name, StringComparer.Ordinal);
        await using var rows = contexts.ForVendor(vendorId);
        var pulls = await (
            from pull in rows.Pulls
            join start in rows.RegistryRequests on pull.Id equals start.Id
            join version in rows.Versions on pull.VersionId equals version.Id
            join artifact in rows.Artifacts on pull.ArtifactId equals artifact.Id
            join user in rows.RegistryUsers on pull.UserId equals user.Id
            join address in rows.Addresses on pull.AddressId equals address.Id
            select new { start.EventId, pull.Kind, Version = version.Name, Artifact = artifact.Name, user.Principal, address.Value }).ToListAsync();
        return Group(pulls.Select(p => (
            stepOfEvent[Convert.ToHexString(p.EventId)],
            $"{KindNames.Of(p.Kind)} {p.Artifact}:{p.Version} {p.Principal} {IpAddressText.Format(p.Value)}")));
    }

    private static SortedDictionary<string, string> Steps(Func<Step, List<Action>> pick) => Group(Labels().SelectMany(
        step => pick(step).Select(a => (step.Name, $"{a.Kind} {a.Repository}:{a.Reference} {a.User} {a.Ip}"))));

    private static SortedDictionary<string, string> Group(IEnumerable<(string Step, string Pull)> pulls) => new(
        pulls.GroupBy(p => p.Step, p => p.Pull, StringComparer.Ordinal).ToDictionary(g => g.Key, g => string.Join('\n', g.Order(StringComparer.Ordinal)), StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static List<Step> Labels()
    {
        using var labels = JsonDocument.Parse(File.ReadAllText(Data("labels.json")));
        return [.. labels.RootElement.EnumerateArray().Select(s => new Step(
            s.GetProperty("step").GetString()!,
            [.. s.GetProperty("event_ids").EnumerateArray().Select(e => e.GetString()!)],
            Actions(s.GetProperty("child_aware")),
            Actions(s.GetProperty("from_events"))))];
    }

    private static List<Action> Actions(JsonElement actions) => [.. actions.EnumerateArray().Select(a => new Action(
        a.GetProperty("action").GetString()!, a.GetProperty("reference").GetString()!, a.GetProperty("repository").GetString()!,
        a.GetProperty("user").GetString()!, a.GetProperty("ip").GetString()!))];

    private static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "Data", "registry", file);

    private sealed record Action(string Kind, string Reference, string Repository, string User, string Ip);

    private sealed record Step(string Name, string[] EventIds, List<Action> ChildAware, List<Action> FromEvents);
}
