using VendorPortal.Classification;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

public sealed class DvpCsvTests
{
    private const string Header = "timestamp,namespace,repository,reference,digest,tag,action_day,http_method,action,type,host,country,user_agent_tool,user_agent_version,domain,owner";
    private static readonly DateTime Now = new(2026, 5, 2, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string Digest = RequestGenerators.Digest(1);

    private static string Row(string action = "pull_by_tag", string tag = "1.0", string reference = "1.0") =>
        $"2026-04-30 10:11:12,acme,app,{reference},{Digest},{tag},2026-04-30,GET,{action},isp,aws,DE,docker,28.5.2,example.com,acme";

    private static FeedBatch Parse(params string[] lines) => FeedText.Parse(new DvpCsv(), string.Join("\r\n", lines), Now);

    [Fact]
    public void Parse_Row_IsOnePullOfTheKindItNames()
    {
        var request = Assert.Single(Parse(Header, Row()).Requests);

        Assert.Equal(
            (new DateTime(2026, 4, 30, 10, 11, 12, DateTimeKind.Utc), PullKind.PullByTag, "acme/app", "1.0", Digest, "docker/28.5.2", null, null),
            (request.AtUtc, request.GivenKind, request.Repository, request.Tag, request.Digest, request.UserAgent, request.User, request.Address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\\N")]
    [InlineData("\\\\N")]
    public void Parse_RowByDigest_HasNoTag(string tag)
    {
        var request = Parse(Header, Row("pull_by_digest", tag, Digest)).Requests[0];

        Assert.Equal((PullKind.PullByDigest, null, Digest), (request.GivenKind, request.Tag, request.Digest));
    }

    [Fact]
    public void Parse_OtherOrderAndSpelling_IsRead()
    {
        var request = Assert.Single(Parse("\uFEFF\"Action\",\"User agent tool\",Repository,Namespace,Reference,Timestamp,extra", "version_check,\"curl, 8.4\",app,acme,latest,2026-04-30 00:00:00,\"a\"\"b\"").Requests);

        Assert.Equal((PullKind.VersionCheck, "curl, 8.4", "acme/app", "latest", RequestMethod.Head), (request.GivenKind, request.UserAgent, request.Repository, request.Tag, request.Method));
    }

    [Fact]
    public void Parse_RowsOfTheSameText_AreRowsOfTheirOwnAndTheSameAgain()
    {
        var first = Parse(Header, Row(), Row(), Row("version_check")).Requests.Select(r => r.EventId).ToList();

        Assert.Equal(3, first.Distinct().Count());
        Assert.Equal(first, Parse(Header, Row(), Row(), Row("version_check")).Requests.Select(r => r.EventId));
    }

    [Theory]
    [InlineData("pull_by_tag", "pull", "action")]
    [InlineData("2026-04-30 10", "yesterday 10", "timestamp")]
    [InlineData("2026-04-30 10", "2016-04-30 10", "timestamp")]
    [InlineData(",app,", ",,", "repository")]
    [InlineData("sha256:0", "sha256:x", "digest")]
    [InlineData("acme,app,1.0", "acme,app,\"1.0", "the line is not CSV")]
    public void Parse_RowThatCannotBeUsed_IsRejectedByNameAndItsNeighboursKept(string what, string with, string named)
    {
        var batch = Parse(Header, Row(), Row().Replace(what, with, StringComparison.Ordinal), Row());

        var rejected = Assert.Single(batch.Rejected);
        Assert.Equal(1, rejected.Index);
        Assert.StartsWith(named, rejected.Reason, StringComparison.Ordinal);
        Assert.Equal(2, batch.Requests.Count);
    }

    [Fact]
    public void Parse_WithoutTheHeader_IsNoSuchFeedAndSaysWhatIsMissing() =>
        Assert.Contains("missing: timestamp, repository, action, reference", Assert.Throws<FeedFormatException>(() => Parse(Row())).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Rows_OfOneSecond_BecomeAPullEachThatSaysWhereItsKindIsFrom()
    {
        await using var pipeline = await Pipeline.StartAsync();
        var batch = Parse(Header, Row(), Row(), Row("pull_by_digest", "", Digest), Row("version_check"));

        await pipeline.SendAsync(batch);
        await pipeline.CrashAsync();
        await pipeline.AdvanceAsync(10);

        Assert.Equal(["PullByTag 1.0×1", "PullByTag 1.0×1", "PullByDigest @1×1", "VersionCheck 1.0×1"], await pipeline.LogAsync());
        await pipeline.SendAsync(batch);
        await pipeline.AdvanceAsync(10);
        Assert.Equal(4, (await pipeline.LogAsync()).Count);
    }
}
