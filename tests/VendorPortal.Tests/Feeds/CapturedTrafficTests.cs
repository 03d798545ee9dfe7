using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

/// <summary>
/// 198 steps of real clients against a real registry, as it notified them and as nginx logged them, through the front door: each step
/// gives the pulls that its label says.
/// </summary>
public sealed class CapturedTrafficTests
{
    // What nginx was set to while the capture was made.
    private const string CapturedFormat =
        """
        log_format registry_json escape=json
            '{"time":"$time_iso8601","msec":"$msec","request_id":"$request_id",'
            '"remote_addr":"$remote_addr","remote_port":"$remote_port","realip_remote_addr":"$realip_remote_addr",'
            '"x_forwarded_for":"$http_x_forwarded_for","remote_user":"$remote_user",'
            '"method":"$request_method","host":"$http_host","uri":"$request_uri","protocol":"$server_protocol",'
            '"status":$status,"body_bytes_sent":$body_bytes_sent,"request_time":$request_time,'
            '"user_agent":"$http_user_agent","accept":"$http_accept","if_none_match":"$http_if_none_match","range":"$http_range",'
            '"docker_content_digest":"$upstream_http_docker_content_digest",'
            '"content_type":"$upstream_http_content_type","upstream_status":"$upstream_status",'
            '"connection":"$connection","connection_requests":"$connection_requests","server_port":"$server_port"}';
        """;

    // The access log, from which these steps were labelled, either never saw the request or saw it refused (an event is not proof of
    // success); the notifications know better or worse, and the portal shows what its feed says.
    private static readonly string[] SeenByEventsOnly = ["S053", "S055", "S065", "S067", "S068"];

    [Fact]
    public async Task Notifications_WithTheGraphTaught_GiveTheChildAwarePullsOfEveryStep()
    {
        var expected = Capture.Expected(s => SeenByEventsOnly.Contains(s.Name) ? s.FromEvents : s.ChildAware);

        Capture.AssertSame(expected, await ReplayNotificationsAsync(ClassificationMode.Client, teachGraph: true));
    }

    [Fact]
    public async Task Notifications_InStrictMode_GiveThePullsOfThePublishedTable()
    {
        // The labels read the table for each account of an address and each step by itself. The strict key is the address alone, so it
        // goes on over pushes that follow within the window (S007, S008, S010, S011) and joins the accounts behind one address (S267); of
        // three platforms fetched after two GETs of a tag (S124, S127) the rulings name another one as the pull of its own.
        string[] otherwise = ["S008", "S011", "S124", "S127", "S267"];
        var expected = Capture.Expected(s => s.FromEvents);
        var actual = await ReplayNotificationsAsync(ClassificationMode.Strict, teachGraph: false);
        foreach (var step in otherwise)
        {
            Assert.NotEqual(expected.GetValueOrDefault(step), actual.GetValueOrDefault(step));
            expected.Remove(step);
            actual.Remove(step);
        }

        Capture.AssertSame(expected, actual);
    }

    [Theory]
    [InlineData("json:nginx", "nginx_json.log")]
    [InlineData(CapturedFormat, "nginx_json.log")]
    public async Task AccessLogWithDigests_WithTheGraphTaught_GivesTheChildAwarePullsOfEveryStep(string format, string file) =>
        Capture.AssertSame(SeenByLogs(), await ReplayLogAsync(new AccessLogFormat(format), file));

    [Fact]
    public async Task CombinedLog_WithTheGraphTaught_GivesTheSamePullsButWhereADigestOrAFractionOfASecondDecides()
    {
        var expected = SeenByLogs();
        expected["S028"] = "pull_by_tag acme/backend:v2.0.0 alice 127.0.1.15"; // 5.6 s apart, 5 s in the log
        expected["S032"] = "pull_by_tag acme/myapp:v1.2.0 alice 127.0.1.19"; // GET of a tag, then of the digest it stands for: two pulls, if one knew

        Capture.AssertSame(expected, await ReplayLogAsync(AccessLogFormat.Combined, "nginx_combined.log"));
    }

