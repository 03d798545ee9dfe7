using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Feeds;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

/// <summary>Who may post, and what bodies are taken: the portal as it runs, real HTTP.</summary>
public sealed class IngestTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    private static int posted;

    private PortalHost Portal => fixture.Portal;

    private static byte[] OnePull() => FeedClient.Envelope(FeedClient.Pull($"body-{Interlocked.Increment(ref posted)}", DateTimeOffset.UtcNow));

    [Fact]
    public async Task Post_WithoutTheFeedsOwnSecret_Is401AlikeWhateverIsWrong()
    {
        var rival = await Portal.AddVendorAsync("ingest-rival", "owner@ingest-rival.example");
        using var feed = await FeedClient.AddAsync(Portal);
        using var foreign = await FeedClient.AddAsync(Portal, vendorId: rival);
        using var removed = await FeedClient.AddAsync(Portal);
        Assert.Equal(HttpStatusCode.OK, (await removed.PostAsync(OnePull())).Status);
        await Portal.Services.GetRequiredService<FeedDirectory>().RemoveAsync(Portal.VendorId, removed.Feed.Id, CancellationToken.None);

        FeedAnswer[] answers =
        [
            await feed.PostAsync(OnePull(), authorization: new AuthenticationHeaderValue("Bearer", "wrong")),
            await feed.PostAsync(OnePull(), authorization: new AuthenticationHeaderValue("Bearer", foreign.Feed.Secret)),
            await feed.PostAsync(OnePull(), authorization: new AuthenticationHeaderValue("Digest", feed.Feed.Secret)),
            await feed.PostAsync(OnePull(), authorization: new AuthenticationHeaderValue("Basic", "not base64!")),
            await feed.PostAsync(OnePull(), authorization: Basic($":{feed.Feed.Secret}x")),
            await feed.PostAsync(OnePull(), authorization: new AuthenticationHeaderValue("Bearer", new string('x', 5_000))),
            await feed.PostAsync(OnePull(), feedId: foreign.Feed.Id),
            await feed.PostAsync(OnePull(), feedId: $"{Portal.VendorId}-4711"),
            await feed.PostAsync(OnePull(), feedId: "nothing"),
            await feed.PostAsync("not even JSON"u8.ToArray(), mediaType: "image/png", feedId: foreign.Feed.Id),
            await removed.PostAsync(OnePull()),
        ];

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Unauthorized, a.Status));
        Assert.Single(answers.Select(WithoutTraceId).Distinct());
        Assert.All(answers, a => Assert.Equal("application/problem+json", a.MediaType));
        Assert.All(answers, a => Assert.NotEmpty(a.Headers.WwwAuthenticate));
    }

    [Theory]
    [InlineData("")]
    [InlineData("registry")]
    public async Task Post_BasicWithTheSecretAsPassword_IsTaken(string user)
    {
        using var feed = await FeedClient.AddAsync(Portal);

        Assert.Equal(1, (await feed.PostAsync(OnePull(), authorization: Basic($"{user}:{feed.Feed.Secret}"))).Accepted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BodyOf50Megabytes_Is413(bool chunked)
    {
        using var feed = await FeedClient.AddAsync(Portal);
        var body = new byte[50 * 1024 * 1024];
        body.AsSpan().Fill((byte)' ');

        var answer = await feed.PostAsync(body, chunked: chunked);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Contains("8388608 bytes", answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_Gzip_IsUnpacked()
    {
        using var feed = await FeedClient.AddAsync(Portal);

        Assert.Equal(1, (await feed.PostAsync(Gzip(OnePull()), encoding: "gzip")).Accepted);
        Assert.Equal(1, (await feed.PostAsync(Gzip(OnePull()), encoding: "GZIP", chunked: true)).Accepted);
    }

    [Fact]
    public async Task Post_GzipThatUnpacksToAGigabyte_Is413()
    {
        using var feed = await FeedClient.AddAsync(Portal);

        var answer = await feed.PostAsync(Gzip(new byte[1024 * 1024 * 1024]), encoding: "gzip");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    [Fact]
    public async Task Post_WhatIsNoGzip_Is400()
    {
        using var feed = await FeedClient.AddAsync(Portal);
        var whole = Gzip(OnePull());

        Assert.Equal(HttpStatusCode.BadRequest, (await feed.PostAsync(OnePull(), encoding: "gzip")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await feed.PostAsync(whole[..(whole.Length / 2)], encoding: "gzip")).Status);
    }

    [Fact]
    public async Task Post_UnknownContentEncoding_Is415ThatNamesGzip()
    {
        using var feed = await FeedClient.AddAsync(Portal);

        var answer = await feed.PostAsync(OnePull(), encoding: "br");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.Contains("gzip", answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/vnd.docker.distribution.events.v1+json", HttpStatusCode.OK)]
    [InlineData("application/vnd.docker.distribution.events.v2+json", HttpStatusCode.OK)]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("text/xml", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-ndjson", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/vnd.docker.distribution.events.v1+json-not", HttpStatusCode.UnsupportedMediaType)]
    public async Task Post_MediaType_IsTakenOr415(string? mediaType, HttpStatusCode expected)
    {
        using var feed = await FeedClient.AddAsync(Portal);

        Assert.Equal(expected, (await feed.PostAsync(OnePull(), mediaType)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"events\":[]} trailing")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"events\"")]
    [InlineData("{}")]
    [InlineData("{\"events\":null}")]
    [InlineData("{\"events\":{}}")]
    [InlineData("{\"Events\":[]}")]
    public async Task Post_WhatIsNoEnvelope_Is400WithAProblem(string body)
    {
        using var feed = await FeedClient.AddAsync(Portal);

        var answer = await feed.PostAsync(Encoding.UTF8.GetBytes(body));

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.MediaType));
    }

    [Fact]
    public async Task Post_EmptyEnvelope_IsTaken()
    {
        using var feed = await FeedClient.AddAsync(Portal);

        var answer = await feed.PostAsync("{\"events\":[]}"u8.ToArray());

        Assert.Equal("""{"accepted":0,"duplicates":0,"ignored":0,"rejected":[]}""", answer.Body.GetRawText());
    }

    [Fact]
    public async Task Post_MoreEventsThanAccepted_Is413ThatSaysHowMany()
    {
        using var feed = await FeedClient.AddAsync(Portal);

        var answer = await feed.PostAsync(Encoding.UTF8.GetBytes($"{{\"events\":[{string.Join(',', Enumerable.Repeat("{}", 10_001))}]}}"), "application/json");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Contains("10000 events", answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AsManyEventsAsAccepted_AnswersForEachOfThem()
    {
        using var feed = await FeedClient.AddAsync(Portal);

        var answer = await feed.PostAsync(Encoding.UTF8.GetBytes($"{{\"events\":[{string.Join(',', Enumerable.Repeat("{}", 10_000))}]}}"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(Enumerable.Range(0, 10_000), answer.Rejected.Select(r => r.Index));
    }

    [Fact]
    public async Task Get_Feed_IsNoPage()
    {
        using var feed = await FeedClient.AddAsync(Portal);
        using var client = Portal.Client();

        using var answer = await client.GetAsync($"/ingest/{feed.Feed.Id}");

        Assert.True(answer.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound or HttpStatusCode.Unauthorized, answer.StatusCode.ToString());
    }

    private static string WithoutTraceId(FeedAnswer answer) =>
        string.Join('|', answer.Body.EnumerateObject().Where(p => p.Name != "traceId").Select(p => p.ToString())) + answer.Headers.WwwAuthenticate;

    private static AuthenticationHeaderValue Basic(string pair) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));

    private static byte[] Gzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(body);
        return packed.ToArray();
    }
}
