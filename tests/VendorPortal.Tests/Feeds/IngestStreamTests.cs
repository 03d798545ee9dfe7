using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

/// <summary>Lines that are stored while they arrive, and the formats beside notifications, through the front door.</summary>
public sealed class IngestStreamTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    private const string Good = """{"at":"2026-05-01T10:00:00.123Z","method":"GET","repository":"acme/app","tag":"1.0"}""";

    private PortalHost Portal => fixture.Portal;

    private static byte[] Lines(int count, string line = "{\"id\":\"#\",\"at\":\"2026-05-01T10:00:00Z\",\"method\":\"GET\",\"repository\":\"acme/app\",\"tag\":\"1.0\"}") =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => line.Replace("#", $"{i}", StringComparison.Ordinal) + "\n")));

    private static byte[] Gzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(body);
        return packed.ToArray();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_MoreLinesThanADocumentMayHaveEvents_IsTakenInBatches(bool gzip)
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.Ndjson);
        var body = Lines(12_000);

        var answer = await feed.PostAsync(gzip ? Gzip(body) : body, "application/x-ndjson", gzip ? "gzip" : null, chunked: true);
        var again = await feed.PostAsync(body, "application/x-ndjson");

        Assert.Equal((HttpStatusCode.OK, 12_000, 0), (answer.Status, answer.Accepted, answer.Duplicates));
        Assert.Equal((HttpStatusCode.OK, 0, 12_000), (again.Status, again.Accepted, again.Duplicates));
    }

    [Fact]
    public async Task Post_LogLargerThanADocumentMayBe_IsTaken()
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.AccessLog);
        var blob = """203.0.113.7 - a [20/Nov/2025:20:47:23 +0000] "GET /v2/acme/app/blobs/sha256:00 HTTP/1.1" 200 424 "-" "docker/28" """;
        var body = Lines(100_000, blob);
        Assert.True(body.Length > 9 * 1024 * 1024);

        var answer = await feed.PostAsync(body, "text/plain");

        Assert.Equal((HttpStatusCode.OK, 100_000, 0), (answer.Status, answer.Ignored, answer.Rejected.Count));
    }

    [Fact]
    public async Task Post_ManyRejectedLines_TellsTheFirstAndCountsByReason()
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.Ndjson);

        var answer = await feed.PostAsync([.. Encoding.UTF8.GetBytes(Good + "\n"), .. Lines(10_050, "{\"x\":#}")], "application/x-ndjson");

        Assert.Equal((HttpStatusCode.OK, 1, 10_000, 1), (answer.Status, answer.Accepted, answer.Rejected.Count, answer.Rejected[0].Index));
        var byReason = Assert.Single(answer.Body.GetProperty("rejectedByReason").EnumerateObject());
        Assert.Equal(("at is missing or not an RFC 3339 time with an offset", 10_050), (byReason.Name, byReason.Value.GetInt32()));
    }

    [Fact]
    public async Task Post_GzipThatBreaksOff_KeepsWhatCameBeforeAndIsARepeatLater()
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.Ndjson);
        var body = Lines(20_000);
        var packed = Gzip(body);

        var broken = await feed.PostAsync(packed[..^20_000], "application/x-ndjson", "gzip");
        var whole = await feed.PostAsync(packed, "application/x-ndjson", "gzip");

        Assert.Equal(HttpStatusCode.BadRequest, broken.Status);
        Assert.Equal((20_000, true), (whole.Accepted + whole.Duplicates, whole.Duplicates >= 2_000));
    }

    [Fact]
    public async Task Post_HarborAndCloudEvents_AreTakenWithWhatTheyKnow()
    {
        using var harbor = await FeedClient.AddAsync(Portal, FeedKind.Harbor);
        using var events = await FeedClient.AddAsync(Portal, FeedKind.CloudEvents);
        var digest = RequestGenerators.Digest(1);

        var pulled = await harbor.PostAsync(
            Encoding.UTF8.GetBytes($$$$"""{"type":"PULL_ARTIFACT","occur_at":1767225600,"operator":"alice","event_data":{"resources":[{"digest":"{{{{digest}}}}","tag":"1.0"}],"repository":{"repo_full_name":"acme/app"}}}"""),
            "application/json");
        var byHeaders = await events.PostAsync(
            Encoding.UTF8.GetBytes($$$$"""{"actor":{"subject":"a/b"},"body":{"repository":"acme/app","tag":"1.0","digest":"{{{{digest}}}}","method":"HEAD","type":"manifest"}}"""),
            "application/json",
            authorization: new AuthenticationHeaderValue("Bearer", "signed.by.sender"),
            query: $"?secret={events.Feed.Secret}",
            change: request =>
            {
                foreach (var (name, value) in ((string, string)[])[("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "cgr.dev"), ("ce-type", "dev.chainguard.registry.pull.v1"), ("ce-time", "2026-01-01T00:00:00Z")])
                    request.Headers.Add(name, value);
            });

        Assert.Equal((HttpStatusCode.OK, 1), (pulled.Status, pulled.Accepted));
        Assert.Equal((HttpStatusCode.OK, 1), (byHeaders.Status, byHeaders.Accepted));
        await using var rows = Portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(Portal.VendorId);
        var number = int.Parse(harbor.Feed.Id.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);
        var request = await rows.RegistryRequests.SingleAsync(r => r.FeedId == number);
        Assert.Equal((null, null), (request.AddressId, request.ClientId));
    }

    [Fact]
    public async Task Post_SecretInTheAddress_IsForCloudEventsOnly()
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.Ndjson);

        var answer = await feed.PostAsync(Lines(1), "application/x-ndjson", authorization: new AuthenticationHeaderValue("Bearer", "other"), query: $"?secret={feed.Feed.Secret}");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    [Theory]
    [InlineData(FeedKind.AccessLog, "hello\nworld")]
    [InlineData(FeedKind.Harbor, "{}")]
    [InlineData(FeedKind.CloudEvents, "{}")]
    [InlineData(FeedKind.DvpCsv, "a,b,c\n1,2,3")]
    [InlineData(FeedKind.Ndjson, "hello\nworld")]
    public async Task Post_WhatIsNotOfTheFeedsKind_Is400WithAProblem(FeedKind kind, string body)
    {
        using var feed = await FeedClient.AddAsync(Portal, kind);

        var answer = await feed.PostAsync(Encoding.UTF8.GetBytes(body), mediaType: null);

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.MediaType));
    }
}
