using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Api;

/// <summary>Refused requests as a shipper reports them, and what scripts see of them.</summary>
public sealed class DeniedApiTests : IAsyncLifetime
{
    private const string Pulls = "/api/v1/artifact-pulls";

    private readonly ManualTimeProvider time = new(new DateTimeOffset(2026, 5, 1, 13, 0, 0, TimeSpan.Zero));
    private PortalHost portal = null!;
    private HttpClient api = null!;

    public async Task InitializeAsync()
    {
        portal = await PortalHost.StartAsync(null, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(time));
        api = await portal.ApiClientAsync();
        using var feed = await FeedClient.AddAsync(portal, FeedKind.Ndjson);
        string[] lines =
        [
            Line(0, "GET", "1.0", 200, "alice"),
            Line(20, "HEAD", "9.9", 404, "alice"),
            Line(20.1, "GET", "9.9", 404, "alice"),
            Line(40, "GET", "1.0", 401, "mallory"),
            Line(60, "GET", "1.0", 401, null), // the handshake of the next one
            Line(60.1, "GET", "1.0", 429, "alice"),
            Line(61, "GET", "1.0", 200, "alice"),
            Line(80, "GET", "1.0", 403, "eve"),
        ];
        var answer = await feed.PostAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)), "application/x-ndjson");
        Assert.Equal((8, 0), (answer.Accepted, answer.Rejected.Count));
        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return (await GetAsync($"{Pulls}/count")).GetProperty("count").GetInt64() == 5;
            },
            "all is classified");
    }

    public async Task DisposeAsync()
    {
        api.Dispose();
        await portal.DisposeAsync();
    }

    [Fact]
    public async Task Count_DeniedTries_StandApartFromDownloads()
    {
        var kinds = (await GetAsync($"{Pulls}/count")).GetProperty("byKind");

        Assert.Equal("""{"pull_by_tag":2,"pull_by_digest":0,"version_check":0,"denied":3}""", kinds.GetRawText());
    }

    [Fact]
    public async Task List_KindDenied_GivesThemOnlyAndTheDetailTheirStatus()
    {
        var items = (await GetAsync($"{Pulls}?kind=denied")).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal([("denied", "eve", "1.0", 1), ("denied", "mallory", "1.0", 1), ("denied", "alice", "9.9", 2)], items.Select(i => (Text(i, "kind"), Text(i, "user"), Text(i, "version"), i.GetProperty("requests").GetInt32())));
        Assert.All(items, i => Assert.False(i.TryGetProperty("status", out _)));
        var details = await Task.WhenAll(items.Select(i => GetAsync($"{Pulls}/{Text(i, "id")}")));
        Assert.Equal([403, 401, 404], details.Select(d => d.GetProperty("status").GetInt32()));
        Assert.All(details, d => Assert.Equal("refused", Text(d, "rule")));
        Assert.StartsWith("HEAD by tag, then GET of the same (0.10 s), not found (404)", Text(details[2], "explanation"), StringComparison.Ordinal);
        Assert.Equal([404, 404], details[2].GetProperty("registryRequests").EnumerateArray().Select(r => r.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Detail_OfAPull_HasNoStatus()
    {
        var pull = (await GetAsync($"{Pulls}?kind=pull_by_tag&limit=1")).GetProperty("items")[0];

        Assert.Equal(JsonValueKind.Null, (await GetAsync($"{Pulls}/{Text(pull, "id")}")).GetProperty("status").ValueKind);
    }

    [Fact]
    public async Task Export_KindDenied_HasTheirRows()
    {
        var csv = await api.GetStringAsync($"{Pulls}/export?kind=denied&columns=all");

        Assert.Equal(4, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var json = JsonDocument.Parse(await api.GetStringAsync(path));
        return json.RootElement.Clone();
    }

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static string Line(double second, string method, string tag, int status, string? user) => JsonSerializer.Serialize(new
    {
        at = new DateTime(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc).AddSeconds(second),
        method,
        repository = "acme/app",
        tag,
        digest = status == 200 ? RequestGenerators.Digest(1) : null,
        status,
        address = "203.0.113.7",
        user,
        userAgent = "docker/28.0.1",
    });
}
