using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Classification;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

public sealed class NdjsonTests
{
    private const string Good = """{"at":"2026-05-01T10:00:00.123Z","method":"GET","repository":"acme/app","tag":"1.0"}""";
    private static readonly DateTime Now = new(2026, 5, 2, 0, 0, 0, DateTimeKind.Utc);
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(400);

    private static FeedBatch Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    private static FeedBatch Parse(byte[] body) => FeedText.Parse(new Ndjson(), body, Now);

    [Fact]
    public void Parse_WholeLine_ReadsEveryField()
    {
        var digest = RequestGenerators.Digest(1);
        var request = Assert.Single(Parse(
            $$"""{"id":"e1","at":"2026-05-01T10:00:00.1234567+02:00","method":"HEAD","repository":"acme/app","tag":"1.0","digest":"{{digest}}","status":304,"address":"203.0.113.7:80","user":"alice","userAgent":"curl/8","push":false}""").Requests);

        Assert.Equal(
            ((EventKey)"e1", new DateTime(2026, 5, 1, 8, 0, 0, DateTimeKind.Utc).AddTicks(1_234_567), RequestMethod.Head, "acme/app", "1.0", digest, 304, "alice", "curl/8", false),
            (request.EventId, request.AtUtc, request.Method, request.Repository, request.Tag, request.Digest, request.Status, request.User, request.UserAgent, request.IsPush));
        Assert.Equal([203, 0, 113, 7], request.Address![^4..]);
    }

    [Fact]
    public void Parse_LineOfRequiredFields_HasDefaults()
    {
        var request = Assert.Single(Parse(Good).Requests);

        Assert.Equal((200, null, null, null, null, false), (request.Status, request.Digest, request.User, request.UserAgent, (object?)request.Address, request.IsPush));
        Assert.Equal(EventKey.Of(Encoding.UTF8.GetBytes(Good)), request.EventId);
    }

    [Fact]
    public void Parse_SameLineWithAnyLineEnd_HasTheSameId()
    {
        var ids = Parse($"{Good}\n{Good}\r\n\n  \n{Good} \t\r\n{Good}").Requests.Select(r => r.EventId).ToList();

        Assert.Equal(4, ids.Count);
        Assert.Single(ids.Distinct());
        Assert.NotEqual(ids[0], Parse(Good.Replace("1.0", "1.1", StringComparison.Ordinal)).Requests[0].EventId);
    }

    [Theory]
    [InlineData("\"at\":\"2026-05-01T10:00:00.123Z\",", "", "at")]
    [InlineData("10:00:00.123Z", "10:00:00", "at")]
    [InlineData("2026-05-01T", "1970-01-01T", "at")]
    [InlineData("2026-05-01T", "2100-01-01T", "at")]
    [InlineData("\"GET\"", "\"PUT\"", "method")]
    [InlineData("\"method\":\"GET\",", "", "method")]
    [InlineData("\"repository\":\"acme/app\",", "", "repository")]
    [InlineData("acme/app", "acme\\u0000/app", "repository")]
    [InlineData("\"tag\":\"1.0\"", "\"tag\":null", "one of tag and digest")]
    [InlineData("\"tag\":\"1.0\"", "\"tag\":\"\",\"digest\":\"\"", "one of tag and digest")]
    [InlineData("\"1.0\"", "\"a:b\"", "tag")]
    [InlineData("\"1.0\"", "\"1.0\",\"digest\":\"x\"", "digest")]
    [InlineData("\"1.0\"", "\"1.0\",\"status\":\"200\"", "status")]
    [InlineData("\"1.0\"", "\"1.0\",\"status\":99", "status")]
    [InlineData("\"1.0\"", "\"1.0\",\"status\":200.5", "status")]
    [InlineData("\"1.0\"", "\"1.0\",\"id\":\"\"", "id")]
    [InlineData("}", "", "the line is not JSON")]
    [InlineData("{", "[{", "the line is not JSON")]
    [InlineData("\"tag\"", "\"\\ud800\":1,\"tag\"", "the event has text")]
    public void Parse_LineThatCannotBeUsed_IsRejectedByNameAndItsNeighboursKept(string what, string with, string named)
    {
        var batch = Parse($"{Good}\n{Good.Replace(what, with, StringComparison.Ordinal)}\n{Good.Replace("1.0", "2.0", StringComparison.Ordinal)}");

        var rejected = Assert.Single(batch.Rejected);
        Assert.Equal(1, rejected.Index);
        Assert.StartsWith(named, rejected.Reason, StringComparison.Ordinal);
        Assert.Equal(["1.0", "2.0"], batch.Requests.Select(r => r.Tag));
    }

    [Fact]
    public void Parse_LineWithManifestAndPush_TeachesTheGraphAndThePublisher()
    {
        var (index, child) = (RequestGenerators.Digest(1), RequestGenerators.Digest(2));
        var batch = Parse(
            $$"""{"at":"2026-05-01T10:00:00Z","method":"GET","repository":"acme/app","digest":"{{index}}","user":"ci","push":true,"mediaType":"application/vnd.oci.image.index.v1+json","children":["{{child}}","x",7,"\ud800",null]}""");

        Assert.Equal(index, Assert.Single(batch.Manifests).Digest);
        Assert.Equal([(child, null)], batch.Manifests[0].Children!);
        Assert.Equal(new PublisherFact("acme/app", "ci"), Assert.Single(batch.Publishers));
        Assert.True(Assert.Single(batch.Requests).IsPush);
    }

    [Theory]
    [InlineData("hello\nworld")]
    [InlineData("[]\n42")]
    [InlineData("<html>")]
    public void Parse_NoLineIsAnObject_IsNoSuchFeed(string text) => Assert.False(Assert.Throws<FeedFormatException>(() => Parse(text)).IsTooLarge);

    [Theory]
    [InlineData("")]
    [InlineData("\n \r\n\t\n")]
    public void Parse_Nothing_IsNothing(string text)
    {
        var batch = Parse(text);

        Assert.Equal((0, 0), (batch.Requests.Count, batch.Rejected.Count));
    }

    [Fact]
    public void Parse_AnyBytesBetweenLines_KeepsTheLines() => Check.One(Many, Prop.ForAll(
        Gen.ArrayOf(Gen.Frequency((5, Gen.Choose(0, 255)), (2, Gen.Elements<int>('{', '}', '"', '\\', ':', '\n', 0xff))).Select(b => (byte)b)).ToArbitrary(),
        noise =>
        {
            var batch = Parse([.. Encoding.UTF8.GetBytes(Good), (byte)'\n', .. noise, (byte)'\n', .. Encoding.UTF8.GetBytes(Good)]);

            Assert.Equal(2, batch.Requests.Count(r => r.Tag == "1.0"));
        }));

    [Fact]
    public void Parse_MutatedLine_ThrowsNothingElse() => Check.One(Many, Prop.ForAll(
        (from edits in Gen.ListOf(Gen.Choose(0, Good.Length - 1).Zip(Gen.Choose(0, 255)), 3) select edits).ToArbitrary(),
        edits =>
        {
            var body = Encoding.UTF8.GetBytes(Good);
            foreach (var (at, to) in edits)
                body[at] = (byte)to;
            try
            {
                var batch = Parse(body);
                Assert.True(batch.Requests.Count + batch.Rejected.Count > 0);
            }
            catch (FeedFormatException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }));
}
