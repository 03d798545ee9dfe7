using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Pages;

public sealed class FeedsTests : PageContext
{
    private Task<VendorPortal.Feeds.CreatedFeed> AddAsync(string name, int vendor = VendorStore.Acme) =>
        Store.Feeds.AddAsync(vendor, name, FeedKind.Distribution, null, CancellationToken.None);

    private async Task CountAsync(long accepted, long rejected = 0, string? reason = null, DateTime? at = null)
    {
        await using var context = Store.Open();
        var when = at ?? VendorStore.Start;
        await context.Feeds.ExecuteUpdateAsync(set => set
            .SetProperty(f => f.Accepted, accepted).SetProperty(f => f.Rejected, rejected).SetProperty(f => f.LastRejection, reason).SetProperty(f => f.LastReceivedUtc, when));
    }

    [Fact]
    public async Task Page_NoFeeds_LeadsFromTheStepsToTheFirstEvent()
    {
        var page = RenderPage<VendorPortal.Components.Pages.Feeds>();
        Assert.Equal(3, page.FindAll(".story li").Count);

        await page.Find(".first button").ClickAsync();
        await page.Find("#feed-name").InputAsync("Production");
        await page.Find("form").SubmitAsync();

        var stanza = page.Find(".copy-block code").TextContent;
        var secret = stanza.Split("Bearer ")[1].Split('"')[0];
        Assert.NotNull(await Store.Feeds.AuthenticateAsync("1-1", secret, CancellationToken.None));
        Assert.Contains("url: \"http://localhost/ingest/1-1\"", stanza, StringComparison.Ordinal);
        Assert.Contains("Waiting for the first event", page.Find(".steps").TextContent, StringComparison.Ordinal);

        await CountAsync(accepted: 2);
        page.WaitForAssertion(() => Assert.Contains("2 events have arrived", page.Find(".steps").TextContent, StringComparison.Ordinal), Patience);

        await page.FindAll("button").Single(b => Words(b) == "Done").ClickAsync();
        Assert.DoesNotContain(secret, page.Markup, StringComparison.Ordinal);
        Assert.Equal("Production 1-1", Words(page.Find("tbody td")));
    }

    [Fact]
    public async Task Page_Ndjson_ShowsAPostWithTheSecret()
    {
        var page = RenderPage<VendorPortal.Components.Pages.Feeds>();
        await page.Find(".first button").ClickAsync();
        await page.FindAll("label.kind-choice").Single(l => l.QuerySelector("b")!.TextContent == "NDJSON").QuerySelector("input")!.ChangeAsync("on");
        await page.Find("form").SubmitAsync();

        var example = page.Find(".copy-block code").TextContent;

        Assert.StartsWith("curl http://localhost/ingest/1-1 ", example, StringComparison.Ordinal);
        var secret = example.Split("Bearer ")[1].Split('\'')[0];
        Assert.Equal(FeedKind.Ndjson, (await Store.Feeds.AuthenticateAsync("1-1", secret, CancellationToken.None))!.Kind);
    }

    [Fact]
    public async Task Page_NameWithControlCharacters_SaysSoAndAddsNothing()
    {
        var page = RenderPage<VendorPortal.Components.Pages.Feeds>();
        await page.Find(".first button").ClickAsync();
        await page.Find("#feed-name").InputAsync("a\u0007b");
        await page.Find("form").SubmitAsync();

        Assert.Contains("control characters", page.Find("#feed-name-error").TextContent, StringComparison.Ordinal);
        Assert.Empty(await Store.Feeds.ListAsync(VendorStore.Acme, CancellationToken.None));
    }

    [Fact]
    public async Task Page_FeedsOfTwoVendors_ShowsTheOwnWithStateAndReason()
    {
        await AddAsync("<b>Ours</b>");
        await AddAsync("Theirs", VendorStore.Globex);
        await CountAsync(1_234, 5, "timestamp is before 2020", VendorStore.Start.AddDays(-2));

        var page = RenderPage<VendorPortal.Components.Pages.Feeds>();

        var row = Assert.Single(page.FindAll("tbody tr"));
        var cells = row.QuerySelectorAll("td").Select(Words).ToList();
        Assert.Equal(["<b>Ours</b> 1-1", "CNCF Distribution", "Quiet", "Apr 29, 12:00", "1,239", "1,234", "0", "5 timestamp is before 2020", "Import past… Remove"], cells);
    }

    [Fact]
    public async Task Page_FollowedFile_ShowsItsPathAndWhatIsWrong()
    {
        var feed = await Store.Feeds.FollowAsync(VendorStore.Acme, "Edge", FeedKind.Ndjson, null, "/var/log/requests.ndjson", CancellationToken.None);
        await using (var context = Store.Open())
            await context.FollowedFiles.ExecuteUpdateAsync(set => set.SetProperty(f => f.Problem, "The file does not exist; it is waited for."));

        var cells = RenderPage<VendorPortal.Components.Pages.Feeds>().FindAll("tbody td").Select(Words).ToList();

        Assert.Equal($"Edge {feed.Id} /var/log/requests.ndjson", cells[0]);
        Assert.Equal("Not read The file does not exist; it is waited for.", cells[2]);
    }

