using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Sections;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Components.Controls;
using VendorPortal.Components.Tests.Downloads;
using VendorPortal.Demo;
using VendorPortal.Reports;
using AdoptionPage = VendorPortal.Components.Pages.AdoptionPage;
using Page = VendorPortal.Components.Pages.Insights;

namespace VendorPortal.Components.Tests.Insights;

public sealed class InsightsPageTests : IDisposable
{
    private readonly DownloadsHost host = new();

    public void Dispose() => host.Dispose();

    public static TheoryData<string> Views() =>
    [
        .. from level in new[] { "namespace", "repository", "reference" }
           from chosen in new[] { "", "&repository=acme/agent&repository=tool", "&by=namespace", "&by=namespace&namespace=acme", "&by=namespace&namespace=-" }
           select $"?level={level}{chosen}",
    ];

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Numbers_OfThePage_AreThoseOfTheirLinks(string view)
    {
        AddPulls();
        host.AddPulls(2, (i, pull) => pull with { Artifact = "tool", Address = "198.51.100.9" });
        var page = Open(view);

        var links = page.FindAll("dd a, .value, .as-table td a, .summary td.num a").Select(link => (Href: link.GetAttribute("href")!, Text: link.TextContent)).ToList();
        Assert.True(links.Count > 10);
        var counts = host.Services.GetRequiredService<PullReader>();
        foreach (var (href, text) in links.Distinct())
        {
            var filter = PullFilterUrl.Parse(QueryHelpers.ParseQuery(new Uri(new Uri("http://portal"), href).Query), out var errors);
            Assert.Empty(errors);
            var count = await counts.CountAsync(1, filter, CancellationToken.None);
            Assert.Contains(text, new[] { $"{count.Count:N0}", $"{count.UniqueAddresses:N0}" });
        }
    }

    [Fact]
    public void Repository_Chosen_IsInTheAddressAndAloneInTheNumbers()
    {
        AddPulls();
        var page = Open();
        page.WaitForState(() => page.FindAll(".controls .line").Count == 2);

        page.FindAll(".controls .line").Single(line => line.TextContent.Contains("acme/agent", StringComparison.Ordinal)).QuerySelector("input")!.Change(true);

        page.WaitForAssertion(() => Assert.Equal("4", Figure(page, "Downloads")));
        Assert.Equal("/insights?repository=acme/agent", host.Address);
        page.WaitForAssertion(() => Assert.Equal(["acme/agent"], page.FindAll(".summary tbody td.name span").Select(name => name.TextContent)));
    }

    [Fact]
    public void Namespaces_Chosen_CountAnAddressOfTwoRepositoriesOnce()
    {
        AddPulls();
        host.Navigation.NavigateTo("insights?by=namespace&namespace=acme&level=namespace");
        var page = host.Render<Page>();

        page.WaitForAssertion(() => Assert.Equal(["acme", "2"], page.FindAll(".summary tbody tr").Single().QuerySelectorAll("td").Take(2).Select(cell => cell.TextContent.Trim())));
        page.WaitForAssertion(() => Assert.Equal("2", Figure(page, "Unique addresses")));
    }

