using System.Net;
using System.Text.Json;
using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Api;

/// <summary>The download breakdown over HTTP: byte for byte, by its schema, and against the log.</summary>
public sealed class DownloadBreakdownApiTests : IAsyncLifetime
{
    private const string Path = "/api/v1/publisher-analytics/download-breakdown";

    private readonly TestStore store = new();
    private readonly LogBuilder log;
    private ApiHost host = null!;

    public DownloadBreakdownApiTests() => log = new LogBuilder(store);

    public async Task InitializeAsync() => host = await ApiHost.StartAsync(store);

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        store.Dispose();
    }

    [Fact]
    public async Task Json_OfAKnownLog_IsThisText()
    {
        await AddKnownAsync();
        Assert.Equal(
            """[{"repoType":"container","repoName":"acme/app","totalDownloads":3,"records":[{"timestamp":"2026-04-30T00:00:00.000Z","downloads":2},{"timestamp":"2026-05-02T00:00:00.000Z","downloads":1}]},""" +
            """{"repoType":"helm","repoName":"acme/charts/app","totalDownloads":1,"records":[{"timestamp":"2026-05-02T00:00:00.000Z","downloads":1}]},""" +
            """{"repoType":"container","repoName":"acme/idle","totalDownloads":0,"records":[]}]""",
            await ReadAsync(""));
        Assert.Equal(await ReadAsync(""), await ReadAsync("?format=json"));
    }

    [Fact]
    public async Task Csv_OfAKnownLog_IsThisText()
    {
        await AddKnownAsync();
        Assert.Equal(
            "repoType,repoName,total,timestamp,downloads\r\n" +
            "container,acme/app,3,2026-04-30T00:00:00.000Z,2\r\n" +
            "container,acme/app,3,2026-05-02T00:00:00.000Z,1\r\n" +
            "helm,acme/charts/app,1,2026-05-02T00:00:00.000Z,1\r\n" +
            "container,acme/idle,0,,\r\n",
            await ReadAsync("?format=csv"));
    }

    [Fact]
    public async Task Range_BothEnds_AreIncluded()
    {
        await AddKnownAsync();
        Assert.Equal(
            """[{"repoType":"container","repoName":"acme/app","totalDownloads":2,"records":[{"timestamp":"2026-04-30T00:00:00.000Z","downloads":2}]},""" +
            """{"repoType":"helm","repoName":"acme/charts/app","totalDownloads":0,"records":[]},{"repoType":"container","repoName":"acme/idle","totalDownloads":0,"records":[]}]""",
            await ReadAsync("?from=2026-04-30&to=2026-05-01"));
    }

    [Fact]
    public async Task Json_OfRandomPulls_IsOfTheSchemaAndCountsTheLog()
    {
        log.Add(RandomLogs.Pulls(400, seed: 7));
        using var schema = JsonDocument.Parse(await File.ReadAllTextAsync(System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "overview", "download-breakdown.schema.json")));
        var json = await host.GetJsonAsync(Path);
        Assert.Empty(JsonShape.Problems(schema.RootElement, json));

        var downloads = RandomLogs.Scan(log.Pulls, 1, new PullFilter { Kinds = ["pull_by_tag", "pull_by_digest"] });
        var expected = log.Pulls.Where(pull => pull.Vendor == 1).Select(pull => pull.Artifact).Distinct().Order(StringComparer.Ordinal).Select(name => (
            name, string.Join(' ', downloads.Where(pull => pull.Artifact == name).GroupBy(pull => pull.At.Date).OrderBy(day => day.Key).Select(day => $"{day.Key:yyyy-MM-dd}T00:00:00.000Z={day.Count()}"))));
        Assert.Equal(expected, json.EnumerateArray().Select(repository => (
            repository.GetProperty("repoName").GetString()!,
            string.Join(' ', repository.GetProperty("records").EnumerateArray().Select(record => $"{record.GetProperty("timestamp").GetString()}={record.GetProperty("downloads").GetInt64()}")))));
        Assert.All(json.EnumerateArray(), repository =>
            Assert.Equal(repository.GetProperty("records").EnumerateArray().Sum(record => record.GetProperty("downloads").GetInt64()), repository.GetProperty("totalDownloads").GetInt64()));
        var count = await host.GetJsonAsync("/api/v1/artifact-pulls/count?kind=pull_by_tag&kind=pull_by_digest");
        Assert.Equal(count.GetProperty("count").GetInt64(), json.EnumerateArray().Sum(repository => repository.GetProperty("totalDownloads").GetInt64()));
    }

    [Theory]
    [InlineData("""[{"repoType":"image","repoName":"a","totalDownloads":0,"records":[]}]""")]
    [InlineData("""[{"repoType":"helm","repoName":"a","totalDownloads":1,"records":[{"timestamp":"2026-05-02T00:00:00Z","downloads":1}]}]""")]
    [InlineData("""[{"repoType":"helm","repoName":"a","records":[]}]""")]
    public async Task Schema_WhatIsNotOfIt_IsRefused(string json)
    {
        using var schema = JsonDocument.Parse(await File.ReadAllTextAsync(System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "overview", "download-breakdown.schema.json")));
        using var value = JsonDocument.Parse(json);
        Assert.NotEmpty(JsonShape.Problems(schema.RootElement, value.RootElement));
    }

    [Theory]
    [InlineData("?format=xml", "format", "json or csv")]
    [InlineData("?from=yesterday", "from", "2026-05-01")]
    [InlineData("?to=2026-02-30", "to", "2026-05-01")]
    [InlineData("?from=2026-05-02&to=2026-05-01", "from", "not after to")]
    public async Task Parameter_ThatCannotBeUsed_IsAProblemThatNamesItAndNotNoted(string query, string parameter, string accepted)
    {
        using var client = host.Client();
        using var response = await client.GetAsync(Path + query);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Contains(accepted, problem.GetProperty("errors").GetProperty(parameter)[0].GetString(), StringComparison.Ordinal);
        Assert.Empty(await host.Exports.ReadAsync(1, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Export_IsNotedWithItsReaderAndNamedByTheDay()
    {
        await AddKnownAsync();
        using var client = host.Client(1, member: 7);
        using var response = await client.GetAsync($"{Path}?format=csv&from=2026-05-01");
        var file = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(("text/csv", "2026-05-17_download_breakdown.csv"), (response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentDisposition?.FileName));
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var record = Assert.Single(await host.Exports.ReadAsync(1, 10, CancellationToken.None));
        Assert.Equal(
            (7, "member7@acme.example", "breakdown.csv", 3L, (long)file.Length, ExportResult.Complete, "from=2026-05-01&kind=pull_by_digest&kind=pull_by_tag"),
            (record.MemberId, record.Who, record.Format, record.Rows, record.Bytes, record.Result, record.Query));
    }

    [Fact]
    public async Task Vendor_SeesItsOwnAlone_AndNobodyWithoutASignIn()
    {
        await AddKnownAsync();
        log.Add(new LoggedPull { Vendor = 2, Artifact = "globex/app" });
        Assert.Equal(["globex/app"], (await host.GetJsonAsync($"{Path}?vendor=1", vendor: 2)).EnumerateArray().Select(repository => repository.GetProperty("repoName").GetString()));
        using var nobody = host.Client(vendor: null);
        using var response = await nobody.GetAsync(Path);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Name_ThatASpreadsheetWouldRun_IsGuardedInTheCsv()
    {
        log.Add(new LoggedPull { Artifact = "=cmd/a,b" });
        Assert.Equal("container,\"'=cmd/a,b\",1,2026-05-01T00:00:00.000Z,1", (await ReadAsync("?format=csv")).Split("\r\n")[1]);
    }

    // Checks, denied tries and publishers' own pulls are no downloads.
    private async Task AddKnownAsync()
    {
        var may = new DateTime(2026, 5, 2, 0, 0, 0, DateTimeKind.Utc);
        log.Add(
        [
            new LoggedPull { At = may }, new LoggedPull { At = may.AddDays(-2).AddHours(23), Kind = PullKind.PullByDigest }, new LoggedPull { At = may.AddDays(-2) },
            new LoggedPull { At = may, Artifact = "acme/charts/app" },
            new LoggedPull { At = may, Artifact = "acme/idle", Kind = PullKind.VersionCheck }, new LoggedPull { At = may, Artifact = "acme/idle", Kind = PullKind.Denied, Status = 403 },
            new LoggedPull { At = may, Artifact = "acme/idle", Publisher = true },
        ]);
        await using var context = store.Contexts.ForVendor(1);
        context.Artifacts.Single(a => a.Name == "acme/charts/app").ToldKinds = Artifact.BitOf(ArtifactKind.Helm);
        await context.SaveChangesAsync();
    }

    private async Task<string> ReadAsync(string query)
    {
        using var client = host.Client();
        using var response = await client.GetAsync(Path + query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
