using System.Globalization;
using System.Text.Json;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Analytics;

/// <summary>A week known by heart, through the whole portal into each report and each series.</summary>
public sealed class GoldenWeekTests(GoldenWeek week) : IClassFixture<GoldenWeek>
{
    private const string Api = "/api/publisher/analytics/v1";

    public static TheoryData<string, string> Reports => new()
    {
        {
            "raw",
            $"""
            timestamp,namespace,repository,reference,digest,tag,action_day,http_method,action,type,host,country,user_agent_tool,user_agent_version,domain,owner
            2026-05-04 00:00:00,acme,app,1.0,{GoldenWeek.A},1.0,2026-05-04,GET,pull_by_tag,null,,DE,containerd,1.7.1,"'=Initech",acme
            2026-05-05 10:00:00,acme,app,1.0,{GoldenWeek.A},1.0,2026-05-05,HEAD,pull_by_tag,null,,DE,containerd,1.7.1,"'=Initech",acme
            2026-05-06 12:00:00,acme,app,latest,{GoldenWeek.B},latest,2026-05-06,HEAD,version_check,hosting,aws,,curl,8.4.0,,acme
            2026-05-07 09:00:00,acme,app,{GoldenWeek.B},{GoldenWeek.B},,2026-05-07,GET,pull_by_digest,hosting,aws,,curl,8.4.0,,acme
            2026-05-08 09:30:00,acme,charts/db,2.0,{GoldenWeek.C},2.0,2026-05-08,GET,pull_by_tag,null,,,helm,3.14.0,,acme
            2026-05-10 23:59:59,acme,app,1.0,{GoldenWeek.A},1.0,2026-05-10,GET,pull_by_tag,hosting,aws,,curl,8.4.0,,acme

            """
        },
        {
            "summary",
            $"""
            namespace,repository,reference,unique_ip_addresses,pulls_by_tag,pulls_by_digest,version_checks,owner
            acme,app,1.0,2,3,0,0,acme
            acme,app,latest,1,0,0,1,acme
            acme,app,{GoldenWeek.B},1,0,1,0,acme
            acme,charts/db,2.0,1,1,0,0,acme

            """
        },
        {
            "repo-summary",
            """
            namespace,repository,unique_ip_addresses,pulls_by_tag,pulls_by_digest,version_checks,owner
            acme,app,2,3,1,1,acme
            acme,charts/db,1,1,0,0,acme

            """
        },
        {
            "namespace-summary",
            """
            namespace,unique_ip_addresses,pulls_by_tag,pulls_by_digest,version_checks,owner
            acme,3,4,1,1,acme

            """
        },
        {
            "core-summary",
            $"""
            DATE_GRANULARITY,DATE_REFERENCE,PUBLISHER_NAME,LEVEL,REFERENCE,DATA_DOWNLOADS,VERSION_CHECKS,EVENT_COUNT
            week,2026-05-04,acme,repository,acme/app,4,1,5
            week,2026-05-04,acme,repository,acme/charts/db,1,0,1
            week,2026-05-04,acme,tag,acme/app:1.0,3,0,3
            week,2026-05-04,acme,tag,acme/app:latest,0,1,1
            week,2026-05-04,acme,digest,acme/app@{GoldenWeek.B},1,0,1
            week,2026-05-04,acme,tag,acme/charts/db:2.0,1,0,1

            """
        },
        {
            "core-trends",
            """
            DATE_GRANULARITY,DATE_REFERENCE,PUBLISHER_NAME,IMAGE_REPOSITORY,NAMESPACE,IP_COUNTRY,CLOUD_SERVICE_PROVIDER,USER_AGENT,TAG,DATA_DOWNLOADS,VERSION_CHECKS,PULLS,UNIQUE_AUTHENTICATED_USERS,UNIQUE_UNAUTHENTICATED_USERS
            week,2026-05-04,acme,acme/app,acme,,aws,curl,\\N,1,0,1,0,1
            week,2026-05-04,acme,acme/app,acme,,aws,curl,1.0,1,0,1,0,1
            week,2026-05-04,acme,acme/app,acme,,aws,curl,latest,0,1,1,0,1
            week,2026-05-04,acme,acme/app,acme,DE,no csp,containerd,1.0,2,0,2,1,0
            week,2026-05-04,acme,acme/charts/db,acme,,no csp,helm,2.0,1,0,1,1,0

            """
        },
    };

