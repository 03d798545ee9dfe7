using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Storage;

namespace VendorPortal.Tests.Testing;

/// <summary>A pull as a label tells it.</summary>
internal sealed record CapturedAction(string Kind, string Reference, string Repository, string User, string Ip);

/// <summary>A step of a real client, what each feed saw of it, and what it must give.</summary>
internal sealed record CapturedStep(
    string Name, IReadOnlyList<string> EventIds, int FirstLine, int LastLine, List<CapturedAction> ChildAware, List<CapturedAction> FromEvents, List<CapturedAction> FromAccessLog);

/// <summary>198 steps of real clients against a real registry, as it notified them and as the nginx in front of it logged them.</summary>
internal static class Capture
{
    /// <summary>Long after the capture, so that its events are neither late nor early whatever today is.</summary>
    public static readonly DateTime Now = new(2026, 11, 20, 21, 30, 0, DateTimeKind.Utc);

    public static readonly IReadOnlyList<CapturedStep> Steps = ReadSteps();

    public static string Path(string file) => System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "registry", file);

    /// <summary>The bodies of the notifications, in order.</summary>
    public static IEnumerable<string> Envelopes() => File.ReadLines(Path("notifications.jsonl")).Select(line =>
    {
        using var envelope = JsonDocument.Parse(line);
        return envelope.RootElement.GetProperty("body").GetRawText();
    });

    public static Dictionary<string, string[]> Indexes() => JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(Path("index_children.json")))!;

    /// <summary>What the indexes list, as a feed would teach it.</summary>
    public static FeedBatch Graph()
    {
        var batch = new FeedBatch();
        foreach (var (index, children) in Indexes())
            batch.Manifests.Add(new ManifestFact(index, "application/vnd.oci.image.index.v1+json", [.. children.Select(c => (c, (string?)null))]));
        return batch;
    }

    public static Dictionary<UInt128, string> StepOfEvents() => Steps.SelectMany(s => s.EventIds.Select(id => (((EventKey)id).Value, s.Name))).ToDictionary();

    /// <summary>The step that each request of an access log belongs to; lines count from 1.</summary>
    public static Dictionary<UInt128, string> StepOfLines(string file, IFeedParser parser)
    {
        var steps = new Dictionary<UInt128, string>();
        var number = 0;
        foreach (var line in File.ReadLines(Path(file)))
        {
            number++;
            var batch = new FeedBatch();
            parser.Read(System.Text.Encoding.UTF8.GetBytes(line), Now, batch);
            Assert.Empty(batch.Rejected);
            foreach (var request in batch.Requests)
                steps[request.EventId.Value] = Steps.FirstOrDefault(s => s.FirstLine <= number && number <= s.LastLine)?.Name ?? $"line {number}";
        }

        return steps;
    }

    /// <summary>The pulls that labels tell, a text a step; steps without one are left out.</summary>
    public static SortedDictionary<string, string> Expected(Func<CapturedStep, List<CapturedAction>> pick) =>
        Group(Steps.SelectMany(step => pick(step).Select(a => (step.Name, $"{a.Kind} {a.Repository}:{a.Reference} {a.User} {a.Ip}"))));

    /// <summary>The pulls in the store, not the refused ones, in the same form. A pull belongs to the step whose request starts it.</summary>
    public static async Task<SortedDictionary<string, string>> PullsAsync(PortalDbContextFactory contexts, int vendorId, IReadOnlyDictionary<UInt128, string> stepOf)
    {
        await using var rows = contexts.ForVendor(vendorId);
        var pulls = await (
            from pull in rows.Pulls.Where(p => p.Kind != PullKind.Denied) // the labels name what was let in
            join start in rows.RegistryRequests on pull.Id equals start.Id
            join version in rows.Versions on pull.VersionId equals version.Id
            join artifact in rows.Artifacts on pull.ArtifactId equals artifact.Id
            join user in rows.RegistryUsers on pull.UserId equals user.Id
            join address in rows.Addresses on pull.AddressId equals address.Id
            select new { start.EventId, pull.Kind, Version = version.Name, Artifact = artifact.Name, user.Principal, address.Value }).ToListAsync();
        return Group(pulls.Select(p => (
            stepOf[EventKey.FromBytes(p.EventId).Value],
            $"{KindNames.Of(p.Kind)} {p.Artifact}:{p.Version} {p.Principal} {IpAddressText.Format(p.Value)}")));
    }

    /// <summary>Fails with the steps that differ.</summary>
    public static void AssertSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        var differences = expected.Keys.Union(actual.Keys).Where(step => expected.GetValueOrDefault(step) != actual.GetValueOrDefault(step))
            .Select(step => $"{step}\n expected: {expected.GetValueOrDefault(step)}\n actual:   {actual.GetValueOrDefault(step)}");
        Assert.True(expected.Count > 140 && !differences.Any(), string.Join('\n', differences));
    }

    private static SortedDictionary<string, string> Group(IEnumerable<(string Step, string Pull)> pulls) => new(
        pulls.GroupBy(p => p.Step, p => p.Pull, StringComparer.Ordinal).ToDictionary(g => g.Key, g => string.Join('\n', g.Order(StringComparer.Ordinal)), StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static List<CapturedStep> ReadSteps()
    {
        using var labels = JsonDocument.Parse(File.ReadAllText(Path("labels.json")));
        return [.. labels.RootElement.EnumerateArray().Select(s =>
        {
            var seen = s.TryGetProperty("nginx_lines", out var lines) && lines.ValueKind == JsonValueKind.Array && lines.GetArrayLength() == 2;
            return new CapturedStep(
                s.GetProperty("step").GetString()!,
                [.. s.GetProperty("event_ids").EnumerateArray().Select(e => e.GetString()!)],
                seen ? lines[0].GetInt32() : 0,
                seen ? lines[1].GetInt32() : -1,
                Actions(s.GetProperty("child_aware")),
                Actions(s.GetProperty("from_events")),
                Actions(s.GetProperty("from_access_log")));
        })];
    }

    private static List<CapturedAction> Actions(JsonElement actions) => [.. actions.EnumerateArray().Select(a => new CapturedAction(
        a.GetProperty("action").GetString()!, a.GetProperty("reference").GetString()!, a.GetProperty("repository").GetString()!,
        a.GetProperty("user").GetString()!, a.GetProperty("ip").GetString()!))];
}
