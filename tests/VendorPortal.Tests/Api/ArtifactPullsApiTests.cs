using System.Net;
using System.Text.Json;
using VendorPortal.Classification;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Api;

public sealed class ArtifactPullsApiTests : IAsyncLifetime
{
    private const string Base = "/api/v1/artifact-pulls";

    private readonly TestStore store = new();
    private readonly LogBuilder log;
    private ApiHost host = null!;

    public ArtifactPullsApiTests() => log = new LogBuilder(store);

    public async Task InitializeAsync() => host = await ApiHost.StartAsync(store);

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        store.Dispose();
    }

    [Theory]
    [InlineData(Base)]
    [InlineData(Base + "/count")]
    [InlineData(Base + "/filter-options")]
    [InlineData(Base + "/filter-options/versions?artifact=acme/app")]
    [InlineData(Base + "/export")]
    [InlineData(Base + "/1")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/openapi/v1.json")]
    public async Task AnyRoute_NotSignedIn_Is401(string path)
    {
        using var client = host.Client(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task List_Item_HasExactlyTheNamesOfTheContract()
    {
        var pull = log.Add(new LoggedPull { At = new DateTime(2026, 5, 1, 10, 0, 0, 123, DateTimeKind.Utc), User = "alice" });
        var body = await host.GetJsonAsync(Base);
        Assert.Equal(["items", "nextCursor"], body.EnumerateObject().Select(property => property.Name));
        var item = Assert.Single(body.GetProperty("items").EnumerateArray());
        Assert.Equal(
            ["id", "at", "kind", "customer", "user", "email", "address", "artifact", "version", "tag", "digest", "client", "clientVersion", "country", "host", "networkType", "requests"],
            item.EnumerateObject().Select(property => property.Name));
        Assert.Equal($"{pull.Id}", item.GetProperty("id").GetString());
        Assert.Equal("2026-05-01T10:00:00.123Z", item.GetProperty("at").GetString());
        Assert.Equal("pull_by_tag", item.GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("customer").ValueKind);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("nextCursor").ValueKind);
    }

    [Fact]
    public async Task List_WithoutLimit_GivesFiftyAndACursor()
    {
        log.Add(Enumerable.Range(0, 51).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i) }));
        var first = await host.GetJsonAsync(Base);
        Assert.Equal(50, first.GetProperty("items").GetArrayLength());
        var second = await host.GetJsonAsync($"{Base}?cursor={first.GetProperty("nextCursor").GetString()}");
        Assert.Equal(1, second.GetProperty("items").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("nextCursor").ValueKind);
    }

    [Theory]
    [InlineData("?limit=0", "limit", "from 1 to 1000")]
    [InlineData("?limit=1001", "limit", "from 1 to 1000")]
    [InlineData("?limit=ten", "limit", "from 1 to 1000")]
    [InlineData("?limit=-1", "limit", "from 1 to 1000")]
    [InlineData("?cursor=abc", "cursor", "nextCursor")]
    [InlineData("?cursor=AAAAAAAAAAAAAAAAAAAAAA", "cursor", "nextCursor")]
    [InlineData("?cursor=%00%ff%F0%9F%9A%80", "cursor", "nextCursor")]
    [InlineData("?from=2026-05-02&to=2026-05-01", "from", "earlier than to")]
    [InlineData("?from=soon", "from", "RFC 3339")]
    [InlineData("?kind=pull", "kind", "version_check")]
    [InlineData("?period=7d", "period", "from and to")]
    [InlineData("?address=unix:", "address", "CIDR")]
    [InlineData("/count?to=x", "to", "RFC 3339")]
    [InlineData("/filter-options?limit=0", "limit", "from 1 to 1000")]
    [InlineData("/filter-options/versions", "artifact", "acme/app")]
    [InlineData("/export?format=xlsx", "format", "csv or ndjson")]
    [InlineData("/export?columns=some", "columns", "all")]
    [InlineData("/export?raw=1", "raw", "true or false")]
    [InlineData("/export?zone=Nowhere", "zone", "IANA")]
    public async Task AnyRoute_ParameterThatCannotBeUsed_IsAProblemNamingItAndTheAcceptedForm(string query, string parameter, string accepted)
    {
        using var client = host.Client();
        using var response = await client.GetAsync(Base + query);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.Contains(parameter, problem.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.Contains(accepted, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains(accepted, problem.GetProperty("errors").GetProperty(parameter)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_CursorOfAnotherVendor_IsRefused()
    {
        log.Add(Enumerable.Range(0, 3).Select(i => new LoggedPull { Vendor = 2, At = RandomLogs.Start.AddSeconds(i) }));
        var cursor = (await host.GetJsonAsync($"{Base}?limit=1", vendor: 2)).GetProperty("nextCursor").GetString();
        using var client = host.Client(1);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"{Base}?cursor={cursor}")).StatusCode);
    }

    [Fact]
    public async Task List_UnknownArtifact_KeepsNothing()
    {
        log.Add(new LoggedPull());
        Assert.Equal(0, (await host.GetJsonAsync($"{Base}?artifact=acme/none")).GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await host.GetJsonAsync($"{Base}/count?artifact=acme/none")).GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task EveryRoute_OfAnotherVendor_ShowsNothing()
    {
        var foreign = log.Add(new LoggedPull { Vendor = 2, Customer = "Secret Customer", User = "secret", Address = "198.51.100.99", Artifact = "secret/app", Version = "9.9.9-secret" });
        log.Add(new LoggedPull { Vendor = 1, Customer = "Globex", User = "alice", Address = "203.0.113.7" });
        using var client = host.Client(1);
        string[] paths =
        [
            "", "/count", "/filter-options", "/filter-options/versions?artifact=secret/app", "/export", "/export?format=ndjson", $"/{foreign.Id}",
            "?publishers=include", "?customer=Secret%20Customer", "?user=secret", "?address=198.51.100.99", "?artifact=secret/app", "?version=9.9.9-secret",
            "/export?columns=all&customer=Secret%20Customer", "/count?address=198.51.100.0/24",
        ];
        foreach (var path in paths)
        {
            using var response = await client.GetAsync(Base + path);
            var body = await response.Content.ReadAsStringAsync();
            Assert.DoesNotContain("secret", body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("198.51.100.99", body, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await host.GetJsonAsync($"{Base}/count?address=198.51.100.0/24")).GetProperty("count").GetInt64());
        Assert.Equal(1, (await host.GetJsonAsync($"{Base}/count")).GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task Count_HasEveryKind()
    {
        log.Add([new LoggedPull { Address = "203.0.113.7" }, new LoggedPull { Kind = PullKind.VersionCheck, Address = "203.0.113.7" }]);
        Assert.Equal(
            """{"count":2,"uniqueAddresses":1,"byKind":{"pull_by_tag":1,"pull_by_digest":0,"version_check":1,"denied":0}}""",
            (await host.GetJsonAsync($"{Base}/count")).GetRawText());
    }

    [Fact]
    public async Task FilterOptions_AreKeyedByTheParameterThatTakesThem()
    {
        log.Add([new LoggedPull { Customer = "Globex" }, new LoggedPull()]);
        var body = await host.GetJsonAsync($"{Base}/filter-options?customer=Globex");
        Assert.Equal(["customer", "user", "address", "artifact", "kind", "client", "country", "host", "network-type"], body.EnumerateObject().Select(property => property.Name));
        Assert.Equal("""{"options":[{"value":"Globex","label":"Globex","count":1},{"value":"-","label":"Unknown","count":1}],"total":2}""", body.GetProperty("customer").GetRawText());
        Assert.Equal("""{"options":[{"value":"acme/app","label":"acme/app","count":1}],"total":1}""", body.GetProperty("artifact").GetRawText());
    }

    [Fact]
    public async Task Versions_OfAnArtifact_AreListed()
    {
        log.Add([new LoggedPull { Version = "1.9.0" }, new LoggedPull { Version = "1.10.0" }]);
        var body = await host.GetJsonAsync($"{Base}/filter-options/versions?artifact=acme/app");
        Assert.Equal(["1.10.0", "1.9.0"], body.GetProperty("options").EnumerateArray().Select(option => option.GetProperty("value").GetString()));
    }

    [Fact]
    public async Task Detail_HasRuleWordsAndRequests()
    {
        var pull = log.Add(new LoggedPull { Client = ("curl/8", "curl", "8"), Requests = 1, Rule = PullRule.GetTag });
        log.AddRequests(pull, (TimeSpan.Zero, RequestMethod.Get, "1.0", null, 200));
        var body = await host.GetJsonAsync($"{Base}/{pull.Id}");
        Assert.Equal("get_tag", body.GetProperty("rule").GetString());
        Assert.Equal("GET by tag and nothing after it within 5 s: one pull by tag.", body.GetProperty("explanation").GetString());
        Assert.Equal("curl/8", body.GetProperty("userAgent").GetString());
        var request = Assert.Single(body.GetProperty("registryRequests").EnumerateArray());
        Assert.Equal("GET", request.GetProperty("method").GetString());
        Assert.Equal("hub", request.GetProperty("feed").GetString());
        Assert.Equal($"{pull.Id}", body.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("abc")]
    [InlineData("-5")]
    [InlineData("99999999999999999999999")]
    public async Task Detail_NoSuchPull_Is404WithAProblem(string id)
    {
        using var client = host.Client();
        using var response = await client.GetAsync($"{Base}/{id}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("", "text/csv", "2026-05-17_artifact_pulls.csv")]
    [InlineData("?format=ndjson", "application/x-ndjson", "2026-05-17_artifact_pulls.ndjson")]
    public async Task Export_IsAnAttachmentThatNoCacheKeeps(string query, string type, string name)
    {
        using var client = host.Client();
        using var response = await client.GetAsync($"{Base}/export{query}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(name, response.Content.Headers.ContentDisposition?.FileName);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task UnknownRoute_IsAProblem()
    {
        using var client = host.Client();
        using var response = await client.GetAsync("/api/v1/artifact-pulses");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Document_DescribesEveryRouteAndItsParameters()
    {
        static bool IsOurs(string path) => path.StartsWith(Base, StringComparison.Ordinal) || path == "/api/v1/ingest-health";
        var document = await host.GetJsonAsync("/openapi/v1.json");
        var paths = document.GetProperty("paths");
        Assert.Equal(
            [Base, $"{Base}/count", $"{Base}/export", $"{Base}/filter-options", $"{Base}/filter-options/versions", $"{Base}/{{id}}", "/api/v1/ingest-health"],
            paths.EnumerateObject().Select(path => path.Name).Where(IsOurs).Order(StringComparer.Ordinal));
        foreach (var path in paths.EnumerateObject().Where(path => IsOurs(path.Name)))
            Assert.NotEmpty(path.Value.GetProperty("get").GetProperty("summary").GetString()!);
        var parameters = paths.GetProperty(Base).GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()).ToList();
        Assert.Equal(
            [
                "from", "to", "zone", "customer", "user", "address", "artifact", "version", "kind", "client", "country", "host", "network-type",
                "not-customer", "not-user", "not-address", "not-artifact", "not-version", "not-kind", "not-client", "not-country", "not-host", "not-network-type", "text", "publishers", "limit", "cursor",
            ],
            parameters);
        var export = paths.GetProperty($"{Base}/export").GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content");
        Assert.Equal(["text/csv", "application/x-ndjson", "application/json", "application/gzip"], export.EnumerateObject().Select(content => content.Name));
        Assert.True(document.GetProperty("components").GetProperty("securitySchemes").TryGetProperty("bearer", out _));
    }
}
