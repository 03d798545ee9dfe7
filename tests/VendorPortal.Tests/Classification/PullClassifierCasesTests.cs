using System.Text.Json;
using System.Text.Json.Serialization;
using VendorPortal.Classification;
using VendorPortal.Enrichment;

namespace VendorPortal.Tests.Classification;

/// <summary>Every published rule and every ruling, as data: Data/classification/cases.json.</summary>
public sealed class PullClassifierCasesTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly Dictionary<string, Case> Cases = Load();

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Classify_Case_GivesItsPulls(string name)
    {
        var test = Cases[name];
        var byClient = test.Options?.ClientKey == "ip+client";

        Assert.Equal(test.Expect, Run(test, test.Graph ?? [], byClient));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Classify_CaseInStrictMode_GivesWhatTheTableGives(string name)
    {
        var test = Cases[name];
        if (test.ExpectStrict is null && (test.Options?.ClientKey is not null))
            return; // says nothing of the strict mode

        Assert.Equal(test.ExpectStrict ?? test.Expect, Run(test, [], byClient: false));
    }

    [Fact]
    public void Cases_AreAllThere() => Assert.Equal(54, Cases.Count);

    private static List<ExpectedPull> Run(Case test, Dictionary<string, string[]> edges, bool byClient)
    {
        var graph = new ManifestGraph();
        foreach (var (parent, children) in edges)
            graph.Learn(parent, children);

        return test.Events
            .Where(e => e.Method is "HEAD" or "GET") // R1
            .Select((e, i) => (Event: e, Request: ToRequest(e, i)))
            .Where(r => Eligibility.IsEligible(r.Request.Status, r.Event.Principal is not null, r.Event.Scope == "push"))
            .GroupBy(r => (r.Event.Repo, Normalize(r.Event.Ip), byClient ? r.Event.Ua : null, byClient ? r.Event.Principal : null), r => r.Request)
            .SelectMany(key => PullClassifier.Classify([.. key], graph))
            .Where(action => !action.IsRefused) // the table and its cases know no denied rows: what they say of pulls holds beside them
            .Select(ToExpected)
            .OrderBy(p => p.T).ThenBy(p => p.Reference, StringComparer.Ordinal)
            .ToList();
    }

    private static string? Normalize(string? ip) =>
        IpAddressText.Parse(ip) is { } bytes ? IpAddressText.Format(bytes) : ip;

    private static ClassifiableRequest ToRequest(Event e, int index) => new()
    {
        Ticks = (long)Math.Round(e.T * TimeSpan.TicksPerSecond),
        Method = e.Method == "HEAD" ? RequestMethod.Head : RequestMethod.Get,
        Status = e.Status ?? 200,
        Tag = e.Tag,
        Digest = e.Digest,
        EventId = (UInt128)index,
    };

    private static ExpectedPull ToExpected(PullAction action) => new(
        Math.Round((decimal)action.Start.Ticks / TimeSpan.TicksPerSecond, 6),
        action.Kind switch { PullKind.PullByTag => "pull_by_tag", PullKind.PullByDigest => "pull_by_digest", _ => "version_check" },
        action.Tag ?? action.Start.Digest!,
        action.Root,
        action.Tag,
        action.Start.Method == RequestMethod.Head ? "HEAD" : "GET",
        action.Requests.Count);

    private static Dictionary<string, Case> Load()
    {
        var json = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "classification", "cases.json"));
        var cases = JsonSerializer.Deserialize<List<Case>>(json, Json)!;
        foreach (var test in cases)
        {
            test.Expect = Sort(test.Expect);
            test.ExpectStrict = test.ExpectStrict is null ? null : Sort(test.ExpectStrict);
        }

        return cases.ToDictionary(c => c.Name, StringComparer.Ordinal);
    }

    private static List<ExpectedPull> Sort(List<ExpectedPull> pulls) =>
        [.. pulls.Select(p => p with { T = Math.Round(p.T, 6) }).OrderBy(p => p.T).ThenBy(p => p.Reference, StringComparer.Ordinal)];

    private sealed record ExpectedPull(decimal T, string Action, string Reference, string? Digest, string? Tag, string Method, int Requests);

    private sealed record Event(double T, string Method, string Repo, string? Tag, string? Digest, string? Ip, string? Ua, string? Principal, int? Status, string? Scope);

    private sealed record Options([property: JsonPropertyName("client_key")] string? ClientKey);

    private sealed class Case
    {
        public required string Name { get; init; }

        public required List<Event> Events { get; init; }

        public required List<ExpectedPull> Expect { get; set; }

        public List<ExpectedPull>? ExpectStrict { get; set; }

        public Dictionary<string, string[]>? Graph { get; init; }

        public Options? Options { get; init; }
    }
}
