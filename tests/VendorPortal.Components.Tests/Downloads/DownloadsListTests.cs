using Bunit;
using VendorPortal.Classification;
using VendorPortal.Components.Controls;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class DownloadsListTests
{
    [Fact]
    public void List_MoreThanAPage_ShowsFiftyNewestFirstAndTheTotal()
    {
        using var host = new DownloadsHost();
        host.AddPulls(60);
        var page = host.Open();

        Assert.Equal(host.Log.Pulls.OrderByDescending(p => p.Id).Take(50).Select(p => MemberClock.Iso(PullIds.TimeOf(p.Id))), page.Times());
        page.WaitForAssertion(() => Assert.Equal("50 of 60", page.Status()));
    }

    [Fact]
    public void List_DeniedTry_ShowsItsStatusAndStandsApartInTheTotals()
    {
        using var host = new DownloadsHost();
        host.AddPulls(2);
        var denied = new LoggedPull { At = DownloadsHost.Now.AddMinutes(-1), Kind = PullKind.Denied, Status = 404, Rule = PullRule.Refused };
        host.Log.Add(denied);
        var page = host.Open();

        Assert.Equal("denied 404", page.Column("kind")[0]);
        page.WaitForAssertion(() => Assert.Equal(["2 downloads", "1 denied"], page.FindAll(".fig").Select(f => $"{f.QuerySelector("dd")!.TextContent} {f.QuerySelector("dt")!.TextContent}").Where(f => f.EndsWith("downloads", StringComparison.Ordinal) || f.EndsWith("denied", StringComparison.Ordinal))));
    }

    [Fact]
    public void List_RowsOfAnotherVendor_AreNotShown()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3);
        host.Log.Add(new LoggedPull { Vendor = 2, At = DownloadsHost.Now, Artifact = "other/secret" });
        var page = host.Open();

        Assert.Equal(["acme/app", "acme/app", "acme/app"], page.Column("artifact"));
    }

    [Fact]
    public void ShowMore_RowsInsertedInBetween_FindsEveryOlderRowOnce()
    {
        using var host = new DownloadsHost();
        host.AddPulls(130);
        var expected = host.Log.Pulls.OrderByDescending(p => p.Id).Select(p => MemberClock.Iso(PullIds.TimeOf(p.Id))).ToList();
        var page = host.Open();

        host.Log.Add(Enumerable.Range(0, 30).Select(i => new LoggedPull { At = DownloadsHost.Now.AddSeconds(i) }));
        page.Press("Show more");
        page.WaitForState(() => page.Times().Count == 100);
        host.Log.Add(new LoggedPull { At = DownloadsHost.Now.AddMinutes(1) });
        page.Press("Show more");
        page.WaitForState(() => page.Times().Count == 130);

        Assert.Equal(expected, page.Times());
        Assert.False(page.HasButton("Show more"));
        Assert.Equal("All 130 pulls", page.Status());
    }

    [Fact]
    public void ShowMore_RowsAlreadyShown_AreNotRenderedAgain()
    {
        using var host = new DownloadsHost();
        host.AddPulls(80);
        var page = host.Open();
        var first = page.FindComponents<PullLine>()[0];
        var before = first.RenderCount;

        page.Press("Show more");
        page.WaitForState(() => page.Times().Count == 80);

        Assert.Equal(before, first.RenderCount);
    }

    [Fact]
    public void FilterChange_AfterShowMore_StartsAtTheFirstPageAgain()
    {
        using var host = new DownloadsHost();
        host.AddPulls(140, (i, pull) => pull with { Customer = i % 2 == 0 ? "Initech" : "Globex" });
        var page = host.Open();
        page.Press("Show more");
        page.WaitForState(() => page.Times().Count == 100);

        page.Pick("Customer", "Globex");

        page.WaitForState(() => page.Column("customer").All(c => c == "Globex"));
        Assert.Equal(50, page.Times().Count);
        page.WaitForAssertion(() => Assert.Equal("50 of 70", page.Status()));
    }

    [Fact]
    public void Row_UnknownValues_SayWhy()
    {
        using var host = new DownloadsHost();
        host.Log.Add(new LoggedPull { At = DownloadsHost.Now.AddMinutes(-1), User = "robot" });
        host.Log.Add(new LoggedPull { At = DownloadsHost.Now.AddMinutes(-2) });
        var page = host.Open();

        Assert.Equal("robot was not assigned to a customer at the time of the pull.", page.Find("tr.pull:nth-child(1) .c-customer span").GetAttribute("title"));
        Assert.Contains("no account", page.Find("tr.pull:nth-child(2) .c-user span").GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public void Times_TodayThisYearAndEarlier_AreWrittenInTheViewersZone()
    {
        using var host = new DownloadsHost("Europe/Berlin");
        host.Log.Add(new LoggedPull { At = new DateTime(2026, 5, 19, 22, 30, 0, DateTimeKind.Utc) }); // 00:30 of the 20th in Berlin
        host.Log.Add(new LoggedPull { At = new DateTime(2026, 5, 19, 12, 0, 0, DateTimeKind.Utc) });
        host.Log.Add(new LoggedPull { At = new DateTime(2025, 1, 2, 12, 0, 0, DateTimeKind.Utc) });
        var page = host.Open();

        var shown = page.FindAll("tr.pull .row-open").Select(b => PageReading.Words((b.QuerySelector(".day")?.TextContent ?? "") + " " + b.QuerySelector("time")!.TextContent));
        Assert.Equal(["00:30:00", "May 19 14:00:00", "Jan 2 2025 13:00:00"], shown);
        Assert.Equal("Wednesday · 2026-05-19T22:30:00.000Z", page.Find(".row-open").GetAttribute("title"));
    }

    [Fact]
    public void NewPulls_Announced_WaitInThePillUntilTaken()
    {
        using var host = new DownloadsHost();
        host.AddPulls(5);
        var page = host.Open();
        var before = page.Times();

        host.Log.Add(Enumerable.Range(1, 3).Select(i => new LoggedPull { At = DownloadsHost.Now.AddSeconds(i), Artifact = "acme/new" }));
        host.Announce();
        page.WaitForState(() => page.HasButton("3 new pulls"));
        Assert.Equal(before, page.Times());

        page.Press("3 new pulls");
        page.WaitForState(() => page.Times().Count == 8);
        Assert.Equal(before, page.Times().Skip(3));
        Assert.Equal(["acme/new", "acme/new", "acme/new"], page.Column("artifact").Take(3));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".pill")));
        page.WaitForAssertion(() => Assert.Equal("8", page.Find(".fig dd").TextContent));
    }

    [Fact]
    public void NewPulls_OutsideTheFilter_AreNotAnnounced()
    {
        using var host = new DownloadsHost();
        host.AddPulls(5);
        var page = host.Open("?artifact=acme/app");

        host.Log.Add(new LoggedPull { At = DownloadsHost.Now, Artifact = "acme/else" });
        host.Log.Add(new LoggedPull { At = DownloadsHost.Now.AddSeconds(1), Artifact = "acme/app" });
        host.Announce();

        page.WaitForState(() => page.HasButton("1 new pull"));
    }

    [Fact]
    public void Histogram_PullsOfSeveralDays_SumsToTheCountAndOffersATable()
    {
        using var host = new DownloadsHost();
        host.AddPulls(40, (i, pull) => pull with { At = DownloadsHost.Now.AddHours(-6 * i), Kind = i % 4 == 0 ? PullKind.VersionCheck : PullKind.PullByTag });
        var page = host.Open();
        page.WaitForState(() => page.FindAll("svg.bars").Count == 1);

        Assert.StartsWith("40 pulls from ", page.Find("svg.bars").GetAttribute("aria-label"), StringComparison.Ordinal);
        var cells = page.FindAll(".as-table tbody tr").Select(row => row.QuerySelectorAll("td").Sum(cell => int.Parse(cell.TextContent, null))).ToList();
        Assert.Equal(40, cells.Sum());
        Assert.Equal(page.FindAll("g.bar").Count, cells.Count);

        page.Press(() => page.Find(".as-table tbody tr:nth-child(2) button"));
        page.WaitForState(() => page.Times().Count == cells[1]);
        Assert.Equal("/downloads?from=2026-05-19&to=2026-05-19", host.Address);
    }
}
