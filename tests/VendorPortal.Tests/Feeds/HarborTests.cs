using VendorPortal.Classification;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

public sealed class HarborTests
{
    private static readonly DateTime Now = new(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string Digest = RequestGenerators.Digest(1);

    private static string Default(string type = "PULL_ARTIFACT", string tag = "v2.0.0", string account = "robot$acme+ci") =>
        $$$$"""{"type":"{{{{type}}}}","occur_at":1795207702,"operator":"{{{{account}}}}","event_data":{"resources":[{"digest":"{{{{Digest}}}}","tag":"{{{{tag}}}}","resource_url":"harbor.example/acme/backend:v2.0.0"}],"repository":{"date_created":1761955200,"name":"backend","namespace":"acme","repo_full_name":"acme/backend","repo_type":"private"}}}""";

    private static string CloudEvent(string type = "harbor.artifact.pulled", string id = "e1") =>
        $$$$"""{"specversion":"1.0","id":"{{{{id}}}}","requestid":"r","source":"/projects/2/webhook/policies/15","type":"{{{{type}}}}","datacontenttype":"application/json","time":"2026-11-20T20:48:22Z","data":{"resources":[{"digest":"{{{{Digest}}}}","tag":"{{{{Digest}}}}","resource_url":"x"}],"repository":{"name":"backend","namespace":"acme","repo_full_name":"acme/backend"}},"operator":"alice"}""";

    private static FeedBatch Parse(string body) => FeedText.Parse(new Harbor(), body, Now);

    [Fact]
    public void Parse_DefaultPull_IsAGetByTagWithoutAddressAndClient()
    {
        var request = Assert.Single(Parse(Default()).Requests);

        Assert.Equal(
            (new DateTime(2026, 11, 20, 20, 48, 22, DateTimeKind.Utc), RequestMethod.Get, "acme/backend", "v2.0.0", Digest, "robot$acme+ci", null, null, 200),
            (request.AtUtc, request.Method, request.Repository, request.Tag, request.Digest, request.User, request.Address, request.UserAgent, request.Status));
        Assert.Equal(request.EventId, Parse(Default()).Requests[0].EventId);
    }

    [Fact]
    public void Parse_CloudEventByDigest_IsAGetByDigest()
    {
        var request = Assert.Single(Parse(CloudEvent()).Requests);

        Assert.Equal((null, Digest, "alice", "acme/backend"), (request.Tag, request.Digest, request.User, request.Repository));
        Assert.NotEqual(request.EventId, Parse(CloudEvent(id: "e2")).Requests[0].EventId);
    }

    [Fact]
    public void Parse_Anonymous_IsUnknown() => Assert.Null(Parse(Default(account: "anonymous")).Requests[0].User);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parse_Push_TellsThePublisher(bool cloudEvent)
    {
        var batch = Parse(cloudEvent ? CloudEvent("harbor.artifact.pushed") : Default("PUSH_ARTIFACT", account: "alice"));

        Assert.Equal((1, 0, new PublisherFact("acme/backend", "alice")), (batch.Pushes, batch.Requests.Count, Assert.Single(batch.Publishers)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parse_OtherEvent_IsIgnored(bool cloudEvent) =>
        Assert.Equal(1, Parse(cloudEvent ? CloudEvent("harbor.quota.exceeded") : Default("QUOTA_EXCEED")).Ignored);

    [Theory]
    [InlineData("\"occur_at\":1795207702,", "", "occur_at")]
    [InlineData("1795207702", "\"x\"", "occur_at")]
    [InlineData("1795207702", "99999999999999999999", "occur_at")]
    [InlineData("1795207702", "1", "the time of the event")]
    [InlineData("acme/backend", "acme backend", "repository.repo_full_name")]
    [InlineData("\"resources\"", "\"r\"", "resources")]
    [InlineData("sha256:0", "sha256:x", "resources.digest")]
    [InlineData("v2.0.0\",\"resource", "v2 0\",\"resource", "resources.tag")]
    public void Parse_EventThatCannotBeUsed_IsRejectedByName(string what, string with, string named) =>
        Assert.StartsWith(named, Assert.Single(Parse(Default().Replace(what, with, StringComparison.Ordinal)).Rejected).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("hello")]
    public void Parse_WhatIsNoWebhook_IsNoSuchFeed(string body) => Assert.False(Assert.Throws<FeedFormatException>(() => Parse(body)).IsTooLarge);
}
