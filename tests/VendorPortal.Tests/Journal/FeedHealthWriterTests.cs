using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Journal;

/// <summary>What the journal keeps of each feed's health, in its own transactions.</summary>
public sealed class FeedHealthWriterTests : IAsyncLifetime
{
    private static readonly DateTime Now = new(2026, 5, 1, 12, 30, 0, DateTimeKind.Utc);

    private readonly TestStore store = new();
    private SqliteConnection connection = null!;
    private JournalWriter writer = null!;
    private int vendorId;

    public async Task InitializeAsync()
    {
        vendorId = await store.AddVendorAsync();
        connection = store.Database.OpenWriter();
        writer = new JournalWriter(connection);
    }

    public async Task DisposeAsync()
    {
        writer.Dispose();
        await connection.DisposeAsync();
        store.Dispose();
    }

    private static RegistryRequest Request(string id, DateTime at, string? userAgent = null) =>
        new() { EventId = id, AtUtc = at, Method = RequestMethod.Head, Repository = "acme/app", Tag = "1.0", User = "alice", UserAgent = userAgent };

    private void Write(DateTime now, Action<FeedBatch> fill, int feed = 1)
    {
        var batch = new FeedBatch();
        fill(batch);
        writer.Write([new JournalPost(vendorId, feed, batch)], now);
    }

    private static Action<FeedBatch> Reject(string reason, string bytes) => batch => batch.Reject(reason, Encoding.UTF8.GetBytes(bytes));

    private async Task<List<FeedRejection>> RejectionsAsync()
    {
        await using var context = store.Contexts.ForVendor(vendorId);
        return await context.FeedRejections.OrderBy(r => r.Reason).ToListAsync();
    }

    private async Task<Feed> FeedAsync(int feed = 1)
    {
        await using var context = store.Contexts.ForVendor(vendorId);
        return await context.Feeds.SingleAsync(f => f.Id == feed);
    }

    [Fact]
    public async Task Write_Requests_KeepsNewestTimeAndTheLastOneAsParsed()
    {
        Write(Now, b => b.Requests.AddRange([Request("a", Now.AddMinutes(-1)), Request("b", Now.AddMinutes(-5), "curl token=hunter2 " + new string('x', 5_000))]));
        Write(Now.AddSeconds(5), b => b.Pushes = 1);
        Write(Now.AddSeconds(6), b => b.Requests.Add(Request("a", Now.AddMinutes(-9))), feed: 2);

        var feed = await FeedAsync();
        Assert.Equal((Now.AddMinutes(-1), Now, Now.AddSeconds(5)), (feed.NewestEventUtc, feed.LastRequestUtc, feed.LastReceivedUtc));
        var last = ReceivedRequest.Parse(feed.LastRequest)!;
        Assert.Equal((Now.AddMinutes(-5), "HEAD", "acme/app", "1.0", null, "alice"), (last.At, last.Method, last.Repository, last.Tag, last.Digest, last.User));
        Assert.StartsWith("curl token=*** xxx", last.UserAgent, StringComparison.Ordinal);
        Assert.Equal(EventSample.MaxLength, last.UserAgent!.Length);
        Assert.Equal(Now.AddMinutes(-9), (await FeedAsync(2)).NewestEventUtc);
    }

    [Fact]
    public async Task Write_OlderRequests_LeaveTheNewestTime()
    {
        Write(Now, b => b.Requests.Add(Request("a", Now)));
        Write(Now.AddHours(1), b => b.Requests.Add(Request("b", Now.AddDays(-3).AddMilliseconds(1))));

        Assert.Equal(Now, (await FeedAsync()).NewestEventUtc);
    }

    [Fact]
    public async Task Write_ManyInASecond_KeepsTheFirstRequestAndCountsAll()
    {
        for (var i = 0; i < 10; i++)
            Write(Now.AddMilliseconds(i * 99), b => b.Requests.Add(Request($"{i}", Now, $"agent {i}")));
        Assert.Equal("agent 0", ReceivedRequest.Parse((await FeedAsync()).LastRequest)!.UserAgent);

        Write(Now.AddSeconds(1), b => b.Requests.Add(Request("next", Now, "agent next")));

        var feed = await FeedAsync();
        Assert.Equal(("agent next", 11), (ReceivedRequest.Parse(feed.LastRequest)!.UserAgent, feed.Accepted));
    }

    [Fact]
    public async Task Write_Refusals_CountsByReasonWithTheNewestThreeSamples()
    {
        for (var i = 0; i < 6; i++)
            Write(Now.AddSeconds(i), Reject("at is missing", $"event {i} password=hunter{i}"));
        Write(Now.AddSeconds(9), Reject("tag is bad", "x"));

        var rejections = await RejectionsAsync();
        Assert.Equal([("at is missing", 6, Now.AddSeconds(5)), ("tag is bad", 1, Now.AddSeconds(9))], rejections.Select(r => (r.Reason, r.Count, r.LastUtc)));
        Assert.Equal(["event 5 password=***", "event 4 password=***", "event 3 password=***"], JsonSerializer.Deserialize<string[]>(rejections[0].Samples)!);
    }