    [Fact]
    public void Files_ByMonth_HaveEveryReportOfEachMonth()
    {
        AddPulls();
        var page = Open();
        page.WaitForState(() => page.FindAll(".periods details").Count > 0);
        Assert.StartsWith("Week ", page.Find(".periods .name").TextContent, StringComparison.Ordinal);

        page.FindAll("[aria-label='Files by'] button").Single(choice => choice.TextContent == "Months").Click();

        page.WaitForAssertion(() => Assert.DoesNotContain(page.FindAll(".periods .name"), name => name.TextContent.StartsWith("Week ", StringComparison.Ordinal)));
        foreach (var period in page.FindAll(".periods details"))
        {
            var files = period.QuerySelectorAll("li > a");
            Assert.Equal(["Raw", "Summary", "By repository", "By namespace", "Core summary", "Core trends"], files.Select(file => file.TextContent));
            Assert.All(files, file => Assert.Contains("/namespaces/acme/pulls/exports/years/", file.GetAttribute("href"), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Summary_HeadPressed_OrdersByItAndBackwards()
    {
        AddPulls();
        var page = Open();

        page.FindAll(".summary .sort").Single(head => head.TextContent.StartsWith("Version checks", StringComparison.Ordinal)).Click();
        page.WaitForAssertion(() => Assert.Equal(["acme/app", "acme/agent"], page.FindAll(".summary tbody td.name > span").Select(name => name.TextContent)));
        Assert.Equal("/insights?sort=checks", host.Address);
        page.WaitForState(() => IsRead(page));

        page.FindAll(".summary .sort").Single(head => head.TextContent.StartsWith("Version checks", StringComparison.Ordinal)).Click();
        page.WaitForAssertion(() => Assert.Equal(["acme/agent", "acme/app"], page.FindAll(".summary tbody td.name > span").Select(name => name.TextContent)));
    }

    [Fact]
    public void Chart_LastWeek_IsNotOverAndLegendTakesALineAway()
    {
        AddPulls();
        var page = Open();

        Assert.Contains("(not over yet)", page.FindAll(".slot")[^1].GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.DoesNotContain("(not over yet)", page.FindAll(".slot")[^2].GetAttribute("aria-label"), StringComparison.Ordinal);
        var lines = page.FindAll(".line:not(.open)").Count;
        page.FindAll("button.key").First(key => key.TextContent == "acme/agent").Click();
        page.WaitForAssertion(() => Assert.Equal(lines - 1, page.FindAll(".line:not(.open)").Count));
    }

    [Fact]
    public async Task Marks_AddedRemovedAndTakenBack_AreOnTheTimeLine()
    {
        Assert.Equal(1, await host.Store.AddVendorAsync()); // marks belong to a vendor that is there
        AddPulls();
        host.Navigation.NavigateTo("insights");
        var page = host.Render(builder =>
        {
            builder.OpenComponent<SectionOutlet>(0); // the frame's place for actions
            builder.AddAttribute(1, nameof(SectionOutlet.SectionName), PageHeader.Section);
            builder.CloseComponent();
            builder.OpenComponent<Page>(2);
            builder.CloseComponent();
        });
        page.WaitForState(() => page.FindAll(".content[aria-busy=false] .slot").Count > 0);
        page.Find(".mark-menu .picker-open").Click();
        page.WaitForElement(".mark-form .input").Input("1.4.2 is out");
        page.Find(".mark-form").Submit();
        page.WaitForAssertion(() => Assert.Contains(page.FindAll(".slot"), slot => slot.GetAttribute("aria-label")!.EndsWith("; release 1.4.2 is out", StringComparison.Ordinal)));

        page.WaitForElement("[aria-label='Remove 1.4.2 is out']").Click();
        page.WaitForAssertion(() => Assert.DoesNotContain(page.FindAll(".slot"), slot => slot.GetAttribute("aria-label")!.Contains("1.4.2 is out", StringComparison.Ordinal)));
        page.WaitForElement(".removed button").Click();
        page.WaitForAssertion(() => Assert.Contains(page.FindAll(".slot"), slot => slot.GetAttribute("aria-label")!.Contains("1.4.2 is out", StringComparison.Ordinal)));

        page.Find(".mark-form .input").Input("1.0 is out");
        page.Find(".mark-form [type=date]").Change("2025-03-04");
        page.Find(".mark-form").Submit();
        page.WaitForAssertion(() => Assert.Equal("“1.0 is out” is kept on Mar 4 2025, outside the span shown.", page.Find(".removed").TextContent));
    }

    [Fact]
    public void Nothing_InTheSpan_SaysWhatAndOffersMore()
    {
        AddPulls();
        host.Navigation.NavigateTo("insights?repository=acme/other&step=year");
        var page = host.Render<Page>();

        page.WaitForState(() => page.FindAll(".content .empty-state").Count == 1);
        Assert.Contains("acme/other", page.Find(".content .empty-state").TextContent, StringComparison.Ordinal);
        Assert.Contains("step cannot be read", page.Find(".callout-warn").TextContent, StringComparison.Ordinal);
        page.FindAll(".empty-state button")[0].Click();
        page.WaitForState(() => page.FindAll(".slot").Count > 0);
    }

    [Fact]
    public void Clients_WhoseToolIsUnknown_AreALineForEachVersion()
    {
        AddPulls();
        host.AddPulls(2, (i, pull) => pull with { Client = ($"-/{i}", "-", $"{i}.0") });
        var page = Open();

        var versions = page.FindAll("[aria-label='Client versions'] .bars .label").Select(label => label.TextContent).ToList();
        Assert.Equal(["Unknown", "Unknown tool 0.0", "Unknown tool 1.0"], versions);
    }

    [Fact]
    public async Task ClientVersions_KnownOrNot_OpenTheirOwnPulls()
    {
        (string, string?, string?)?[] clients = [("containerd/1.7.1", "containerd", "1.7.1"), ("containerd/2.0", "containerd", "2.0"), ("curl", "curl", null), ("?", null, null), null];
        foreach (var (i, client) in clients.Index())
            host.AddPulls(i + 1, (_, pull) => pull with { Client = client });
        var page = Open();

        var links = page.FindAll("[aria-label='Client versions'] .bars li").Select(line => (line.QuerySelector(".label")!.TextContent, Href: line.QuerySelector(".value")!.GetAttribute("href")!, Number: line.QuerySelector(".value")!.TextContent)).ToList();
        Assert.Equal([("Unknown", "9"), ("curl, version unknown", "3"), ("containerd 2.0", "2"), ("containerd 1.7.1", "1")], links.Select(link => (link.TextContent, link.Number)));
        foreach (var (_, href, number) in links)
            Assert.Equal(number, await CountAsync(host, href));
    }

    [Fact]
    public void Table_OfMoreThanAreListed_SaysHowManyMore()
    {
        host.AddPulls(60, (i, pull) => pull with { Version = $"1.{i}" });
        var page = Open();

        var rows = page.FindAll("section[aria-label='By tag'] .as-table tbody tr");
        Assert.Equal(51, rows.Count);
        Assert.Equal(("10 more", "10"), (rows[^1].QuerySelector("th")!.TextContent, rows[^1].QuerySelector("td")!.TextContent));
    }

    // Days of the page are days of UTC, wherever it is read: also where it is tomorrow already.
    [Fact]
    public async Task Numbers_InAnotherZone_AreTheSameAndSoAreTheirLinks()
    {
        var seen = new List<List<string>>();
        foreach (var zone in new[] { "UTC", "Pacific/Auckland" })
        {
            using var own = new DownloadsHost(zone);
            DateTime[] edges = [new(2026, 4, 30, 23, 59, 59, 999), new(2026, 5, 1), new(2026, 5, 3, 23, 59, 59, 999), new(2026, 5, 4), new(2026, 5, 4, 12, 0, 0)];
            own.AddPulls(edges.Length, (i, pull) => pull with { At = DateTime.SpecifyKind(edges[i], DateTimeKind.Utc), Address = $"203.0.113.{i}" });
            var page = Open(own, "?from=2026-04-27&to=2026-05-10");

            var links = page.FindAll("dd a, .total, .slot, .as-table td a, .summary td.num a");
            seen.Add([.. links.Select(link => $"{link.GetAttribute("href")} {link.GetAttribute("aria-label")} {link.TextContent}")]);
            Assert.Equal("5", Figure(page, "Downloads"));
            var weeks = page.FindAll("section[aria-label='Downloads over time'] .as-table td a").Select(link => (Href: link.GetAttribute("href")!, Number: link.TextContent)).ToList();
            Assert.Equal(["2", "3"], weeks.Select(week => week.Number));
            foreach (var (href, number) in weeks)
                Assert.Equal(number, await CountAsync(own, href));
        }

        Assert.Equal(seen[0], seen[1]);
    }

    [Fact]
    public void View_ChangedWhileAnotherIsRead_EndsWithItsOwnNumbers()
    {
        AddPulls();
        host.Navigation.NavigateTo("insights");
        var page = host.Render<Page>();
        foreach (var view in new[] { "insights?repository=acme/agent", "insights?repository=acme/app", "insights?repository=acme/agent&level=reference" })
            host.Navigation.NavigateTo(view);

        page.WaitForAssertion(() => Assert.Equal("4", Figure(page, "Downloads")));
        page.WaitForState(() => IsRead(page));
        Assert.Equal("4", Figure(page, "Downloads"));
        Assert.Equal(["acme/agent"], page.FindAll(".summary tbody td.name > span:first-child").Select(name => name.TextContent));
        Assert.All(page.FindAll("dd a, .summary td.num a"), link => Assert.Contains("acme%2Fagent", link.GetAttribute("href")!.Replace("/agent", "%2Fagent", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void Namespace_None_CanBeChosen()
    {
        AddPulls();
        host.AddPulls(2, (i, pull) => pull with { Artifact = "tool" });
        var page = Open("?by=namespace");
        page.WaitForState(() => page.FindAll(".controls .line").Count == 2);

        page.FindAll(".controls .line").Single(line => line.TextContent.Contains("without a namespace", StringComparison.Ordinal)).QuerySelector("input")!.Change(true);

        page.WaitForAssertion(() => Assert.Equal("2", Figure(page, "Downloads")));
        Assert.Equal("/insights?by=namespace&namespace=-", host.Address);
    }

    [Fact]
    public void Chart_OfAddresses_IsNotSpokenAsASum()
    {
        AddPulls();
        var page = Open("?months=6");

        Assert.EndsWith(". In all 2.", page.Find("[aria-label='Unique addresses'] svg.axes").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=2026-05-17&to=2026-05-17", 1, 0)]
    [InlineData("from=2026-05-01&to=2026-05-20", 0, 2)]
    [InlineData("from=2026-04-27&to=2026-05-10", 0, 0)]
    public void Chart_FirstAndLastWeek_AreADotOrDashedWhereTheyAreCut(string span, int dots, int dashed)
    {
        AddPulls();
        var page = Open($"?repository=acme/app&{span}");

        var chart = page.Find("[aria-label='Downloads over time']");
        Assert.Equal(dots, chart.QuerySelectorAll(".line.open.dot").Length);
        Assert.Equal(dashed, chart.QuerySelectorAll(".line.open:not(.dot)").Length);
    }

    [Fact]
    public void Adoption_WhoHasNotWithoutAVersion_IsAboutTheNewest()
    {
        AddPulls();
        host.Navigation.NavigateTo("insights/adoption?artifact=acme/app&who=without");
        var page = host.Render<AdoptionPage>();
        page.WaitForState(() => page.FindAll(".adoption[aria-busy=false]").Count == 1);

        Assert.Equal(["Initech"], page.FindAll("[aria-label=Customers] tbody tr td:first-child").Select(cell => cell.TextContent));
        Assert.Contains("neither 2.0 nor a newer", page.Find("[aria-label=Customers] .foot").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Adoption_WhoHasNot_ListsThemAndKeepsItInTheAddress()
    {
        AddPulls();
        host.Navigation.NavigateTo("insights/adoption?artifact=acme/app");
        var page = host.Render<AdoptionPage>();
        page.WaitForState(() => page.FindAll(".adoption[aria-busy=false]").Count == 1);

        page.FindAll("[aria-label=Versions] .acts button").Single(button => button.TextContent == "Who has not pulled 2.0 or newer").Click();

        page.WaitForAssertion(() => Assert.Equal(["Initech"], page.FindAll("[aria-label=Customers] tbody tr td:first-child").Select(cell => cell.TextContent)));
        Assert.Equal("/insights/adoption?artifact=acme/app&who=without&version=2.0", host.Address);
    }

    [Theory]
    [InlineData("acme", 1)]
    [InlineData(SampleVendor.Slug, 0)]
    public async Task Banner_WhileThePastIsClassifiedOnceMore_IsAboveTheNumbersOfBothPages(string slug, int banners)
    {
        using var own = new DownloadsHost(slug: slug);
        Assert.Equal(1, await own.Store.AddVendorAsync());
        own.AddPulls(1);
        await own.Services.GetRequiredService<Reclassifier>().BeginAsync(1, null, null, CancellationToken.None);

        own.Navigation.NavigateTo("insights");
        var insights = own.Render<Page>();
        own.Navigation.NavigateTo("insights/adoption?artifact=acme/app");
        var adoption = own.Render<AdoptionPage>();

        insights.WaitForState(() => insights.FindAll(".content[aria-busy=false] .slot").Count > 0);
        adoption.WaitForState(() => adoption.FindAll(".adoption[aria-busy=false]").Count == 1);
        foreach (var page in (IRenderedComponent<IComponent>[])[insights, adoption])
        {
            page.WaitForState(() => page.FindAll(".callout-warn").Count == banners);
            Assert.All(page.FindAll(".callout-warn"), banner => Assert.Contains("Numbers may be incomplete.", banner.TextContent, StringComparison.Ordinal));
        }
    }

    // Six downloads and three checks of acme/app, four downloads of acme/agent; two addresses, one of them in both.
    private void AddPulls()
    {
        host.AddPulls(9, (i, pull) => pull with { At = DownloadsHost.Now.AddDays(-3 * i), Kind = i % 3 == 0 ? PullKind.VersionCheck : PullKind.PullByTag, Version = i < 3 ? "2.0" : "1.0", Customer = i < 3 ? "Globex" : "Initech" });
        host.AddPulls(4, (i, pull) => pull with { At = DownloadsHost.Now.AddDays(-10 * i), Artifact = "acme/agent", Address = i == 0 ? "203.0.113.7" : "198.51.100.1", Kind = PullKind.PullByDigest, Version = $"sha256:{new string('a', 64)}" });
    }

    // What the page Downloads counts where a link leads.
    private static async Task<string> CountAsync(DownloadsHost own, string href)
    {
        var filter = PullFilterUrl.Parse(QueryHelpers.ParseQuery(new Uri(new Uri("http://portal"), href).Query), out var errors);
        Assert.Empty(errors);
        return $"{(await own.Services.GetRequiredService<PullReader>().CountAsync(1, filter, CancellationToken.None)).Count:N0}";
    }

    private IRenderedComponent<Page> Open(string view = "") => Open(host, view);

    private static IRenderedComponent<Page> Open(DownloadsHost own, string view)
    {
        own.Navigation.NavigateTo("insights" + view);
        var page = own.Render<Page>();
        page.WaitForState(() => page.FindAll(".bars").Count >= 6 && IsRead(page) && page.FindAll(".summary tbody td.name").Count > 0);
        return page;
    }

    private static bool IsRead(IRenderedComponent<Page> page) => page.FindAll(".content[aria-busy=false]").Count == 1 && page.FindAll(".summary[aria-busy=false]").Count == 1;

    private static string Figure(IRenderedComponent<Page> page, string label) =>
        page.FindAll(".figure").Single(figure => figure.QuerySelector("dt")!.TextContent == label).QuerySelector("dd a")?.TextContent ?? "";
}
