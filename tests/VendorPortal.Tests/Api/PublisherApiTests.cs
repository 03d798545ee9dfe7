using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Api;

/// <summary>Each route of the DVP Data API: its shape, its codes, its defaults.</summary>
public sealed class PublisherApiTests : IAsyncLifetime
{
    private const string Api = "/api/publisher/analytics/v1";
    private const string Exports = Api + "/namespaces/acme/pulls/exports/years";

    private readonly TestStore store = new();
    private ApiHost api = null!; // on Sunday, 17 May 2026

    public async Task InitializeAsync()
    {
        await store.AddVendorAsync();
        await store.AddVendorAsync();
        var log = new LogBuilder(store);
        log.Add(
        [
            Pull("2026-02-16T10:00:00Z"), Pull("2026-02-23T10:00:00Z"), Pull("2026-04-30T10:00:00Z"), Pull("2026-05-06T10:00:00Z"), Pull("2026-05-12T10:00:00Z"), Pull("2025-05-06T10:00:00Z"),
            Pull("2025-12-30T10:00:00Z"), Pull("2026-05-06T10:00:00Z") with { Artifact = "acme/charts/db" }, Pull("2026-05-06T11:00:00Z") with { Artifact = "alone" },
            Pull("2026-05-06T10:00:00Z") with { Vendor = 2, Artifact = "rival/box" },
        ]);
        api = await ApiHost.StartAsync(store);
    }

    public async Task DisposeAsync()
    {
        await api.DisposeAsync();
        store.Dispose();
    }

    [Fact]
    public async Task Namespaces_AreThoseWithData()
    {
        Assert.Equal("""{"namespaces":["-","acme"]}""", await TextAsync(Api));
        Assert.Equal("""{"namespaces":["rival"]}""", await TextAsync(Api, vendor: 2));
        const string Acme = """{"namespace":"acme","extraRepos":[],"datasets":[{"name":"pulls","views":["raw","summary","repo-summary","namespace-summary"],"timespans":["months","weeks"]}]}""";
        Assert.Equal(Acme, await TextAsync(Api + "/namespaces/acme"));
        Assert.Contains(Acme, await TextAsync(Api + "/namespaces"), StringComparison.Ordinal);
        Assert.Equal("""[{"namespace":"rival","extraRepos":[],"datasets":[{"name":"pulls","views":["raw","summary","repo-summary","namespace-summary"],"timespans":["weeks"]}]}]""", await TextAsync(Api + "/namespaces", vendor: 2));
    }

    [Fact]
    public async Task Series_WithoutParameters_IsWeeklyByRepositoryOverThreeMonths()
    {
        // 16 February is more than three months ago; the week of 11 May is not over.
        Assert.Equal(
            """
            {"pulls":[{"start":"2026-02-23T00:00:00Z","end":"2026-03-01T00:00:00Z","repo":"app","namespace":"acme","pullCount":1,"ipCount":1,"country":""},
            {"start":"2026-04-27T00:00:00Z","end":"2026-05-03T00:00:00Z","repo":"app","namespace":"acme","pullCount":1,"ipCount":1,"country":""},
            {"start":"2026-05-04T00:00:00Z","end":"2026-05-10T00:00:00Z","repo":"app","namespace":"acme","pullCount":1,"ipCount":1,"country":""},
            {"start":"2026-05-04T00:00:00Z","end":"2026-05-10T00:00:00Z","repo":"charts/db","namespace":"acme","pullCount":1,"ipCount":1,"country":""}]}
            """.ReplaceLineEndings(""),
            await TextAsync(Api + "/namespaces/acme/pulls"));
    }

    [Theory]
    [InlineData("last-2-months", 1)]
    [InlineData("last-3-months", 2)]
    [InlineData("last-6-months", 3)]
    [InlineData("last-12-months", 4)]
    public async Task Series_ByMonth_GoesBackAsFarAsAsked(string period, int months)
    {
        var pulls = (await api.GetJsonAsync($"{Api}/namespaces/acme/repos/app/pulls?timespan=months&period={period}")).GetProperty("pulls");

        Assert.Equal(months, pulls.GetArrayLength());
        Assert.Equal(("2026-04-01T00:00:00Z", "2026-04-30T00:00:00Z"), (pulls[months - 1].GetProperty("start").GetString(), pulls[months - 1].GetProperty("end").GetString()));
    }