    [Fact]
    public async Task Write_RefusalsInASecond_SamplesFollowWithTheNextOne()
    {
        Write(Now, Reject("a", "one"));
        Write(Now.AddMilliseconds(100), b => { Reject("a", "two")(b); Reject("b", "first of b")(b); });
        Assert.Equal(["[\"one\"]", "[\"first of b\"]"], (await RejectionsAsync()).Select(r => r.Samples));

        Write(Now.AddSeconds(2), Reject("a", "three"));

        Assert.Equal("[\"three\",\"two\",\"one\"]", (await RejectionsAsync())[0].Samples);
    }

    [Fact]
    public async Task Write_MoreReasonsThanKept_AreCountedTogetherAlsoAfterARestart()
    {
        Write(Now, b => { for (var i = 0; i < 40; i++) Reject($"reason {i:D3}", "x")(b); });
        using (var another = new JournalWriter(connection))
        {
            var batch = new FeedBatch();
            for (var i = 30; i < 80; i++)
                Reject($"reason {i:D3}", $"y{i}")(batch);
            Reject(new string('r', 5_000), "long")(batch);
            another.Write([new JournalPost(vendorId, 1, batch)], Now.AddSeconds(3));
        }

        var rejections = await RejectionsAsync();
        Assert.Equal(FeedRejection.MaxReasons + 1, rejections.Count);
        Assert.Equal(31, rejections.Single(r => r.Reason == FeedRejection.Other).Count); // 30 and the long one
        Assert.Equal("[\"y39\",\"x\"]", rejections.Single(r => r.Reason == "reason 039").Samples);
        Assert.Equal(91, rejections.Sum(r => r.Count));
    }

    [Fact]
    public async Task Write_AfterTheHoursAreOver_DropsThem()
    {
        Write(Now, b => b.Ignored = 1);
        Write(Now.AddDays(FeedHour.KeptDays), b => b.Ignored = 2);
        await using var context = store.Contexts.ForVendor(vendorId);
        Assert.Equal([1L, 2L], await context.FeedHours.OrderBy(h => h.Hour).Select(h => h.Ignored).ToListAsync());

        Write(Now.AddDays(FeedHour.KeptDays).AddHours(1), b => b.Ignored = 3);

        Assert.Equal([2L, 3L], await context.FeedHours.OrderBy(h => h.Hour).Select(h => h.Ignored).ToListAsync());
    }

    // Whatever comes, hours, reasons and the feed's own counters tell the same.
    [Fact]
    public void Write_AnyPosts_HoursReasonsAndCountersAgree() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), Prop.ForAll(
        (from ids in Gen.Choose(0, 12).ListOf(5) from refused in Gen.Choose(0, 4).ListOf(3) from pushes in Gen.Choose(0, 2) from minutes in Gen.Choose(0, 90) select (ids, refused, pushes, minutes)).ListOf(8).ToArbitrary(),
        posts =>
        {
            var vendor = store.AddVendorAsync().Result;
            var now = Now;
            foreach (var post in posts)
            {
                var batch = new FeedBatch { Pushes = post.pushes, Ignored = 1 };
                batch.Requests.AddRange(post.ids.Select(id => Request($"{id}", Now.AddSeconds(id))));
                foreach (var reason in post.refused)
                    Reject($"reason {reason}", $"{reason}")(batch);
                now = now.AddMinutes(post.minutes);
                writer.Write([new JournalPost(vendor, 1, batch)], now);
            }

            using var context = store.Contexts.ForVendor(vendor);
            var feed = context.Feeds.Single(f => f.Id == 1);
            var hours = context.FeedHours.ToList();
            var stored = posts.SelectMany(p => p.ids).Distinct().Count();
            Assert.Equal((stored + posts.Sum(p => p.pushes), (long)posts.Sum(p => p.ids.Count) - stored, posts.Sum(p => p.refused.Count)), (feed.Accepted, feed.Duplicates, feed.Rejected));
            Assert.Equal((feed.Accepted, feed.Duplicates, feed.Rejected, feed.Ignored), (hours.Sum(h => h.Accepted), hours.Sum(h => h.Duplicates), hours.Sum(h => h.Rejected), hours.Sum(h => h.Ignored)));
            Assert.Equal(
                posts.SelectMany(p => p.refused).GroupBy(r => $"reason {r}").Select(g => (g.Key, (long)g.Count())).Order(),
                context.FeedRejections.AsEnumerable().Select(r => (r.Reason, r.Count)).Order());
        }));
}
