using VendorPortal.Enrichment;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Journal;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

/// <summary>Lines of access logs of every format, and lines that are none.</summary>
public sealed class AccessLogTests
{
    private const string Line = """203.0.113.7 - alice [20/Nov/2026:20:47:23 +0000] "GET /v2/acme/app/manifests/1.0 HTTP/1.1" 200 424 "-" "docker/28.5.2" """;
    private static readonly DateTime Now = new(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string Digest = RequestGenerators.Digest(1);

    private static FeedBatch Parse(string text, string format = "combined", string? address = null) =>
        FeedText.Parse(new AccessLog(new AccessLogFormat(format, address).Layout(), 42, new LineOrder()), text, Now);

    private static string Words(RegistryRequest r) => string.Join('|', r.AtUtc.ToString("O"), r.Method, r.Repository, r.Tag, r.Digest, r.Status, r.Address is null ? null : IpAddressText.Format(r.Address), r.User, r.UserAgent);

    [Theory]
    [InlineData(Line, "2026-11-20T20:47:23.0000000Z|Get|acme/app|1.0||200|203.0.113.7|alice|docker/28.5.2")]
    [InlineData("""2001:db8::7 - - [20/Nov/2026:22:47:23 +0200] "HEAD /v2/acme/a/b/manifests/latest?ns=docker.io HTTP/2.0" 304 0 "-" "-" """, "2026-11-20T20:47:23.0000000Z|Head|acme/a/b|latest||304|2001:db8::7||")]
    [InlineData("""unix: - - [20/Nov/2026:20:47:23 -0130] "GET /v2/acme/app/manifests/1.0" 200 0 "-" "a\x22b\x5C(linux\x5C) \xC3\xAB" """, "2026-11-20T22:17:23.0000000Z|Get|acme/app|1.0||200|||a\"b\\(linux\\) ë")]
    [InlineData("""203.0.113.7 - a\"b [20/Nov/2026:20:47:23 +0000] "GET /v2/acme/app/manifests/1.0 HTTP/1.1" 401 - "-" "x \"quoted\" \\ y" 1 "router" "http://10.0.0.1" 2ms""", "2026-11-20T20:47:23.0000000Z|Get|acme/app|1.0||401|203.0.113.7|a\"b|x \"quoted\" \\ y")]
    [InlineData("""203.0.113.7 - x [y [20/Nov/2026:20:47:23 +0000] \x22GET [20/Nov/2026:20:47:24 +0000] "GET /v2/acme/app/manifests/1.0 HTTP/1.1" 200 1 "-" "c" """, "2026-11-20T20:47:24.0000000Z|Get|acme/app|1.0||200|203.0.113.7|x [y [20/Nov/2026:20:47:23 +0000] \"GET|c")]
    public void Combined_LineOfAManifest_ReadsEveryField(string line, string expected)
    {
        var batch = Parse(line);

        Assert.Empty(batch.Rejected);
        Assert.Equal(expected, Words(Assert.Single(batch.Requests)));
    }

    [Fact]
    public void Combined_PathWithAnEscapedDigest_IsARequestByDigest()
    {
        var request = Assert.Single(Parse(Line.Replace("/1.0 ", $"/{Digest.Replace(":", "%3A", StringComparison.Ordinal)} ", StringComparison.Ordinal)).Requests);

        Assert.Equal((null, Digest), (request.Tag, request.Digest));
    }

    [Theory]
    [InlineData("""127.0.0.1 - - [20/Nov/2026:20:47:23 +0000] "\x16\x03\x01\x00\xDE" 400 157 "-" "-" """)]
    [InlineData("""127.0.0.1 - - [20/Nov/2026:20:47:23 +0000] "" 400 0 "-" "-" """)]
    [InlineData("""127.0.0.1 - - [20/Nov/2026:20:47:23 +0000] "GET /v2/ HTTP/1.1" 401 87 "-" "skopeo/1.9.3" """)]
    [InlineData("""127.0.0.1 - a [20/Nov/2026:20:47:23 +0000] "GET /v2/acme/app/blobs/sha256:d86099c0 HTTP/1.1" 200 87 "-" "x" """)]
    [InlineData("""127.0.0.1 - a [20/Nov/2026:20:47:23 +0000] "DELETE /v2/acme/app/manifests/1.0 HTTP/1.1" 202 87 "-" "x" """)]
    [InlineData("""127.0.0.1 - a [20/Nov/2026:20:47:23 +0000] "PUT /v2/acme/app/manifests/1.0 HTTP/1.1" 401 87 "-" "x" """)]
    [InlineData("""127.0.0.1 - a [20/Nov/2026:20:47:23 +0000] "GET /manifests/1.0 HTTP/1.1" 200 87 "-" "x" """)]
    [InlineData("""127.0.0.1 - a [20/Nov/2026:20:47:23 +0000] "GET /v2/manifests/1.0 HTTP/1.1" 200 87 "-" "x" """)]
    public void Combined_OtherRequest_IsIgnored(string line)
    {
        var batch = Parse(line);

        Assert.Equal((1, 0, 0, 0), (batch.Ignored, batch.Requests.Count, batch.Rejected.Count, batch.Pushes));
    }

    [Fact]
    public void Combined_AnsweredPut_TellsThePublisher()
    {
        var batch = Parse("""127.0.0.1 - ci [20/Nov/2026:20:47:23 +0000] "PUT /v2/acme/app/manifests/1.0 HTTP/1.1" 201 0 "-" "x" """);

        Assert.Equal((1, new PublisherFact("acme/app", "ci")), (batch.Pushes, Assert.Single(batch.Publishers)));
    }

    [Theory]
    [InlineData("20/Nov/2026:20:47:23 +0000", "20/Foo/2026:20:47:23 +0000", "the time")]
    [InlineData("20/Nov/2026:20:47:23 +0000", "31/Nov/2026:20:47:23 +0000", "the time")]
    [InlineData("20/Nov/2026", "20/Nov/2019", "the time")]
    [InlineData("20/Nov/2026", "20/Nov/2027", "the time")]
    [InlineData("\" 200 ", "\" abc ", "status")]
    [InlineData("\" 200 ", "\" 999 ", "status")]
    [InlineData("manifests/1.0", "manifests/a%20b", "the tag of the path")]
    [InlineData("manifests/1.0", "manifests/", "the path names no tag")]
    [InlineData("acme/app/", "acme/a%0Ab/", "the repository of the path")]
    [InlineData("\"GET", "GET", "the line is not of the feed's log format")]
    [InlineData(" HTTP/1.1\" 200 424 \"-\" \"docker/28.5.2\"", "", "the line is not of the feed's log format")]
    public void Combined_LineThatCannotBeUsed_IsRejectedByNameAndItsNeighboursKept(string what, string with, string named)
    {
        var batch = Parse($"{Line}\n{Line.Replace(what, with, StringComparison.Ordinal)}\n{Line}");

        var rejected = Assert.Single(batch.Rejected);
        Assert.Equal(1, rejected.Index);
        Assert.StartsWith(named, rejected.Reason, StringComparison.Ordinal);
        Assert.Contains("acme", rejected.Sample!, StringComparison.Ordinal);
        Assert.Equal(2, batch.Requests.Count);
    }

    [Fact]
    public void Lines_Identical_AreRequestsOfTheirOwnInTheirOrder()
    {
        var text = string.Concat(Enumerable.Repeat(Line + "\r\n", 3)) + Line.Replace("GET", "HEAD", StringComparison.Ordinal);
        var (first, again) = (Parse(text).Requests, Parse(text).Requests);

        Assert.Equal(4, first.Select(r => r.EventId).Distinct().Count());
        Assert.Equal(first.Select(r => (r.EventId, r.AtUtc)), again.Select(r => (r.EventId, r.AtUtc)));
        Assert.Equal([0, 1, 2, 3], first.Select(r => r.AtUtc.Ticks % TimeSpan.TicksPerSecond));
        Assert.Equal(first[0].EventId, Parse(Line).Requests[0].EventId);
    }

    [Theory]
    [InlineData("$remote_addr [$time_iso8601] $request_method $request_uri $status", "203.0.113.7 [2026-11-20T21:47:23+01:00] GET /v2/acme/app/manifests/1.0 200", "2026-11-20T20:47:23.0000000Z|Get|acme/app|1.0||200|203.0.113.7||")]
    [InlineData("${msec}s $status \"$request\" [$sent_http_docker_content_digest] $http_x_real_ip", "1795207643.204s 200 \"GET /v2/acme/app/manifests/1.0 HTTP/1.1\" [{digest}] 10.0.0.1", "2026-11-20T20:47:23.2040000Z|Get|acme/app|1.0|{digest}|200|||")]
    [InlineData("'$msec $status \"$request\" '\n '$http_user_agent'", "1795207643 200 \"GET /v2/acme/app/manifests/1.0 HTTP/1.1\" curl/8 (x)", "2026-11-20T20:47:23.0000000Z|Get|acme/app|1.0||200|||curl/8 (x)")]
    [InlineData("log_format main escape=json '{\"t\":\"$msec\",\"u\":\"$remote_user\",\"r\":\"$request\",\"s\":$status,\"a\":\"$http_user_agent\"}';", "{\"t\":\"1795207643.204\",\"u\":\"b\\u00f6b\",\"r\":\"GET /v2/acme/app/manifests/1.0 HTTP/1.1\",\"s\":200,\"a\":\"x \\\"y\\\" \\\\\"}", "2026-11-20T20:47:23.2040000Z|Get|acme/app|1.0||200||böb|x \"y\" \\")]
    [InlineData("escape=none $status|$msec|$request|$http_user_agent|", "200|1795207643.204|GET /v2/acme/app/manifests/1.0 HTTP/1.1|a\"b\\x22|", "2026-11-20T20:47:23.2040000Z|Get|acme/app|1.0||200|||a\"b\\x22")]
    public void LogFormat_OfAnyShape_IsReadAsItIsWritten(string format, string line, string expected) =>
        Assert.Equal(expected.Replace("{digest}", Digest, StringComparison.Ordinal), Words(Assert.Single(Parse(line.Replace("{digest}", Digest, StringComparison.Ordinal), format).Requests)));

    [Fact]
    public void LogFormat_WithAnAddressOfItsOwn_TakesTheLastEntry()
    {
        const string Format = "$remote_addr $msec $status \"$request\" \"$http_x_forwarded_for\"";
        const string Logged = "10.0.0.1 1795207643.204 200 \"GET /v2/acme/app/manifests/1.0 HTTP/1.1\" \"192.0.2.66, 203.0.113.7\"";

        Assert.Equal("203.0.113.7", IpAddressText.Format(Parse(Logged, Format, "$http_x_forwarded_for").Requests[0].Address!));
        Assert.Equal("10.0.0.1", IpAddressText.Format(Parse(Logged, Format).Requests[0].Address!));
    }

    [Theory]
    [InlineData("json:caddy", """{"level":"info","ts":1795207643.5241024,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.1","remote_port":"41342","client_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","host":"r","uri":"/v2/acme/app/manifests/1.0","headers":{"Accept":["*/*","a"],"User-Agent":["curl/7.82.0"],"Authorization":["REDACTED"]}},"bytes_read":0,"user_id":"","duration":0.0009,"size":10900,"status":200,"resp_headers":{"Server":["Caddy"],"Docker-Content-Digest":["{digest}"]}}""", "2026-11-20T20:47:23.5241024Z|Get|acme/app|1.0|{digest}|200|203.0.113.7||curl/7.82.0")]
    [InlineData("json:traefik", """{"ClientAddr":"203.0.113.7:5555","ClientHost":"203.0.113.7","ClientUsername":"-","DownstreamStatus":304,"OriginStatus":200,"RequestMethod":"HEAD","RequestPath":"/v2/acme/app/manifests/1.0","StartUTC":"2026-11-20T20:47:23.123456789Z","time":"2026-11-20T20:47:24Z","request_User-Agent":"docker/28","downstream_Docker-Content-Digest":"{digest}"}""", "2026-11-20T20:47:23.1234567Z|Head|acme/app|1.0|{digest}|304|203.0.113.7||docker/28")]
    [InlineData("json:nginx", """{"time_local":"20/Nov/2026:20:47:23 +0000","request":"GET \/v2\/acme\/app\/manifests\/1.0 HTTP/1.1","status":"200","remote_addr":"203.0.113.7","remote_user":"","http_user_agent":"a\"b"}""", "2026-11-20T20:47:23.0000000Z|Get|acme/app|1.0||200|203.0.113.7||a\"b")]
    [InlineData("""json:{"time":["t","when"],"method":"req.m","uri":"req.u","status":"s","address":"ip","user":"who"}""", """{"when":1795207643123,"req":{"u":"/v2/acme/app/manifests/1.0","m":"GET","x":[{"deep":[1]}]},"s":200,"ip":"203.0.113.7:80","who":"alice"}""", "2026-11-20T20:47:23.1230000Z|Get|acme/app|1.0||200|203.0.113.7|alice|")]
    public void Json_OfAPresetOrAMap_ReadsEveryField(string format, string line, string expected) =>
        Assert.Equal(expected.Replace("{digest}", Digest, StringComparison.Ordinal), Words(Assert.Single(Parse(line.Replace("{digest}", Digest, StringComparison.Ordinal), format).Requests)));

    [Theory]
    [InlineData("[]", "the line is not a JSON object")]
    [InlineData("{", "the line is not JSON")]
    [InlineData("{} {}", "the line is not JSON")]
    [InlineData("""{"uri":"/v2/a/manifests/1","method":"GET","msec":"x","status":200}""", "the time")]
    public void Json_LineThatCannotBeUsed_IsRejectedByNameAndItsNeighboursKept(string line, string named)
    {
        const string Good = """{"uri":"/v2/a/manifests/1","method":"GET","msec":"1795207643.1","status":200}""";
        var batch = Parse($"{Good}\n{line}\n{Good}", "json:nginx");

        Assert.StartsWith(named, Assert.Single(batch.Rejected).Reason, StringComparison.Ordinal);
        Assert.Equal(2, batch.Requests.Count);
    }

    [Fact]
    public void Sample_OfARejectedLine_HidesSecretsAndIsShort()
    {
        var line = $"GET /v2/?token=abc123&x=1 Authorization: Bearer s3cr3t.value \"password\":\"hunter2\" https://user:pw@host/ eyJhbGciOiJI.eyJzdWIiOiIx.c2ln \u001b[31m {new string('x', 5_000)}";

        var sample = Parse($"{Line}\n{line}").Rejected[0].Sample!;

        Assert.True(sample.Length <= EventSample.MaxLength);
        Assert.DoesNotContain(sample, char.IsControl);
        foreach (var secret in (string[])["abc123", "s3cr3t", "hunter2", "user:pw", "eyJ"])
            Assert.DoesNotContain(secret, sample, StringComparison.Ordinal);
        Assert.Contains("x=1", sample, StringComparison.Ordinal);
    }

    // From the reference implementation's list of vectors: key 00 01 … 0f, input 00 01 … of the length told.
    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    public void LineHash_OfPublishedVectors_IsAsPublished(int length, string expected)
    {
        var key = new UInt128(0x0f0e0d0c0b0a0908, 0x0706050403020100);
        var hash = LineHash.Of(key, [.. Enumerable.Range(0, length).Select(i => (byte)i)]);

        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, hash);
        Assert.Equal(expected, Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void LineOrder_OfLinesThatShareATime_StaysBelowItsResolution()
    {
        var order = new LineOrder();

        Assert.Equal([100L, 101, 102, 200, 103], [order.Next(100, 10), order.Next(100, 10), order.Next(100, 10), order.Next(200, 10), order.Next(100, 10)]);
        for (var i = 0; i < 50; i++)
            Assert.InRange(order.Next(100, 10), 100, 109);
    }
}
