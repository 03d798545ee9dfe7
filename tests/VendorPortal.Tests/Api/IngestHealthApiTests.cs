using System.Net;
using System.Text;
using System.Text.Json;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Api;

/// <summary>Ingest health through the whole portal: real posts in, the answer out.</summary>
public sealed class IngestHealthApiTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    private const string Path = "/api/v1/ingest-health";

    private PortalHost Portal => fixture.Portal;

    private static async Task<JsonElement> GetAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri(Path, UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, answer.Headers.CacheControl!.NoStore));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    [Fact]
    public async Task Get_AfterGoodAndBadEvents_TellsTheVendorOfItsOwnFeeds()
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.Ndjson);
        var rival = await Portal.AddVendorAsync("rival", "owner@rival.example");
        using var foreign = await FeedClient.AddAsync(Portal, FeedKind.Distribution, rival);
        var at = DateTimeOffset.UtcNow.AddSeconds(-30);
        await foreign.PostAsync(FeedClient.Pull("foreign", at, repository: "rival/box"));
        var lines = $$"""
            {"id":"1","at":"{{at:O}}","method":"GET","repository":"acme/app","tag":"1.0","status":200,"user":"alice"}
            {"id":"1","at":"{{at:O}}","method":"GET","repository":"acme/app","tag":"1.0","status":200,"user":"alice"}
            {"id":"2","method":"GET","repository":"acme/app","tag":"1.0","password":"hunter2"}
            """;
        var posted = await feed.PostAsync(Encoding.UTF8.GetBytes(lines), "application/x-ndjson");
        Assert.Equal(HttpStatusCode.OK, posted.Status);
        using var token = await Portal.ApiClientAsync();
        using var cookie = await Portal.SignInAsync();

        foreach (var client in new[] { token, cookie })
        {
            var body = await GetAsync(client);

            Assert.Equal("ok", body.GetProperty("status").GetString());
            Assert.Equal(0, body.GetProperty("queueDepth").GetInt32());
            var told = Assert.Single(body.GetProperty("feeds").EnumerateArray());
            Assert.Equal((feed.Feed.Id, "ndjson", "receiving"), (told.GetProperty("id").GetString(), told.GetProperty("kind").GetString(), told.GetProperty("state").GetString()));
            Assert.Equal((1, 1, 1), (told.GetProperty("accepted").GetInt32(), told.GetProperty("duplicates").GetInt32(), told.GetProperty("rejected").GetInt32()));
            Assert.Equal(at.UtcDateTime, told.GetProperty("lastEvent").GetDateTime());
            Assert.InRange(told.GetProperty("lagSeconds").GetDouble(), 30, 120);
            var reason = Assert.Single(told.GetProperty("rejectedByReason").EnumerateArray());
            Assert.Equal(Assert.Single(posted.Rejected).Reason, reason.GetProperty("reason").GetString());
            Assert.Contains("\"password\":\"***\"", Assert.Single(reason.GetProperty("samples").EnumerateArray()).GetString()!, StringComparison.Ordinal);
            Assert.Equal(3, told.GetProperty("hours").EnumerateArray().Sum(h => h.GetProperty("accepted").GetInt64() + h.GetProperty("duplicates").GetInt64() + h.GetProperty("rejected").GetInt64()));
            var last = told.GetProperty("lastRequest");
            Assert.Equal(("GET", "1.0", "alice", JsonValueKind.Null), (last.GetProperty("method").GetString(), last.GetProperty("tag").GetString(), last.GetProperty("user").GetString(), last.GetProperty("address").ValueKind));
            Assert.DoesNotContain("rival", body.GetRawText(), StringComparison.Ordinal);
        }

        using var other = await Portal.SignInAsync("owner@rival.example");
        Assert.Equal(foreign.Feed.Id, Assert.Single((await GetAsync(other)).GetProperty("feeds").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Get_AfterBodiesOfAnotherKind_CountsThemByReasonWithMaskedSamples()
    {
        var vendor = await Portal.AddVendorAsync("mistaken", "owner@mistaken.example");
        using var json = await FeedClient.AddAsync(Portal, FeedKind.Distribution, vendor);
        using var lines = await FeedClient.AddAsync(Portal, FeedKind.Ndjson, vendor);
        using var header = await FeedClient.AddAsync(Portal, FeedKind.DvpCsv, vendor);
        (FeedClient Feed, string Body, string? Type, string? Encoding, string Reason, string? Sample)[] cases =
        [
            (json, "password=hunter2 and more", FeedClient.Events, null, "The body is not JSON.", "password=*** and more"),
            (json, "password=other and more", FeedClient.Events, null, "The body is not JSON.", "password=*** and more"),
            (json, "{\"token\":\"hunter2\"}", FeedClient.Events, null, "The body is no notification envelope: an object with an array \"events\" is expected.", "{\"token\":\"***\"}"),
            (json, "plain", FeedClient.Events, "gzip", "The body is not gzip, as Content-Encoding says.", null),
            (lines, "secret: hunter2\nother", "application/x-ndjson", null, "None of the first lines is of the feed's format: the line is not JSON.", "secret: ***"),
            (header, "a,b,c\n1,2,3", "text/csv", null, "The first line is not the header of Docker Hub's raw data; missing: timestamp, repository, action, reference.", "a,b,c·1,2,3"),
        ];
        foreach (var (feed, body, type, encoding, _, _) in cases)
            Assert.Equal(HttpStatusCode.BadRequest, (await feed.PostAsync(Encoding.UTF8.GetBytes(body), type, encoding)).Status);
        using var owner = await Portal.SignInAsync("owner@mistaken.example");
        var expected = cases.GroupBy(c => (c.Feed.Feed.Id, c.Reason)).Select(g => $"{g.Key} {g.Count()} {string.Join(" | ", g.Select(c => c.Sample).OfType<string>().Distinct())}").Order(StringComparer.Ordinal).ToList();

        // The answer does not wait for the count.
        await Eventually.TrueAsync(async () => (await TellAsync()).SequenceEqual(expected), string.Join('\n', expected));

        async Task<List<string>> TellAsync() =>
        [
            .. (from feed in (await GetAsync(owner)).GetProperty("feeds").EnumerateArray()
               from reason in feed.GetProperty("rejectedByReason").EnumerateArray()
               let key = (feed.GetProperty("id").GetString()!, reason.GetProperty("reason").GetString()!)
               let samples = string.Join(" | ", reason.GetProperty("samples").EnumerateArray().Select(s => s.GetString()))
               select $"{key} {reason.GetProperty("count").GetInt64()} {samples}").Order(StringComparer.Ordinal),
        ];
    }

    [Fact]
    public async Task Get_WithoutSignIn_Is401WithAProblem()
    {
        using var client = Portal.Client();

        using var answer = await client.GetAsync(new Uri(Path, UriKind.Relative));

        Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Document_DescribesIt()
    {
        using var client = await Portal.ApiClientAsync();

        var paths = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json")).RootElement.GetProperty("paths");

        Assert.Equal("GetIngestHealth", paths.GetProperty(Path).GetProperty("get").GetProperty("operationId").GetString());
    }
}