    [Theory]
    [InlineData("/namespaces/acme/repos/charts%2Fdb/pulls", "charts/db")]
    [InlineData("/namespaces/acme/repos/charts/db/pulls", "charts/db")]
    [InlineData("/namespaces/-/repos/alone/pulls", "alone")]
    public async Task Series_OfARepository_TakesEveryNameThereIs(string path, string repo) =>
        Assert.Equal(repo, Assert.Single((await api.GetJsonAsync(Api + path)).GetProperty("pulls").EnumerateArray()).GetProperty("repo").GetString());

    [Theory]
    [InlineData("repos=acme/app&repos=alone")]
    [InlineData("repos=acme/app,alone")]
    public async Task Series_OfSeveralRepositories_IsAMapByName(string query)
    {
        var repos = (await api.GetJsonAsync($"{Api}/repos/pulls?{query}&group=namespace")).GetProperty("repos");

        Assert.Equal(["acme/app", "alone"], repos.EnumerateObject().Select(p => p.Name));
        Assert.Equal(3, repos.GetProperty("acme/app").GetProperty("pulls").GetArrayLength());
    }

    [Fact]
    public async Task Exports_FromYearsToFiles()
    {
        // 30 December 2025 lies in week 1 of 2026: the years of weeks and months together.
        Assert.Equal("""{"years":[{"year":2025},{"year":2026}]}""", await TextAsync(Exports));
        Assert.Equal("""{"weeks":[{"week":1},{"week":8},{"week":9},{"week":18},{"week":19}]}""", await TextAsync(Exports + "/2026/weeks"));
        Assert.Equal("""{"weeks":[{"week":19}]}""", await TextAsync(Exports + "/2025/weeks"));
        Assert.Equal("""{"months":[{"month":5},{"month":12}]}""", await TextAsync(Exports + "/2025/months"));
        Assert.Equal("""{"months":[]}""", await TextAsync(Exports + "/2024/months"));
        Assert.Equal("""{"week":1}""", await TextAsync(Exports + "/2026/weeks/1"));
        Assert.Equal("""{"month":4}""", await TextAsync(Exports + "/2026/months/4"));
        foreach (var view in new[] { "raw", "summary", "repo-summary", "namespace-summary", "core-summary", "core-trends" })
        {
            var file = Assert.Single((await api.GetJsonAsync($"{Exports}/2026/weeks/19/{view}")).GetProperty("data").EnumerateArray());
            Assert.Equal(["url", "size", "rows", "sha256", "revision", "produced", "ruleset"], file.EnumerateObject().Select(p => p.Name));
            var text = await TextAsync(new Uri(file.GetProperty("url").GetString()!).PathAndQuery, vendor: null);
            Assert.Equal(file.GetProperty("size").GetInt64(), text.Length);
        }
    }