    [Theory]
    [MemberData(nameof(Reports))]
    public async Task Report_OfTheWeek_IsWhatIsKnownOfIt(string view, string expected)
    {
        using var client = await week.Portal.ApiClientAsync();
        var data = (await GetAsync(client, $"{Api}/namespaces/acme/pulls/exports/years/2026/weeks/19/{view}")).GetProperty("data");
        var file = Assert.Single(data.EnumerateArray());

        using var nobody = week.Portal.Client();
        var text = await nobody.GetStringAsync(file.GetProperty("url").GetString());

        Assert.Equal(expected.ReplaceLineEndings("\r\n"), text);
        Assert.Equal(text.Length, file.GetProperty("size").GetInt64());
        Assert.DoesNotContain("203.0.113", text, StringComparison.Ordinal);
    }

    // May goes on: what is known of it so far, with the days before the week and after it.
    [Theory]
    [InlineData("summary", "acme|app|1.0|3|5|0|0|acme; acme|app|latest|1|0|0|1|acme; acme|app|B|1|0|1|0|acme; acme|charts/db|2.0|1|1|0|0|acme")]
    [InlineData("repo-summary", "acme|app|3|5|1|1|acme; acme|charts/db|1|1|0|0|acme")]
    [InlineData("namespace-summary", "acme|4|6|1|1|acme")]
    public async Task Report_OfTheMonthSoFar_IsWhatIsKnownOfIt(string view, string expected)
    {
        using var client = await week.Portal.ApiClientAsync();

        var rows = CsvText.Parse(await client.GetStringAsync($"{Api}/namespaces/acme/pulls/exports/years/2026/months/5/{view}/files/1"));

        Assert.Equal(expected.Replace("|B|", $"|{GoldenWeek.B}|", StringComparison.Ordinal), string.Join("; ", rows.Skip(1).Select(row => string.Join('|', row))));
    }

    [Theory]
    [InlineData("repo", "2026-04-27 2026-05-03 app  1 1; 2026-05-04 2026-05-10 app  4 2; 2026-05-04 2026-05-10 charts/db  1 1; 2026-05-11 2026-05-17 app  1 1")]
    [InlineData("namespace", "2026-04-27 2026-05-03   1 1; 2026-05-04 2026-05-10   5 3; 2026-05-11 2026-05-17   1 1")]
    [InlineData("country", "2026-04-27 2026-05-03  DE 1 1; 2026-05-04 2026-05-10   3 2; 2026-05-04 2026-05-10  DE 2 1; 2026-05-11 2026-05-17  DE 1 1")]
    public async Task Series_OfTheNamespace_IsWhatIsKnownOfIt(string group, string expected)
    {
        using var client = await week.Portal.ApiClientAsync();
        var pulls = (await GetAsync(client, $"{Api}/namespaces/acme/pulls?group={group}")).GetProperty("pulls");

        Assert.Equal(expected, string.Join("; ", pulls.EnumerateArray().Select(p => string.Join(
            ' ', Day(p, "start"), Day(p, "end"), p.GetProperty("repo").GetString(), p.GetProperty("country").GetString(), p.GetProperty("pullCount").GetInt64(), p.GetProperty("ipCount").GetInt64()))));
        Assert.All(pulls.EnumerateArray(), p => Assert.Equal("acme", p.GetProperty("namespace").GetString()));
    }

    [Fact]
    public async Task PageCountSeriesAndFiles_OfTheWeek_TellTheSameNumbers()
    {
        using var client = await week.Portal.ApiClientAsync();
        var count = await GetAsync(client, "/api/v1/artifact-pulls/count?artifact=acme/app&artifact=acme/charts/db&from=2026-05-04&to=2026-05-10&not-kind=denied");
        var total = CsvText.Parse(await FileAsync(client, "namespace-summary"))[1];
        var raw = CsvText.Parse(await FileAsync(client, "raw"));
        var series = (await GetAsync(client, $"{Api}/namespaces/acme/pulls?group=namespace")).GetProperty("pulls").EnumerateArray().Single(p => Day(p, "start") == "2026-05-04");

        var kinds = count.GetProperty("byKind");
        long Kind(string name) => kinds.GetProperty(name).GetInt64();
        Assert.Equal([count.GetProperty("uniqueAddresses").GetInt64(), Kind("pull_by_tag"), Kind("pull_by_digest"), Kind("version_check")], total.Skip(1).Take(4).Select(c => long.Parse(c, CultureInfo.InvariantCulture)));
        Assert.Equal(count.GetProperty("count").GetInt64(), raw.Count - 1);
        Assert.Equal(Kind("pull_by_tag") + Kind("pull_by_digest"), series.GetProperty("pullCount").GetInt64());
    }

    private static async Task<string> FileAsync(HttpClient client, string view) => await client.GetStringAsync($"{Api}/namespaces/acme/pulls/exports/years/2026/weeks/19/{view}/files/1");

    private static string Day(JsonElement pull, string name)
    {
        var text = pull.GetProperty(name).GetString()!;
        Assert.EndsWith("T00:00:00Z", text, StringComparison.Ordinal);
        return text[..10];
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }
}