    // The labels leave a 304 out; the portal takes it for the check that it is (a notification never tells of one).
    private static SortedDictionary<string, string> SeenByLogs()
    {
        var expected = Capture.Expected(s => s.ChildAware);
        expected["S052"] = "version_check acme/myapp:v1.2.0 alice 127.0.1.38";
        return expected;
    }

    private static Task<SortedDictionary<string, string>> ReplayNotificationsAsync(ClassificationMode mode, bool teachGraph) => ReplayAsync(
        mode,
        teachGraph,
        FeedKind.Distribution,
        null,
        async (client, feed, _) =>
        {
            foreach (var body in Capture.Envelopes())
                await PostAsync(client, feed, new StringContent(body, Encoding.UTF8, "application/vnd.docker.distribution.events.v1+json"));
            return Capture.StepOfEvents();
        });

    private static Task<SortedDictionary<string, string>> ReplayLogAsync(AccessLogFormat format, string file) => ReplayAsync(
        ClassificationMode.Client,
        teachGraph: true,
        FeedKind.AccessLog,
        format,
        async (client, feed, portal) =>
        {
            await PostAsync(client, feed, new StreamContent(File.OpenRead(Capture.Path(file))));
            var identity = await portal.Services.GetRequiredService<FeedDirectory>().FindAsync(feed.Id, CancellationToken.None);
            return Capture.StepOfLines(file, portal.Services.GetRequiredService<FeedFormats>().OpenFile(identity!));
        });

    private static async Task<SortedDictionary<string, string>> ReplayAsync(
        ClassificationMode mode, bool teachGraph, FeedKind kind, AccessLogFormat? format, Func<HttpClient, CreatedFeed, PortalHost, Task<Dictionary<UInt128, string>>> send)
    {
        var time = new ManualTimeProvider(new DateTimeOffset(Capture.Now));
        await using var portal = await PortalHost.StartAsync(null, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(time));
        var contexts = portal.Services.GetRequiredService<PortalDbContextFactory>();
        await using (var installation = contexts.ForInstallation())
            await installation.Vendors.ExecuteUpdateAsync(set => set.SetProperty(v => v.Mode, mode));
        var feeds = portal.Services.GetRequiredService<FeedDirectory>();
        using var client = portal.Client();
        if (teachGraph)
        {
            var teacher = await feeds.AddAsync(portal.VendorId, "graph", FeedKind.Distribution, null, CancellationToken.None);
            await PostAsync(client, teacher, new StringContent(GraphEnvelope(), Encoding.UTF8, "application/json"));
        }

        var feed = await feeds.AddAsync(portal.VendorId, "registry", kind, format, null, CancellationToken.None);
        var steps = await send(client, feed, portal);
        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await using var rows = contexts.ForVendor(portal.VendorId);
                return !await rows.RegistryRequests.AnyAsync(r => r.PullId == null);
            },
            "everything is classified");
        return await Capture.PullsAsync(contexts, portal.VendorId, steps);
    }

    private static async Task PostAsync(HttpClient client, CreatedFeed feed, HttpContent body)
    {
        using var content = body;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ingest/{feed.Id}") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", feed.Secret);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode && text.Contains("\"rejected\":[]", StringComparison.Ordinal), text);
    }

    // Every index of index_children.json as a push that lists its children.
    private static string GraphEnvelope() => JsonSerializer.Serialize(new
    {
        events = Capture.Indexes().Select(index => new
        {
            id = Guid.NewGuid(),
            timestamp = "2026-11-20T20:00:00Z",
            action = "push",
            target = new
            {
                mediaType = "application/vnd.oci.image.index.v1+json",
                digest = index.Key,
                repository = "acme/graph",
                references = index.Value.Select(c => new { mediaType = "application/vnd.oci.image.manifest.v1+json", digest = c, size = 1 }),
            },
            actor = new { name = "graph-teacher" },
        }),
    });
}