    [Fact]
    public async Task File_OfTheWeekThatGoesOn_IsInNoListButCanBeHad()
    {
        using var client = api.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(Exports + "/2026/weeks/20")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(Exports + "/2026/weeks/20/raw")).StatusCode);
        using var file = await client.GetAsync(Exports + "/2026/weeks/20/raw/files/1");
        Assert.Equal(2, CsvText.Parse(await file.Content.ReadAsStringAsync()).Count);
        Assert.Equal("acme_2026-W20_raw_incomplete.csv", file.Content.Headers.ContentDisposition?.FileName);
    }

    [Theory]
    [InlineData("/namespaces/acme/pulls?timespan=days", "timespan", "weeks or months")]
    [InlineData("/namespaces/acme/pulls?period=last-week", "period", "last-2-months or last-3-months or last-6-months or last-12-months")]
    [InlineData("/namespaces/acme/pulls?group=tag", "group", "repo or namespace or country")]
    [InlineData("/repos/pulls", "repos", "1 to 50 names")]
    [InlineData("/namespaces/acme/pulls/exports/years/2026/days", "timespantype", "months or weeks")]
    [InlineData("/namespaces/acme/pulls/exports/years/now/weeks", "year", "a whole number")]
    [InlineData("/namespaces/acme/pulls/exports/years/2026/weeks/x", "timespan", "a whole number")]
    [InlineData("/namespaces/acme/pulls/exports/years/2026/weeks/19/all", "dataview", "raw or summary or repo-summary or namespace-summary")]
    public async Task Parameter_ThatCannotBeUsed_Is400AndNamed(string path, string parameter, string accepted)
    {
        using var client = api.Client();
        using var answer = await client.GetAsync(Api + path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains(accepted, problem.GetProperty("errors").GetProperty(parameter)[0].GetString(), StringComparison.Ordinal);
        Assert.Contains(accepted, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repositories_MoreThanFifty_Is400()
    {
        using var client = api.Client();
        var fifty = string.Join('&', Enumerable.Range(0, 50).Select(i => $"repos=acme/r{i}"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{Api}/repos/pulls?{fifty}")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"{Api}/repos/pulls?{fifty}&repos=acme/app")).StatusCode);
    }

    [Theory]
    [InlineData("/namespaces/rival")]
    [InlineData("/namespaces/rival/pulls")]
    [InlineData("/namespaces/acm/pulls")]
    [InlineData("/namespaces/rival/repos/box/pulls")]
    [InlineData("/namespaces/acme/repos/box/pulls")]
    [InlineData("/namespaces/acme/repos/app")]
    [InlineData("/repos/pulls?repos=acme/app&repos=rival/box")]
    [InlineData("/namespaces/rival/pulls/exports/years")]
    [InlineData("/namespaces/rival/pulls/exports/years/2026/weeks")]
    [InlineData("/namespaces/rival/pulls/exports/years/2026/weeks/19")]
    [InlineData("/namespaces/rival/pulls/exports/years/2026/weeks/19/raw")]
    [InlineData("/namespaces/rival/pulls/exports/years/2026/weeks/19/raw/files/1")]
    [InlineData("/namespaces/acme/pulls/exports/years/2026/weeks/10")]
    [InlineData("/namespaces/acme/pulls/exports/years/2026/weeks/54")]
    [InlineData("/namespaces/acme/pulls/exports/years/2026/weeks/19/raw/files/2")]
    public async Task WhatIsMissingOrOfOthers_Is404WithOneBody(string path)
    {
        using var client = api.Client();
        using var answer = await client.GetAsync(Api + path);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("There is no such namespace, repository or report, or you may not see it.", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task EveryRoute_WithoutSignIn_Is401()
    {
        using var nobody = api.Client(vendor: null);
        foreach (var path in new[] { "", "/namespaces", "/namespaces/acme", "/namespaces/acme/pulls", "/namespaces/acme/repos/app/pulls", "/repos/pulls?repos=acme/app", "/namespaces/acme/pulls/exports/years/2026/weeks/19/raw/files/1" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(Api + path)).StatusCode);
    }

    [Fact]
    public async Task OpenApi_TellsOfEveryRoute()
    {
        var paths = (await api.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");
        foreach (var path in new[]
        {
            "/v2/users/login", "/v2/users/2fa-login", Api, Api + "/namespaces", Api + "/namespaces/{namespace}", Api + "/namespaces/{namespace}/pulls", Api + "/namespaces/{namespace}/repos/{repo}/pulls",
            Api + "/repos/pulls", Api + "/namespaces/{namespace}/pulls/exports/years", Api + "/namespaces/{namespace}/pulls/exports/years/{year}/{timespantype}",
            Api + "/namespaces/{namespace}/pulls/exports/years/{year}/{timespantype}/{timespan}", Api + "/namespaces/{namespace}/pulls/exports/years/{year}/{timespantype}/{timespan}/{dataview}",
        })
            Assert.True(paths.TryGetProperty(path, out _) || paths.TryGetProperty(path + "/", out _), path);
        Assert.True(paths.GetProperty("/v2/users/login").GetProperty("post").TryGetProperty("requestBody", out _));
        var parameters = paths.GetProperty(Api + "/namespaces/{namespace}/pulls/exports/years/{year}/{timespantype}/{timespan}/{dataview}/files/{part}").GetProperty("get").GetProperty("parameters")
            .EnumerateArray().ToDictionary(p => p.GetProperty("name").GetString()!, p => p.GetProperty("schema"));
        Assert.All(["year", "timespan", "part", "revision"], name => Assert.Equal("integer", parameters[name].GetProperty("type").GetString()));
        Assert.Equal(["months", "weeks"], parameters["timespantype"].GetProperty("enum").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal(6, parameters["dataview"].GetProperty("enum").GetArrayLength());
    }

    private static LoggedPull Pull(string at) => new()
    {
        At = DateTime.Parse(at, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal), Address = "203.0.113.7",
    };

    private async Task<string> TextAsync(string path, int? vendor = 1)
    {
        using var client = api.Client(vendor);
        using var answer = await client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text;
    }
}
