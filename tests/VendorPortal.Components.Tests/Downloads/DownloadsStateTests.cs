using System.Runtime.ExceptionServices;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Components.Controls;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class DownloadsStateTests
{
    private const string Index = "sha256:3f2a000000000000000000000000000000000000000000000000000000091c0a";
    private const string Amd64 = "sha256:88b0000000000000000000000000000000000000000000000000000000e41200";

    [Fact]
    public void FirstRun_NoRequestYet_ShowsTheStepsAndSampleData()
    {
        using var host = new DownloadsHost();
        var page = host.Open();

        Assert.Equal(["Create a feed", "Tell the registry", "Pull an image"], page.FindAll(".first h3").Select(h => h.TextContent));
        Assert.Contains("notifications:", page.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Equal("/demo/load", page.Find("form").GetAttribute("action"));
        Assert.Contains("__RequestVerificationToken", page.Find("form").InnerHtml, StringComparison.Ordinal);
        Assert.Contains("Waiting for the first event", page.Find(".waiting").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".bar"));
    }

    [Fact]
    public void FirstRun_FirstPullArrives_TurnsIntoTheTable()
    {
        using var host = new DownloadsHost();
        var page = host.Open();

        host.AddPulls(1);
        host.Announce();

        page.WaitForState(() => page.Times().Count == 1);
        Assert.Empty(page.FindAll(".first"));
        Assert.NotEmpty(page.FindAll(".bar"));
    }

    [Fact]
    public void FirstRun_RequestWithoutPull_SaysThatItHasArrived()
    {
        using var host = new DownloadsHost();
        var page = host.Open();

        var elsewhere = host.Log.Add(new LoggedPull { Publisher = true });
        host.Log.AddRequests(elsewhere, (TimeSpan.Zero, RequestMethod.Get, "1.0", null, 200));
        host.Time.Advance(TimeSpan.FromSeconds(2));
        page.WaitForAssertion(() => Assert.Contains("The first request has arrived", page.Find(".waiting").TextContent, StringComparison.Ordinal));

        // It never becomes a row under the default filter: the steps give way to the reason.
        host.Time.Advance(TimeSpan.FromSeconds(20));
        page.WaitForState(() => page.FindAll(".empty-state").Count == 1);
        page.Press("Show publishers’ own pulls");
        page.WaitForState(() => page.Times().Count == 1);
    }

    [Fact]
    public void Empty_UnknownArtifact_NamesTheFilterAndOffersToClear()
    {
        using var host = new DownloadsHost();
        host.AddPulls(2);
        var page = host.Open("?customer=Initech&artifact=acme/nope&from=2026-04-21");

        Assert.Equal("No pulls match Customer: Initech and Artifact: acme/nope in the last 30 days.", page.Find(".empty-state p").TextContent);
        Assert.Equal(["Last 30 days", "Customer: Initech", "Artifact: acme/nope"], page.Chips());
        Assert.True(page.HasButton("All time"));

        page.Press("Clear filters");
        page.WaitForState(() => page.Times().Count == 2);
        Assert.Equal("/downloads", host.Address);
    }

    [Fact]
    public void Empty_PullsArrive_AreShownWithoutAPill()
    {
        using var host = new DownloadsHost();
        host.AddPulls(2);
        var page = host.Open("?artifact=acme/soon");

        host.Log.Add(new LoggedPull { Artifact = "acme/soon", At = DownloadsHost.Now });
        host.Announce();

        page.WaitForState(() => page.Times().Count == 1);
        Assert.Empty(page.FindAll(".pill"));
    }

    [Fact]
    public void Error_StoreFails_KeepsFiltersAndRowsAndCanBeRetried()
    {
        using var host = new DownloadsHost();
        host.AddPulls(4, (i, pull) => pull with { Customer = i % 2 == 0 ? "Initech" : "Globex" });
        var page = host.Open();
        page.OpenPicker("Customer");
        Rename(host, "Pulls", "PullsAway");

        page.Press(() => page.FindAll("[role=option]")[0]);
        page.WaitForState(() => page.FindAll(".failure").Count == 1);
        Assert.Contains("The pulls could not be read.", page.Find(".failure").TextContent, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{12}$", page.Find(".failure .mono").TextContent);
        Assert.Equal(["Customer: Globex"], page.Chips());
        Assert.Equal(4, page.Times().Count);

        Rename(host, "PullsAway", "Pulls");
        page.Press("Retry");
        page.WaitForState(() => page.Times().Count == 2);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".failure")));
    }

    [Fact]
    public void Error_NewPullsNotRead_RetryReadsThoseAndNoOlderOnes()
    {
        using var host = new DownloadsHost();
        host.AddPulls(60);
        var page = host.Open();
        host.Log.Add(new LoggedPull { At = DownloadsHost.Now.AddSeconds(1), Artifact = "acme/new" });
        host.Announce();
        page.WaitForState(() => page.HasButton("1 new pull"));

        Rename(host, "Pulls", "PullsAway");
        page.Press("1 new pull");
        page.WaitForState(() => page.FindAll(".failure").Count == 1);
        Assert.Contains("New pulls could not be read.", page.Find(".failure").TextContent, StringComparison.Ordinal);

        Rename(host, "PullsAway", "Pulls");
        page.Press("Retry");
        page.WaitForState(() => page.FindAll(".failure").Count == 0);
        Assert.Equal(51, page.Times().Count);
        Assert.Equal("acme/new", page.Column("artifact")[0]);
    }

    [Fact]
    public async Task Error_OfASupersededRead_DoesNotStandOverTheNewerList()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3, (i, pull) => i == 0 ? pull with { Customer = "Broken", Address = "198.51.100.1" } : pull);
        var page = host.Open("?customer=Initech");
        var bar = page.FindComponent<FilterBar>();
        Execute(host, "UPDATE Addresses SET Value = x'00' WHERE Id = (SELECT p.AddressId FROM Pulls p JOIN Customers c ON c.VendorId = p.VendorId AND c.Id = p.CustomerId WHERE c.Name = 'Broken')");
        using var failed = new ManualResetEventSlim();
        void Watch(object? sender, FirstChanceExceptionEventArgs e)
        {
            if (e.Exception.Message.Contains("stored as 16 bytes", StringComparison.Ordinal))
                failed.Set();
        }

        AppDomain.CurrentDomain.FirstChanceException += Watch;
        try
        {
            // The first read fails while the page is busy here, and is superseded before the page hears of it.
            await page.InvokeAsync(() =>
            {
                _ = bar.Instance.OnChange.InvokeAsync(new PullFilter { Customers = ["Broken"] });
                Assert.True(failed.Wait(TimeSpan.FromSeconds(10)));
                _ = bar.Instance.OnChange.InvokeAsync(new PullFilter { Customers = ["Initech"] });
            });
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Watch;
        }

        page.WaitForState(() => page.FindAll(".log[aria-busy=false]").Count == 1);
        Assert.Equal(2, page.Times().Count);
        Assert.Empty(page.FindAll(".failure"));
        host.Log.Add(new LoggedPull { At = DownloadsHost.Now.AddSeconds(1), Customer = "Initech" });
        host.Announce();
        page.WaitForState(() => page.HasButton("1 new pull")); // it goes on counting
    }

    [Fact]
    public void Panel_RowOpened_TellsWhyAndShowsTheRequests()
    {
        using var host = new DownloadsHost();
        var pull = host.Log.Add(new LoggedPull { At = DownloadsHost.Now, Customer = "Initech", User = "ci", Artifact = "acme/app", Version = "1.4.2", Digest = Index, Requests = 3, Rule = PullRule.HeadTagGetChildren });
        host.Log.Describe(1, "ci", "Ops", "ops@initech.example");
        host.Log.AddIndex(1, Index, (Amd64, "linux/amd64"));
        host.Log.AddRequests(pull,
            (TimeSpan.Zero, RequestMethod.Head, "1.4.2", Index, 200), (TimeSpan.FromMilliseconds(310), RequestMethod.Get, Index, Index, 200), (TimeSpan.FromMilliseconds(580), RequestMethod.Get, Amd64, Amd64, 200));
        var page = host.Open();

        page.Press(() => page.Find("tr.pull"));
        page.WaitForState(() => page.FindAll("aside .requests li").Count == 3);

        Assert.Equal($"/downloads?pull={pull.Id}", host.Address);
        Assert.Equal("acme/app 1.4.2", PageReading.Words(page.Find("aside h2").TextContent.Replace("acme/app", "acme/app ", StringComparison.Ordinal)));
        Assert.Contains("one pull of a multi-architecture image", page.Find("aside .why").TextContent, StringComparison.Ordinal);
        Assert.Equal(["0 ms", "310 ms", "580 ms"], page.FindAll("aside .requests .at").Select(at => at.TextContent));
        Assert.Equal(["HEAD", "GET", "GET"], page.FindAll("aside .method").Select(m => m.TextContent));
        Assert.Equal(["index", "index", "linux/amd64"], page.FindAll("aside .means").Select(m => m.TextContent));
        Assert.Equal("mailto:ops@initech.example", page.Find("aside a[href^=mailto]").GetAttribute("href"));
        Assert.Contains($"/downloads?pull={pull.Id}", page.FindAll("aside [data-copy]").Select(b => b.GetAttribute("data-copy")).First(c => c!.StartsWith("http", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("true", page.Find("tr.pull .row-open").GetAttribute("aria-expanded"));
    }

    [Fact]
    public void Panel_PreviousNextAndEscape_MoveInTheListAndClose()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3);
        var ids = host.Log.Pulls.OrderByDescending(p => p.Id).Select(p => p.Id).ToList();
        var page = host.Open($"?artifact=acme/app&pull={ids[1]}");
        page.WaitForState(() => page.FindAll("aside .facts").Count == 1);

        page.Press(() => page.Find("button[aria-label='Next pull']"));
        Assert.Equal($"/downloads?artifact=acme/app&pull={ids[2]}", host.Address);
        Assert.Equal("true", page.Find("button[aria-label='Next pull']").GetAttribute("aria-disabled"));
        page.Press(() => page.Find("button[aria-label='Next pull']"));
        Assert.Equal($"/downloads?artifact=acme/app&pull={ids[2]}", host.Address);
        page.Press(() => page.Find("button[aria-label='Previous pull']"));
        Assert.Equal($"/downloads?artifact=acme/app&pull={ids[1]}", host.Address);

        page.Find("aside").KeyDown("Escape");
        Assert.Equal("/downloads?artifact=acme/app", host.Address);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("aside")));
        Assert.Equal(3, page.Times().Count);
    }

    [Fact]
    public void Panel_UnknownOrForeignPull_SaysSoBesideTheList()
    {
        using var host = new DownloadsHost();
        host.AddPulls(2);
        var foreign = host.Log.Add(new LoggedPull { Vendor = 2, At = DownloadsHost.Now });
        var page = host.Open($"?pull={foreign.Id}");

        page.WaitForAssertion(() => Assert.Contains($"There is no pull {foreign.Id} here.", page.Find("aside").TextContent, StringComparison.Ordinal));
        Assert.Equal(2, page.Times().Count);
        page.Press("Back to the list");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("aside")));
    }

    private static void Rename(DownloadsHost host, string from, string to) => Execute(host, $"ALTER TABLE {from} RENAME TO {to}");

    private static void Execute(DownloadsHost host, string statement)
    {
        using var connection = host.Store.Database.OpenWriter();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    [Fact]
    public async Task Banner_WhileThePastIsClassifiedOnceMore_SaysThatNumbersMayBeIncomplete()
    {
        using var host = new DownloadsHost();
        Assert.Equal(1, await host.Store.AddVendorAsync());
        host.AddPulls(1);
        var page = host.Open();
        Assert.Empty(page.FindAll(".callout-warn"));

        var reclassifier = host.Services.GetRequiredService<Reclassifier>();
        await reclassifier.BeginAsync(1, null, null, CancellationToken.None);
        host.Time.Advance(TimeSpan.FromMinutes(1));

        page.WaitForState(() => page.FindAll(".callout-warn").Count == 1);
        Assert.Contains("Numbers may be incomplete. The past is being classified once more", page.Find(".callout-warn").TextContent, StringComparison.Ordinal);
        Assert.StartsWith("/feeds", page.Find(".callout-warn a").GetAttribute("href"), StringComparison.Ordinal);

        await using (var context = host.Store.Contexts.ForVendor(1))
            await context.Reclassifications.ExecuteUpdateAsync(set => set.SetProperty(r => r.FinishedUtc, DownloadsHost.Now));
        host.Time.Advance(TimeSpan.FromMinutes(1));
        page.WaitForState(() => page.FindAll(".callout-warn").Count == 0);
    }

    [Fact]
    public async Task Banner_SampleVendor_HasNone()
    {
        using var host = new DownloadsHost(slug: VendorPortal.Demo.SampleVendor.Slug);
        Assert.Equal(1, await host.Store.AddVendorAsync());
        host.AddPulls(1);
        await host.Services.GetRequiredService<Reclassifier>().BeginAsync(1, null, null, CancellationToken.None);

        var page = host.Open();

        Assert.Empty(page.FindComponents<VendorPortal.Components.Controls.IngestBanner>());
        Assert.Empty(page.FindAll(".callout-warn"));
    }
}
