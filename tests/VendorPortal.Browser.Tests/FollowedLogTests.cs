using System.Net.Http.Headers;
using System.Text.Json;
using VendorPortal.Browser.Tests.Portal;
using VendorPortal.Browser.Tests.Registry;

namespace VendorPortal.Browser.Tests;

/// <summary>
/// A stock nginx in front of a stock registry: its logs are followed as files and rotated in the middle, while the registry notifies. Three
/// portals, one for each feed, see the same pulls.
/// </summary>
public sealed class FollowedLogTests
{
    private const string App = "acme/app";
    private const string Log = """
        log_format registry escape=json
          '{"msec":"$msec","request_id":"$request_id","remote_addr":"$remote_addr","remote_user":"$remote_user",'
          '"method":"$request_method","uri":"$request_uri","status":"$status","user_agent":"$http_user_agent",'
          '"docker_content_digest":"$sent_http_docker_content_digest"}';
        """;

    [Fact]
    public async Task Pulls_ThroughNginxRotatedInTheMiddle_AreThoseOfTheNotifications()
    {
        using var folder = new TemporaryFolder();
        var (combined, json) = (folder["access.log"], folder["registry.json"]);
        await using var notified = await PortalProcess.StartAsync(folder["notified"]);
        await using var ofCombined = await PortalProcess.StartAsync(folder["combined"]);
        await using var ofJson = await PortalProcess.StartAsync(folder["json"]);
        var feed = await PortalProcess.CommandAsync(folder["notified"], "feed", "add", "--name", "registry", "--kind", "distribution");
        await FollowAsync(folder["combined"], combined, "combined");
        await FollowAsync(folder["json"], json, "json:nginx"); // while the portals run: they notice by themselves
        await using var registry = await RegistryProcess.StartAsync(new Uri(notified.Address, $"/ingest/{feed.GetProperty("id").GetString()}"), feed.GetProperty("secret").GetString()!);
        await using var nginx = await NginxProcess.StartAsync(registry, combined, json, Log);
        var single = ImageLayout.Write(folder["single"], "1.9.0", "amd64");
        var other = ImageLayout.Write(folder["other"], "2.0.0", "amd64");
        var publisher = new Skopeo(nginx.Host, RegistryAccount.Publisher);
        await publisher.PushAsync(single, App, "1.9.0");
        await publisher.PushAsync(other, App, "2.0.0");

        // A log does not tell that a manifest is no index: two digests of one client within the window would be one pull.
        await using var elsewhere = LoopbackForwarder.Start("127.0.0.4", nginx.Port);
        await PullAsync(nginx, "1.9.0", nginx.Host, single.Digest);
        // A file that is gone before the first look is nobody's.
        await BeginsAsync(folder["combined"], ofCombined);
        await BeginsAsync(folder["json"], ofJson);
        await nginx.RotateAsync(combined, json);
        await PullAsync(nginx, "2.0.0", elsewhere.Host, other.Digest);

        var skopeo = await Skopeo.ClientAsync();
        var curl = await Curl.ClientAsync();
        string[] Of(string tag, string digest, string address) =>
        [
            $"pull_by_tag alice 127.0.0.1 {App} {tag} {skopeo}",
            $"pull_by_digest bob {address} {App} {digest} {skopeo}",
            $"version_check alice 127.0.0.2 {App} {tag} {curl}",
            .. Enumerable.Repeat($"pull_by_tag bob 127.0.0.3 {App} {tag} {curl}", 20),
        ];
        var expected = Of("1.9.0", single.Digest, "127.0.0.1").Concat(Of("2.0.0", other.Digest, "127.0.0.4")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected, await PullsAsync(folder["notified"], notified, expected.Count));
        Assert.Equal(expected, await PullsAsync(folder["json"], ofJson, expected.Count));
        Assert.Equal(expected, await PullsAsync(folder["combined"], ofCombined, expected.Count));
    }

    private static async Task FollowAsync(string data, string log, string format) =>
        Assert.Equal(log, (await PortalProcess.CommandAsync(data, "feed", "add", "--name", "edge", "--kind", "accesslog", "--format", format, "--file", log)).GetProperty("file").GetString());

    private static async Task PullAsync(NginxProcess nginx, string tag, string digestHost, string digest)
    {
        await new Skopeo(nginx.Host, RegistryAccount.Alice).PullAsync(App, $":{tag}");
        await new Skopeo(digestHost, RegistryAccount.Bob).PullAsync(App, $"@{digest}");
        await new Curl(nginx.Host, RegistryAccount.Alice, "127.0.0.2").HeadAsync(App, tag);
        await new Curl(nginx.Host, RegistryAccount.Bob, "127.0.0.3").GetAsync(App, Enumerable.Repeat(tag, 20)); // identical lines of a second
    }

    private static async Task<HttpClient> ClientAsync(string data, PortalProcess portal)
    {
        var token = await PortalProcess.CommandAsync(data, "token", "add", "--name", "test");
        var http = new HttpClient { BaseAddress = portal.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("token").GetString());
        return http;
    }

    private static async Task BeginsAsync(string data, PortalProcess portal)
    {
        using var http = await ClientAsync(data, portal);
        var end = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            using var health = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1/ingest-health", UriKind.Relative)));
            if (health.RootElement.GetProperty("feeds")[0].GetProperty("accepted").GetInt64() > 0)
                return;
            Assert.True(DateTime.UtcNow < end, "The file is not read.");
            await Task.Delay(200);
        }
    }

    private static async Task<List<string>> PullsAsync(string data, PortalProcess portal, int count)
    {
        using var http = await ClientAsync(data, portal);
        var end = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            using var page = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1/artifact-pulls?limit=1000", UriKind.Relative)));
            var pulls = page.RootElement.GetProperty("items").EnumerateArray().Select(Words).Where(p => !p.Contains(" publisher ", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
            if (pulls.Count >= count || DateTime.UtcNow > end)
                return pulls;
            await Task.Delay(500);
        }
    }

    private static string Words(JsonElement pull)
    {
        string? Text(string name) => pull.GetProperty(name).GetString();
        return $"{Text("kind")} {Text("user")} {Text("address")} {Text("artifact")} {Text("version")} {Text("client")} {Text("clientVersion")}";
    }
}
