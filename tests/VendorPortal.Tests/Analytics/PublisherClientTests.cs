using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Analytics;

/// <summary>A script as it is written for Docker's DVP Data API: knows nothing but its paths and shapes.</summary>
public sealed class PublisherClientTests(GoldenWeek week) : IClassFixture<GoldenWeek>
{
    [Fact]
    public async Task Script_LogsInAndWalksFromYearsToFiles_GetsEveryFileOfEveryView()
    {
        using var hub = week.Portal.Client();
        var login = await hub.PostAsJsonAsync("v2/users/login", new { username = PortalHost.Email, password = PortalHost.Password });
        hub.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TextAsync(login, "token"));
        const string Base = "api/publisher/analytics/v1";

        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var ns in (await JsonAsync(hub, Base)).GetProperty("namespaces").EnumerateArray().Select(e => e.GetString()!))
        {
            var exports = $"{Base}/namespaces/{ns}/pulls/exports/years";
            foreach (var year in (await JsonAsync(hub, exports)).GetProperty("years").EnumerateArray().Select(e => e.GetProperty("year").GetInt32()))
            {
                foreach (var (type, one) in new[] { ("weeks", "week"), ("months", "month") })
                {
                    foreach (var timespan in (await JsonAsync(hub, $"{exports}/{year}/{type}")).GetProperty(type).EnumerateArray().Select(e => e.GetProperty(one).GetInt32()))
                    {
                        Assert.Equal(timespan, (await JsonAsync(hub, $"{exports}/{year}/{type}/{timespan}")).GetProperty(one).GetInt32());
                        foreach (var view in new[] { "raw", "summary", "repo-summary", "namespace-summary" })
                        {
                            foreach (var file in (await JsonAsync(hub, $"{exports}/{year}/{type}/{timespan}/{view}")).GetProperty("data").EnumerateArray())
                            {
                                using var plain = new HttpClient();
                                var bytes = await plain.GetByteArrayAsync(file.GetProperty("url").GetString());
                                Assert.Equal(file.GetProperty("size").GetInt64(), bytes.Length);
                                found.Add($"{ns} {year} {one} {timespan}: {view}");
                            }
                        }
                    }
                }
            }
        }

        string[] periods = ["acme 2026 week 18", "acme 2026 week 19", "acme 2026 week 20", "other 2026 week 19"];
        Assert.Equal(from p in periods from v in new[] { "namespace-summary", "raw", "repo-summary", "summary" } select $"{p}: {v}", found);
    }

    [Fact]
    public async Task Files_OfAnotherVendor_AreNotFoundLikeThoseThatDoNotExist()
    {
        using var rival = week.Portal.Client();
        using var login = await rival.PostAsJsonAsync("v2/users/login", new { username = "owner@rival.example", password = PortalHost.Password });
        rival.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TextAsync(login, "token"));
        Assert.Empty((await JsonAsync(rival, "api/publisher/analytics/v1")).GetProperty("namespaces").EnumerateArray());
        var bodies = new List<string>();
        foreach (var ns in new[] { "acme", "nobody" })
        {
            foreach (var path in new[]
            {
                "", "/pulls", "/repos/app/pulls", "/pulls/exports/years", "/pulls/exports/years/2026/weeks", "/pulls/exports/years/2026/weeks/19", "/pulls/exports/years/2026/weeks/19/raw",
                "/pulls/exports/years/2026/weeks/19/raw/files/1",
            })
            {
                using var answer = await rival.GetAsync($"api/publisher/analytics/v1/namespaces/{ns}{path}");
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                bodies.Add(await answer.Content.ReadAsStringAsync());
            }
        }

        Assert.Single(bodies.Select(WithoutTrace).Distinct());
    }

    [Fact]
    public async Task FileAddress_ChangedOrOfAnotherFile_IsRefused()
    {
        using var client = await week.Portal.ApiClientAsync();
        var data = await JsonAsync(client, "api/publisher/analytics/v1/namespaces/acme/pulls/exports/years/2026/weeks/19/raw");
        var url = data.GetProperty("data")[0].GetProperty("url").GetString()!;
        using var nobody = week.Portal.Client();
        foreach (var wrong in new[]
        {
            url.Replace("/weeks/19/", "/weeks/20/", StringComparison.Ordinal), url.Replace("/raw/", "/summary/", StringComparison.Ordinal), url[..^3] + "AAA", url[..url.IndexOf('?', StringComparison.Ordinal)],
            url.Replace("namespaces/acme", "namespaces/other", StringComparison.Ordinal), url.Replace("revision=1", "revision=2", StringComparison.Ordinal),
        })
        {
            using var refused = await nobody.GetAsync(wrong);
            Assert.True(refused.StatusCode == HttpStatusCode.Unauthorized, $"{wrong}: {refused.StatusCode}");
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        }

        using var right = await nobody.GetAsync(url);
        Assert.Equal("text/csv", right.Content.Headers.ContentType?.MediaType);
        Assert.Equal("acme_2026-W19_raw.csv", right.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal($"\"{data.GetProperty("data")[0].GetProperty("sha256").GetString()}\"", right.Headers.ETag?.Tag);
        // A session is not an address, and an address is not a session.
        nobody.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", url[(url.LastIndexOf('=') + 1)..]);
        using var asSession = await nobody.GetAsync("api/publisher/analytics/v1");
        Assert.Equal(HttpStatusCode.Unauthorized, asSession.StatusCode);
    }

    [Fact]
    public async Task FileAddress_OpenedByAMemberOfAnotherVendor_IsTheFileItWasMadeFor()
    {
        using var client = await week.Portal.ApiClientAsync();
        var data = await JsonAsync(client, "api/publisher/analytics/v1/namespaces/acme/pulls/exports/years/2026/weeks/19/raw");
        var url = data.GetProperty("data")[0].GetProperty("url").GetString()!;
        using var rival = week.Portal.Client();
        using var login = await rival.PostAsJsonAsync("v2/users/login", new { username = "owner@rival.example", password = PortalHost.Password });
        rival.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TextAsync(login, "token"));

        using var file = await rival.GetAsync(url);
        using var withoutSignature = await rival.GetAsync(url[..url.IndexOf('?', StringComparison.Ordinal)]);

        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.Equal(await client.GetStringAsync(url), await file.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, withoutSignature.StatusCode);
    }

    private static string WithoutTrace(string body)
    {
        var problem = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(body)!;
        problem.Remove("traceId");
        return JsonSerializer.Serialize(problem);
    }

    private static async Task<JsonElement> JsonAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer, string name)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(name).GetString()!;
    }
}