    [Theory]
    [InlineData(null, "Waiting")]
    [InlineData(0, "Receiving")]
    [InlineData(-23, "Receiving")]
    [InlineData(-25, "Quiet")]
    public async Task Page_LastEvent_SaysTheStateInAWord(int? hours, string word)
    {
        await AddAsync("x");
        if (hours is { } ago)
            await CountAsync(1, at: VendorStore.Start.AddHours(ago));

        Assert.Equal(word, Words(RenderPage<VendorPortal.Components.Pages.Feeds>().Find(".state")));
    }

    private async Task ReceiveAsync(Action<FeedBatch> fill, int feed = 1)
    {
        var batch = new FeedBatch();
        fill(batch);
        await using var connection = Store.Services.GetRequiredService<PortalDatabase>().OpenWriter();
        using var writer = new JournalWriter(connection);
        writer.Write([new JournalPost(VendorStore.Acme, feed, batch)], Store.Clock.UtcNow);
    }

    [Fact]
    public async Task Health_FeedWithoutEvents_SaysThatItWaits()
    {
        await AddAsync("Production");

        var page = RenderPage<VendorPortal.Components.Pages.Feeds>();

        page.WaitForAssertion(() => Assert.StartsWith("Nothing has arrived yet", Words(page.Find("article p.quiet")), StringComparison.Ordinal), Patience);
        Assert.Equal("All is counted", Words(page.Find(".health .head .state")));
        Assert.Empty(page.FindAll("article details"));
    }

    [Fact]
    public async Task Health_RefusedEventsAndARequest_CanBeReadEncodedAndMasked()
    {
        await AddAsync("Production");
        await ReceiveAsync(batch =>
        {
            batch.Requests.Add(new RegistryRequest { EventId = "1", AtUtc = VendorStore.Start.AddMinutes(-2), Method = RequestMethod.Get, Repository = "acme/app", Tag = "1.0", UserAgent = "<script>alert(1)</script>" });
            batch.Reject("at is missing", "{\"password\":\"hunter2\",\"html\":\"<b>\"}"u8);
        });

        var page = RenderPage<VendorPortal.Components.Pages.Feeds>();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("article details").Count), Patience);

        Assert.Equal(["today 11:58", "2 min", "1", "0", "1"], page.FindAll("article dd").Select(Words));
        Assert.Equal("1× at is missing last today 12:00", Words(page.Find(".reasons p")));
        Assert.Equal("{\"password\":\"***\",\"html\":\"<b>\"}", page.Find("code.sample").TextContent);
        Assert.Contains("\"userAgent\": \"<script>alert(1)</script>\"", page.Find("pre.parsed").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("article script"));
        Assert.Equal(48, page.FindAll("article svg.spark g").Count);
        Assert.Contains("2 events in 48 hours", page.Find("svg.spark").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_FeedSilentBeyondItsUsual_SaysSinceWhen()
    {
        await AddAsync("Production");
        for (var hour = -74; hour < -2; hour++)
        {
            Store.Clock.UtcNow = VendorStore.Start.AddHours(hour);
            await ReceiveAsync(batch => batch.Ignored = 40);
        }

        Store.Clock.UtcNow = VendorStore.Start;
        var page = RenderPage<VendorPortal.Components.Pages.Feeds>();

        page.WaitForAssertion(() => Assert.Equal("No events for 3 h, usually 40 an hour.", Words(page.Find("article .gap"))), Patience);
        Assert.Equal("A feed is silent", Words(page.Find(".health .head .state")));
        Assert.Equal("Quiet", Words(page.Find("tbody .state")));
        Assert.Equal("It is missed: no events for 3 h, usually 40 an hour", page.Find("tbody .state").GetAttribute("title"));
        Assert.Equal("Production: no events for 3 h, usually 40 an hour.", Words(page.Find(".health .warning")));
    }

    [Fact]
    public async Task Health_SomethingArrives_Follows()
    {
        await AddAsync("Production");
        var page = RenderPage<VendorPortal.Components.Pages.Feeds>();
        page.WaitForAssertion(() => Assert.Single(page.FindAll("article p.quiet")), Patience);

        await ReceiveAsync(batch => batch.Ignored = 7);
        Store.Services.GetRequiredService<PullNotifications>().Publish(VendorStore.Acme);

        page.WaitForAssertion(() => Assert.Contains("7 events", page.Find("svg.spark").GetAttribute("aria-label"), StringComparison.Ordinal), Patience);
    }
}
