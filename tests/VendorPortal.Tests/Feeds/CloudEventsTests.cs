using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

public sealed class CloudEventsTests
{
    private const string Pulled = "dev.chainguard.registry.pull.v1";
    private static readonly DateTime Now = new(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string Digest = RequestGenerators.Digest(1);
    private static readonly CloudEventAttributes Headers = new("188888b6", "cgr.dev", Pulled, "2026-11-20T20:48:22.128066735Z");

    private static string Data(string method = "HEAD", string type = "manifest", string more = "") =>
        $$$$"""{"actor":{"subject":"45a0c/abc"},"body":{"repository":"acme.example/app","repo_id":"x/y","tag":"1-dev","digest":"{{{{Digest}}}}","method":"{{{{method}}}}","type":"{{{{type}}}}","when":"2026-11-20T20:48:21.810899","location":"ColumbusOHUS","remote_address":"203.0.113.7","user_agent":"docker/27.3.1"{{{{more}}}}}}""";

    private static string Structured(string id = "1", string type = Pulled) =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"cgr.dev","type":"{{type}}","time":"2026-11-20T20:48:22Z","data":{{Data()}}}""";

    private static FeedBatch Parse(string body, CloudEventAttributes? headers = null, int maxEvents = 1_000) => FeedText.Parse(new CloudEvents(headers, maxEvents), body, Now);

    [Fact]
    public void Event_WithANameThatIsNotUnicode_IsRejectedAndNothingElse()
    {
        const string Broken = """{"\uD800":1,"specversion":"1.0","id":"1","source":"s","type":"dev.chainguard.registry.pull.v1","time":"2026-05-01T10:00:00Z"}""";

        var batch = FeedText.Parse(new CloudEvents(null, 100), $"[{Broken},{Broken}]", new DateTime(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc));

        Assert.Empty(batch.Requests);
        Assert.Equal([0, 1], batch.Rejected.Select(r => r.Index));
    }

    [Fact]
    public void Parse_BinaryPull_ReadsEveryField()
    {
        var request = Assert.Single(Parse(Data(), Headers).Requests);

        Assert.Equal(
            (new DateTime(2026, 11, 20, 20, 48, 21, DateTimeKind.Utc).AddTicks(8_108_990), RequestMethod.Head, "acme.example/app", "1-dev", Digest, 200, "45a0c/abc", "docker/27.3.1"),
            (request.AtUtc, request.Method, request.Repository, request.Tag, request.Digest, request.Status, request.User, request.UserAgent));
        Assert.Equal("203.0.113.7", IpAddressText.Format(request.Address!));
    }

    [Fact]
    public void Parse_SameEventInAnyMode_IsTheSameEvent()
    {
        var binary = Parse(Data(), Headers with { Id = "1" }).Requests[0].EventId;
        var structured = Parse(Structured()).Requests[0].EventId;
        var batch = Parse($"[{Structured()},{Structured("2")}]").Requests;

        Assert.Equal(binary, structured);
        Assert.Equal((binary, 2), (batch[0].EventId, batch.Count));
        Assert.NotEqual(batch[0].EventId, batch[1].EventId);
    }

    [Fact]
    public void Parse_WhenFarFromTheTimeOfTheEvent_IsNotTrusted() =>
        Assert.Equal(
            new DateTime(2026, 11, 20, 20, 48, 22, DateTimeKind.Utc).AddTicks(1_280_667),
            Parse(Data().Replace("2026-11-20T20", "2026-11-20T10", StringComparison.Ordinal), Headers).Requests[0].AtUtc);

    [Fact]
    public void Parse_RefusedPull_KeepsItsStatus() =>
        Assert.Equal(403, Parse(Data(more: ",\"error\":{\"status\":403,\"code\":\"DENIED\"}"), Headers).Requests[0].Status);

    [Fact]
    public void Parse_BlobsAndOtherTypes_AreIgnored()
    {
        Assert.Equal(1, Parse(Data(type: "blob"), Headers).Ignored);
        Assert.Equal(1, Parse("{}", Headers with { Type = "dev.chainguard.api.iam.group.created.v1" }).Ignored);
    }

    [Fact]
    public void Parse_Push_TellsThePublisher() =>
        Assert.Equal(new PublisherFact("acme.example/app", "45a0c/abc"), Assert.Single(Parse(Data(), Headers with { Type = "dev.chainguard.registry.push.v1" }).Publishers));

    [Fact]
    public void Parse_BatchWithBadEvents_KeepsTheNeighbours()
    {
        var batch = Parse($"[{Structured("1")},7,{{}},{Structured("2").Replace("HEAD", "PUT", StringComparison.Ordinal)},{Structured("3")}]");

        Assert.Equal([(1L, "type is missing"), (2L, "type is missing"), (3L, "body.method is neither GET nor HEAD")], batch.Rejected.Select(r => (r.Index, r.Reason)));
        Assert.Equal(2, batch.Requests.Count);
    }

    [Fact]
    public void Parse_MoreEventsThanAccepted_IsTooLarge() => Assert.True(Assert.Throws<FeedFormatException>(() => Parse("[{},{},{}]", maxEvents: 2)).IsTooLarge);

    [Theory]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("nothing")]
    public void Parse_WhatIsNoCloudEvent_IsNoSuchFeed(string body) => Assert.False(Assert.Throws<FeedFormatException>(() => Parse(body)).IsTooLarge);
}
