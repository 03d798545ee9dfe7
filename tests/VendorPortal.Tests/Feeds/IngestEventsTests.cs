using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Enrichment;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

/// <summary>What single events of a post become: none costs its neighbours, and each refusal names the field.</summary>
public sealed class IngestEventsTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    private PortalHost Portal => fixture.Portal;

    public static TheoryData<string, string> Spoiled() => new()
    {
        { "id", "id" }, { "timestamp", "timestamp" }, { "action", "action" }, { "request", "request.method" }, { "target", "target" },
        { "target.repository", "target.repository" }, { "target.digest", "target.digest" }, { "target.mediaType", "target.mediaType" }, { "request.method", "request.method" },
    };

    [Theory]
    [MemberData(nameof(Spoiled))]
    public async Task Post_EventWithoutAField_IsRejectedByNameAndItsNeighboursKept(string path, string named)
    {
        var names = path.Split('.');
        await AssertRejectedAsync(pull => (names.Length == 1 ? pull : pull[names[0]]!.AsObject()).Remove(names[^1]), named);
        await AssertRejectedAsync(pull => (names.Length == 1 ? pull : pull[names[0]]!.AsObject())[names[^1]] = 42, named);
    }

    [Theory]
    [InlineData("timestamp", "1970-01-01T00:00:00Z")]
    [InlineData("timestamp", "2019-12-31T23:59:59.9999999Z")]
    [InlineData("timestamp", "2100-01-01T00:00:00Z")]
    [InlineData("timestamp", "9999-12-31T23:59:59-14:00")]
    [InlineData("timestamp", "0001-01-01T00:00:00+14:00")]
    [InlineData("timestamp", "2026-05-01T10:00:00")]
    [InlineData("timestamp", "2026-05-01")]
    [InlineData("timestamp", "yesterday")]
    [InlineData("id", "")]
    [InlineData("request.method", "PUT")]
    [InlineData("request.method", "get")]
    [InlineData("target.digest", "sha256:short")]
    [InlineData("target.digest", "sha256:zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("target.repository", "acme/\u0007app")]
    [InlineData("target.repository", "acme app")]
    [InlineData("target.tag", "1.0\n2.0")]
    [InlineData("target.tag", "1.0 🚀")]
    [InlineData("target.tag", "sha256:0000000000000000000000000000000000000000000000000000000000000001")]
    public async Task Post_FieldThatCannotBeUsed_IsRejectedByName(string path, string value)
    {
        var names = path.Split('.');
        await AssertRejectedAsync(pull => (names.Length == 1 ? pull : pull[names[0]]!.AsObject())[names[^1]] = value, path);
    }

    [Fact]
    public async Task Post_FieldThatIsTooLong_IsRejectedByName()
    {
        await AssertRejectedAsync(pull => pull["id"] = new string('x', 257), "id");
        await AssertRejectedAsync(pull => pull["target"]!["tag"] = new string('x', 129), "target.tag");
        await AssertRejectedAsync(pull => pull["target"]!["repository"] = new string('x', 256), "target.repository");
        await AssertRejectedAsync(pull => pull["target"]!["digest"] = "sha256:" + new string('0', 10_000), "target.digest");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("42")]
    [InlineData("[]")]
    [InlineData("\"event\"")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"target\":{\"\\udc00\":{}},\"action\":\"pull\"}")]
    public async Task Post_WhatIsNoEvent_IsRejectedAndItsNeighboursKept(string text)
    {
        using var feed = await FeedClient.AddAsync(Portal);
        var good = FeedClient.Pull(Guid.NewGuid().ToString(), DateTimeOffset.UtcNow).ToJsonString();

        var answer = await feed.PostAsync(Encoding.UTF8.GetBytes($"{{\"events\":[{good},{text}]}}"));

        Assert.Equal((HttpStatusCode.OK, 1, 1), (answer.Status, answer.Accepted, Assert.Single(answer.Rejected).Index));
    }

    [Fact]
    public async Task Post_LongAndStrangeText_IsClampedAndKept()
    {
        using var feed = await FeedClient.AddAsync(Portal);
        var rocket = string.Concat(Enumerable.Repeat("🚀", 200));

        var answer = await feed.PostAsync(
            FeedClient.Pull("long", DateTimeOffset.UtcNow, p => p["request"]!["useragent"] = "x" + new string('y', 9_999)),
            FeedClient.Pull("strange", DateTimeOffset.UtcNow, p =>
            {
                p["request"]!["useragent"] = " \u0000curl\u001b[31m/8.4.0\u0085 ";
                p["actor"]!["name"] = "al\u0000ice\r\n🚀";
            }),
            FeedClient.Pull("rocket", DateTimeOffset.UtcNow, p => p["actor"]!["name"] = "a" + rocket),
            FeedClient.Pull("nothing", DateTimeOffset.UtcNow, p =>
            {
                p["actor"]!["name"] = "\u0001\u0002 ";
                p["request"]!["useragent"] = "";
            }));

        Assert.Equal((4, 0), (answer.Accepted, answer.Rejected.Count));
        var rows = await RowsAsync(feed);
        Assert.Equal(["curl[31m/8.4.0", "x" + new string('y', 511)], rows.Select(r => r.UserAgent).OfType<string>().Where(a => !a.StartsWith("containerd", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("alice🚀", rows.Select(r => r.User));
        Assert.Contains("a" + rocket[..254], rows.Select(r => r.User)); // 255: the last pair would not fit whole
        Assert.Single(rows, r => r.User is null && r.UserAgent is null);
    }

    [Theory]
    [InlineData("unix:", null)]
    [InlineData("@", null)]
    [InlineData("", null)]
    [InlineData("registry.example:443", null)]
    [InlineData("203.0.113.7:52090", "203.0.113.7")]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("[::ffff:203.0.113.7]:443", "203.0.113.7")]
    [InlineData("[2001:DB8::7]:443", "2001:db8::7")]
    [InlineData("2001:db8:0:0::7", "2001:db8::7")]
    public async Task Post_AddressInAnyForm_IsReadOrUnknown(string address, string? expected)
    {
        using var feed = await FeedClient.AddAsync(Portal);

        var answer = await feed.PostAsync(FeedClient.Pull("a", DateTimeOffset.UtcNow, p => p["request"]!["addr"] = address));

        Assert.Equal(1, answer.Accepted);
        Assert.Equal(expected, Assert.Single(await RowsAsync(feed)).Address);
    }

    [Fact]
    public async Task Post_BlobsMountsAndDeletions_AreIgnored()
    {
        using var feed = await FeedClient.AddAsync(Portal);
        var at = DateTimeOffset.UtcNow;

        var answer = await feed.PostAsync(
            FeedClient.Pull("1", at, p => p["target"]!["mediaType"] = "application/octet-stream"),
            FeedClient.Pull("2", at, p =>
            {
                p["target"]!["mediaType"] = "application/octet-stream";
                p["target"]!["url"] = "http://r/v2/acme/manifests/app/blobs/sha256:1";
            }),
            FeedClient.Pull("3", at, p => p["action"] = "mount"),
            FeedClient.Pull("4", at, p => p["action"] = "delete"),
            FeedClient.Pull("5", at, p =>
            {
                p["action"] = "push";
                p["target"]!["mediaType"] = "application/octet-stream";
            }),
            new JsonObject { ["action"] = "delete", ["target"] = new JsonObject { ["repository"] = "acme/app", ["tag"] = "1.0" } });

        Assert.Equal((0, 0, 6, 0), (answer.Accepted, answer.Duplicates, answer.Ignored, answer.Rejected.Count));
        Assert.Empty(await RowsAsync(feed));
    }

    [Fact]
    public async Task Post_ManifestOfATypeUnknownHere_IsKnownByItsUrl()
    {
        using var feed = await FeedClient.AddAsync(Portal);

        var answer = await feed.PostAsync(FeedClient.Pull("1", DateTimeOffset.UtcNow, p =>
        {
            p["target"]!["mediaType"] = "application/vnd.example.new+json";
            p["target"]!["url"] = "http://r/v2/acme/app/manifests/sha256:1";
        }));

        Assert.Equal(1, answer.Accepted);
    }

    [Fact]
    public async Task Post_TimeInAnotherZoneWithNineDigits_IsThatMoment()
    {
        using var feed = await FeedClient.AddAsync(Portal);

        await feed.PostAsync(FeedClient.Pull("1", DateTimeOffset.UtcNow, p => p["timestamp"] = "2026-11-20T16:00:56.223249849-05:00"));

        await using var context = Context();
        var row = await context.RegistryRequests.SingleAsync(r => r.FeedId == FeedNumber(feed));
        Assert.Equal(new DateTime(2026, 11, 20, 21, 0, 56, DateTimeKind.Utc).AddTicks(2_232_498), PullIds.TimeOf(row.Id).AddTicks(row.TicksOffset));
    }

    [Fact]
    public async Task Post_Answer_HasExactlyItsFields()
    {
        using var feed = await FeedClient.AddAsync(Portal);

        var answer = await feed.PostAsync(FeedClient.Pull("1", DateTimeOffset.UtcNow), FeedClient.Pull("1", DateTimeOffset.UtcNow), null);

        Assert.Equal("""{"accepted":1,"duplicates":1,"ignored":0,"rejected":[{"index":2,"reason":"the event is not an object"}]}""", answer.Body.GetRawText());
        Assert.Equal("application/json", answer.MediaType);
    }

    [Fact]
    public async Task Post_SameEvents_AreCountedOnce()
    {
        using var feed = await FeedClient.AddAsync(Portal);
        using var other = await FeedClient.AddAsync(Portal);
        var at = DateTimeOffset.UtcNow;
        var body = FeedClient.Envelope(FeedClient.Pull("same", at), FeedClient.Pull("same", at), FeedClient.Pull("another", at));

        var first = await feed.PostAsync(body);
        var again = await feed.PostAsync(body);
        var elsewhere = await other.PostAsync(body);

        Assert.Equal((2, 1), (first.Accepted, first.Duplicates));
        Assert.Equal((0, 3), (again.Accepted, again.Duplicates));
        Assert.Equal((2, 1), (elsewhere.Accepted, elsewhere.Duplicates));
        Assert.Equal((2, 2), ((await RowsAsync(feed)).Count, (await RowsAsync(other)).Count));
    }

    [Fact]
    public async Task Post_SameEventFiftyTimesAtOnce_IsAcceptedOnce()
    {
        using var feed = await FeedClient.AddAsync(Portal);
        var body = FeedClient.Envelope(FeedClient.Pull("same", DateTimeOffset.UtcNow));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => feed.PostAsync(body)));

        Assert.Equal((1, 49), (answers.Sum(a => a.Accepted), answers.Sum(a => a.Duplicates)));
        Assert.Single(await RowsAsync(feed));
        await using var context = Context();
        var counted = await context.Feeds.SingleAsync(f => f.Id == FeedNumber(feed));
        Assert.Equal((1, 49), (counted.Accepted, counted.Duplicates));
    }

    private async Task AssertRejectedAsync(Action<JsonObject> spoil, string named)
    {
        using var feed = await FeedClient.AddAsync(Portal);
        var at = DateTimeOffset.UtcNow;

        var answer = await feed.PostAsync(FeedClient.Pull("before", at), FeedClient.Pull("spoiled", at, spoil), FeedClient.Pull("after", at));

        Assert.Equal((HttpStatusCode.OK, 2, 0, 0), (answer.Status, answer.Accepted, answer.Duplicates, answer.Ignored));
        var (index, reason) = Assert.Single(answer.Rejected);
        Assert.Equal(1, index);
        Assert.StartsWith(named, reason, StringComparison.Ordinal);
        Assert.Equal(2, (await RowsAsync(feed)).Count);
        await using var context = Context();
        var counted = await context.Feeds.SingleAsync(f => f.Id == FeedNumber(feed));
        Assert.Equal((1, reason), (counted.Rejected, counted.LastRejection));
    }

    private PortalDbContext Context() => Portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(Portal.VendorId);

    private static int FeedNumber(FeedClient feed) => int.Parse(feed.Feed.Id.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);

    private async Task<List<(string? User, string? UserAgent, string? Address)>> RowsAsync(FeedClient feed)
    {
        var number = FeedNumber(feed);
        await using var context = Context();
        var rows = await (
            from request in context.RegistryRequests.Where(r => r.FeedId == number)
            join user in context.RegistryUsers on request.UserId equals (int?)user.Id into users
            from user in users.DefaultIfEmpty()
            join client in context.Clients on request.ClientId equals (int?)client.Id into clients
            from client in clients.DefaultIfEmpty()
            join address in context.Addresses on request.AddressId equals (int?)address.Id into addresses
            from address in addresses.DefaultIfEmpty()
            select new { User = user == null ? null : user.Principal, Agent = client == null ? null : client.UserAgent, Address = address == null ? null : address.Value }).ToListAsync();
        return rows.ConvertAll<(string?, string?, string?)>(r => (r.User, r.Agent, r.Address is null ? null : IpAddressText.Format(r.Address)));
    }
}
