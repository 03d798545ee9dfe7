using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests;

/// <summary>"Acknowledged means durable", tried from outside: a portal is killed under load, three times, and compared with one that is not.</summary>
public sealed class KillTests
{
    private const int Pulls = 900;
    private const int Senders = 8;
    private static readonly DateTime Start = new(2026, 5, 1, 10, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Portal_KilledUnderLoad_KeepsWhatItAcknowledgedOnceAndGivesTheSamePulls()
    {
        using var folder = new TemporaryFolder();
        var expected = await UndisturbedAsync(folder["undisturbed"]);
        Assert.Equal(Pulls, expected.Count);

        var data = folder["killed"];
        var acknowledged = new ConcurrentDictionary<int, byte>();
        Feed? feed = null;
        foreach (var killAfter in (int[])[Pulls / 4, Pulls / 2, Pulls * 3 / 4])
        {
            await using var portal = await PortalProcess.StartAsync(data);
            feed ??= await Feed.CreateAsync(data);
            var complete = await SendAsync(portal.Address, feed, Missing(acknowledged), acknowledged, () =>
            {
                // At once, on the thread that was just told "stored": what is only about to be stored is lost.
                if (acknowledged.Count >= killAfter)
                    portal.Kill();
            });
            Assert.False(complete, "The portal was killed after the load, not under it.");
        }

        await using var restarted = await PortalProcess.StartAsync(data);
        using var http = feed!.Client(restarted.Address);

        // All that was acknowledged is known already; nothing of it is taken a second time.
        foreach (var post in acknowledged.Keys)
        {
            var answer = await feed.PostAsync(http, Body(post));
            Assert.Equal((0, 3), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("duplicates").GetInt32()));
        }

        // What was not acknowledged is sent again, as every shipper does; whether it had been stored makes no difference.
        Assert.True(await SendAsync(restarted.Address, feed, Missing(acknowledged), acknowledged, () => { }));
        Assert.Equal(expected, await PullsAsync(restarted.Address, feed));
    }

    private static async Task<List<string>> UndisturbedAsync(string data)
    {
        await using var portal = await PortalProcess.StartAsync(data);
        var feed = await Feed.CreateAsync(data);
        Assert.True(await SendAsync(portal.Address, feed, Enumerable.Range(0, Pulls), new ConcurrentDictionary<int, byte>(), () => { }));
        return await PullsAsync(portal.Address, feed);
    }

    private static List<int> Missing(ConcurrentDictionary<int, byte> acknowledged) =>
        [.. Enumerable.Range(0, Pulls).Where(post => !acknowledged.ContainsKey(post))];

    /// <summary>Posts from several senders at once. False where the portal went away before all was acknowledged.</summary>
    private static async Task<bool> SendAsync(Uri address, Feed feed, IEnumerable<int> posts, ConcurrentDictionary<int, byte> acknowledged, Action told)
    {
        var queue = new ConcurrentQueue<int>(posts);
        using var http = feed.Client(address);
        var senders = Enumerable.Range(0, Senders).Select(async _ =>
        {
            try
            {
                while (queue.TryDequeue(out var post))
                {
                    await feed.PostAsync(http, Body(post));
                    acknowledged[post] = 0;
                    told();
                }

                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return (await Task.WhenAll(senders)).All(complete => complete);
    }

    /// <summary>
    /// One pull of a multi-architecture image in three requests. Few clients make many pulls, 6 s apart by their own clock, and senders
    /// run ahead of one another, so that late requests and neighbours in a session's reach occur.
    /// </summary>
    private static string Body(int post)
    {
        var lines = new StringBuilder();
        string index = Digest(post, 'a'), image = Digest(post, 'b');
        AddLine("HEAD", $"1.0.{post}", index, 0);
        AddLine("GET", null, index, 300);
        AddLine("GET", null, image, 600);
        return lines.ToString();

        void AddLine(string method, string? tag, string digest, int milliseconds) => lines.AppendLine(JsonSerializer.Serialize(new
        {
            id = $"{post}-{milliseconds}",
            at = Start.AddSeconds(post / 4 * 6).AddMilliseconds(milliseconds).ToString("O", CultureInfo.InvariantCulture),
            method,
            repository = "acme/app",
            tag,
            digest,
            address = $"203.0.113.{post % 4}",
            user = "alice",
            userAgent = "containerd/1.7.24",
        }));
    }

    private static string Digest(int post, char fill) => "sha256:" + post.ToString("x8", CultureInfo.InvariantCulture).PadLeft(64, fill);

    /// <summary>All pulls once they are classified, in words without ids; the test waits for their number and then takes what is there.</summary>
    private static async Task<List<string>> PullsAsync(Uri address, Feed feed)
    {
        using var http = feed.ApiClient(address);
        await UntilAsync(
            async () =>
            {
                var kinds = (await GetAsync(http, "/api/v1/artifact-pulls/count")).GetProperty("byKind");
                return kinds.TryGetProperty("pull_by_tag", out var count) && count.GetInt64() >= Pulls;
            },
            "requests are classified");
        var pulls = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await GetAsync(http, $"/api/v1/artifact-pulls?limit=1000{(cursor.Length > 0 ? "&cursor=" + Uri.EscapeDataString(cursor) : "")}");
            pulls.AddRange(page.GetProperty("items").EnumerateArray().Select(i => string.Join(' ', Text(i, "at"), Text(i, "kind"), Text(i, "user"), Text(i, "address"), Text(i, "tag"), Text(i, "digest"), Text(i, "requests"))));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }

        pulls.Sort(StringComparer.Ordinal);
        return pulls;
    }

    private static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static async Task<JsonElement> GetAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var end = DateTime.UtcNow.AddSeconds(90);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < end, $"Waited too long until {what}.");
            await Task.Delay(200); // the API limits how often it is asked
        }
    }

    /// <summary>A feed and an API token, made by the commands while the portal runs.</summary>
    private sealed record Feed(string Id, string Secret, string Token)
    {
        public static async Task<Feed> CreateAsync(string data)
        {
            var feed = await PortalProcess.CommandAsync(data, "feed", "add", "--name", "load", "--kind", "ndjson");
            var token = await PortalProcess.CommandAsync(data, "token", "add", "--name", "test");
            return new Feed(feed.GetProperty("id").GetString()!, feed.GetProperty("secret").GetString()!, token.GetProperty("token").GetString()!);
        }

        public HttpClient Client(Uri address) => Client(address, Secret);

        public HttpClient ApiClient(Uri address) => Client(address, Token);

        /// <summary>Posts one body; returns the acknowledgement. Any other answer than 200 fails the test.</summary>
        /// <exception cref="HttpRequestException">The portal went away: nothing was acknowledged.</exception>
        public async Task<JsonElement> PostAsync(HttpClient http, string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/x-ndjson");
            using var answer = await http.PostAsync(new Uri($"/ingest/{Id}", UriKind.Relative), content);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }

        private static HttpClient Client(Uri address, string bearer) => new()
        {
            BaseAddress = address,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", bearer) },
        };
    }
}
