using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Sections;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Components.Controls;
using VendorPortal.Components.Tests.Downloads;
using VendorPortal.Reports;
using VendorPortal.Reports.Overview;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;
using ArtifactPage = VendorPortal.Components.Pages.ArtifactPage;
using CustomerPage = VendorPortal.Components.Pages.CustomerPage;
using Page = VendorPortal.Components.Pages.OverviewPage;

namespace VendorPortal.Components.Tests.Overview;

public sealed class OverviewPageTests : IDisposable
{
    private readonly DownloadsHost host = new();

    public void Dispose() => host.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("?period=all")]
    [InlineData("?from=2026-05-19&to=2026-05-20&by=customer")]
    public async Task Numbers_OfThePage_AreThoseOfTheirLinks(string view)
    {
        AddPulls();
        await AssertLinksAsync(Open<Page>("overview" + view));
    }

    [Fact]
    public async Task Numbers_OfAnArtifactsPage_AreThoseOfTheirLinks()
    {
        AddPulls();
        host.Navigation.NavigateTo("artifacts/acme/app?period=all");
        var page = host.Render<ArtifactPage>(parameters => parameters.Add(artifact => artifact.Name, "acme/app"));
        await AssertLinksAsync(page);

        Assert.Equal(["1.10", "1.9", "latest"], Names(page, "Versions"));
        Assert.Equal(["Globex", "Initech", "Unknown"], Names(page, "Customers").Order(StringComparer.Ordinal));
        page.WaitForAssertion(() => Assert.Equal(["containerd"], page.FindAll("[aria-label=Clients] .label").Select(label => label.TextContent).Distinct()));
        page.WaitForAssertion(() => Assert.Equal(7, page.FindAll("[aria-label='Recent pulls'] tbody tr").Count));
        page.WaitForAssertion(() => Assert.Equal("1.10", page.Find("[aria-label=Adoption] dd").TextContent));
    }

    [Fact]
    public async Task Numbers_OfACustomersPage_AreThoseOfTheirLinks()
    {
        AddPulls();
        var id = CustomerId("Globex");
        host.Navigation.NavigateTo($"customers/{id}?period=all");
        var page = host.Render<CustomerPage>(parameters => parameters.Add(customer => customer.Id, id));
        await AssertLinksAsync(page);

        Assert.Equal(["acme/agent", "acme/app"], Names(page, "Artifacts").Order(StringComparer.Ordinal));
        Assert.Equal(["globex-ci"], Names(page, "Users"));
        Assert.Equal(["203.0.113.9"], Names(page, "Addresses"));
        Assert.Contains("silent for 40 days", page.Find(".board").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Range_Chosen_IsInTheAddressAndBackAgain()
    {
        AddPulls();
        var page = Open<Page>("overview");
        Assert.Equal("9", Figure(page, "Downloads"));

        page.Press(() => page.FindAll(".span").Single(span => span.TextContent == "All time"));
        page.WaitForAssertion(() => Assert.Equal("11", Figure(page, "Downloads")));
        Assert.Equal("/overview?period=all", host.Address);

        host.Navigation.NavigateTo("overview");
        page.WaitForAssertion(() => Assert.Equal("9", Figure(page, "Downloads")));
    }

    [Fact]
    public void Table_SortedAndSearched_IsInTheAddress()
    {
        AddPulls();
        var page = Open<Page>("overview");
        Assert.Equal(["acme/app", "acme/agent", "acme/idle"], Names(page, "Repositories"));

        page.Press(() => page.FindAll(".sort").Single(head => head.TextContent.StartsWith("Repository", StringComparison.Ordinal)));
        page.WaitForAssertion(() => Assert.Equal(["acme/agent", "acme/app", "acme/idle"], Names(page, "Repositories")));
        Assert.Equal("/overview?sort=name&order=ascending", host.Address);

        page.Find(".activity input[type=search]").Input("AG");
        host.Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Equal(["acme/agent"], Names(page, "Repositories")));
        Assert.Equal("/overview?sort=name&order=ascending&search=AG", host.Address);

        page.Press(() => page.FindAll(".by button").Single(by => by.TextContent == "Customers"));
        page.WaitForAssertion(() => Assert.Equal(["Initech", "Unknown", "Globex"], Names(page, "Customers")));
        Assert.Equal("/overview?by=customer", host.Address);
        Assert.Equal("silent", page.FindAll(".activity tbody tr")[2].QuerySelector(".silent")?.TextContent);
    }

    [Fact]
    public async Task Kind_Chosen_NarrowsTheTableAndByHandIsSaid()
    {
        AddPulls();
        await host.Services.GetRequiredService<ArtifactCatalog>().ChooseKindAsync(1, 2, ArtifactKind.Helm, CancellationToken.None);
        var page = Open<Page>("overview");

        page.Press(() => page.WaitForElements(".kinds .key").Single(key => key.TextContent.Contains("Helm charts", StringComparison.Ordinal)));

        page.WaitForAssertion(() => Assert.Equal(["acme/agent"], Names(page, "Repositories")));
        Assert.Equal("/overview?kind=helm", host.Address);
        Assert.Equal("set by hand", page.Find("tbody td.wide span").GetAttribute("title"));
    }

    [Fact]
    public void Kind_ChosenOnTheArtifactsPage_IsKeptAndTakenBack()
    {
        AddPulls();
        host.Navigation.NavigateTo("artifacts/acme/app");
        var page = host.Render<ArtifactPage>(parameters => parameters.Add(artifact => artifact.Name, "acme/app"));
        page.WaitForAssertion(() => Assert.Equal("assumed: no feed has told", page.Find(".source").TextContent));

        page.Tick(() => page.Find(".kind-editor select"), "model");
        page.WaitForAssertion(() => Assert.Equal("set by hand", page.Find(".source").TextContent));

        page.Tick(() => page.Find(".kind-editor select"), "");
        page.WaitForAssertion(() => Assert.Equal("assumed: no feed has told", page.Find(".source").TextContent));
    }

    [Fact]
    public void Artifact_ThatIsNotThere_SaysSo()
    {
        AddPulls();
        host.Navigation.NavigateTo("artifacts/acme/none");
        var page = host.Render<ArtifactPage>(parameters => parameters.Add(artifact => artifact.Name, "acme/none"));
        page.WaitForAssertion(() => Assert.Contains("There is no artifact acme/none.", page.Find(".empty-state").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void NewPulls_WhileThePageIsOpen_AreCountedAndWhilePausedNot()
    {
        AddPulls();
        var page = Open<Page>("overview");
        host.AddPulls(1, (_, pull) => pull with { At = DownloadsHost.Now.AddSeconds(-5) });
        host.Notifications.Publish(1);
        host.Time.Advance(TimeSpan.FromSeconds(20));
        page.WaitForAssertion(() => Assert.Equal("10", Figure(page, "Downloads")));

        page.Press(() => page.Find(".live button"));
        host.AddPulls(1, (_, pull) => pull with { At = DownloadsHost.Now.AddSeconds(-4) });
        host.Notifications.Publish(1);
        host.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("10", Figure(page, "Downloads"));
        page.Press(() => page.Find(".live button"));
        page.WaitForAssertion(() => Assert.Equal("11", Figure(page, "Downloads")));
    }

    [Fact]
    public void Vendor_WithoutAnyRequest_SeesTheFirstSteps()
    {
        host.Navigation.NavigateTo("overview");
        var page = host.Render<Page>();
        page.WaitForAssertion(() => Assert.Contains("Waiting for the first event", page.Find(".first").TextContent, StringComparison.Ordinal));

        host.AddPulls(2);
        host.Notifications.Publish(1);
        host.Time.Advance(TimeSpan.FromSeconds(20));
        page.WaitForAssertion(() => Assert.Equal("2", Figure(page, "Downloads")));
    }

    [Fact]
    public void Address_ThatCannotBeRead_IsSaidAndTheRestApplies()
    {
        AddPulls();
        var page = Open<Page>("overview?sort=colour&period=all");
        Assert.Contains("sort cannot be read. Accepted: one of downloads, change", page.Find(".callout-warn").TextContent, StringComparison.Ordinal);
        Assert.Equal("11", Figure(page, "Downloads"));
    }

    [Fact]
    public void Export_Links_AreOfTheRangeThatIsShown()
    {
        AddPulls();
        var page = host.Render(builder =>
        {
            builder.OpenComponent<SectionOutlet>(0); // the frame's place for actions
            builder.AddAttribute(1, nameof(SectionOutlet.SectionName), PageHeader.Section);
            builder.CloseComponent();
            builder.OpenComponent<Page>(2);
            builder.CloseComponent();
        });
        page.WaitForAssertion(() => Assert.Equal(
            ["/api/v1/publisher-analytics/download-breakdown?format=json&from=2026-04-21&to=2026-05-20", "/api/v1/publisher-analytics/download-breakdown?format=csv&from=2026-04-21&to=2026-05-20"],
            page.FindAll(".page-actions a, a[download]").Select(link => link.GetAttribute("href")).Distinct()));
        host.Navigation.NavigateTo("overview?period=all");
        page.WaitForAssertion(() => Assert.Equal("/api/v1/publisher-analytics/download-breakdown?format=json", page.Find("a[download]").GetAttribute("href")));
    }

    private async Task AssertLinksAsync<T>(IRenderedComponent<T> page)
        where T : IComponent
    {
        page.WaitForState(() => page.FindAll(".board[aria-busy=false]").Count == 1 && page.FindAll(".activity[aria-busy=true], .activity .skeleton").Count == 0);
        var links = page.FindAll("dd a, .total, .as-table td a, .activity td.num > a").Select(link => (Href: link.GetAttribute("href")!, Text: link.TextContent.Trim())).ToList();
        Assert.True(links.Count > 6);
        var counts = host.Services.GetRequiredService<PullReader>();
        foreach (var (href, text) in links.Distinct())
        {
            var filter = PullFilterUrl.Parse(QueryHelpers.ParseQuery(new Uri(new Uri("http://portal"), href).Query), out var errors);
            Assert.Empty(errors);
            var count = await counts.CountAsync(1, filter, CancellationToken.None);
            // What is counted beside the downloads of a line is told by the options of its filter.
            var options = await host.Services.GetRequiredService<FilterOptionsReader>().ReadAsync(1, filter, [FilterDimension.Artifact, FilterDimension.User], null, 100, CancellationToken.None);
            var others = options.Values.Select(list => $"{list.Options.Count(option => option.Value != PullFilter.None && option.Count > 0):N0}");
            Assert.Contains(text, new[] { $"{count.Count:N0}", $"{count.UniqueAddresses:N0}", $"{count.UniqueCustomers:N0}" }.Concat(others));
        }
    }

    private IRenderedComponent<T> Open<T>(string address)
        where T : IComponent
    {
        host.Navigation.NavigateTo(address);
        var page = host.Render<T>();
        page.WaitForState(() => page.FindAll(".board[aria-busy=false]").Count == 1 && page.FindAll(".activity[aria-busy=false] tbody tr").Count > 0 && page.FindAll(".activity .skeleton").Count == 0);
        return page;
    }

    private static string Figure<T>(IRenderedComponent<T> page, string label)
        where T : IComponent =>
        page.FindAll(".figure").Single(figure => figure.QuerySelector("dt")!.TextContent == label).QuerySelector("dd a")?.TextContent ?? "";

    private static IReadOnlyList<string> Names<T>(IRenderedComponent<T> page, string table)
        where T : IComponent =>
        [.. page.FindAll($".activity[aria-label='{table}'] tbody th > :first-child").Select(name => name.TextContent.Trim())];

    private int CustomerId(string name)
    {
        using var context = host.Store.Contexts.ForVendor(1);
        return context.Customers.Single(customer => customer.Name == name).Id;
    }

    // In the month 9 downloads: 5 of acme/app, 4 of acme/agent; before it 2 by Globex; checks and publishers' own pulls beside them.
    private void AddPulls()
    {
        var now = DownloadsHost.Now;
        host.Log.Add(Enumerable.Range(0, 5).Select(i => Pull(now.AddHours(-1 - i), "acme/app", i < 3 ? "1.10" : "1.9") with { Customer = i < 4 ? "Initech" : null, User = i < 4 ? "ci" : null, Address = $"203.0.113.{i % 2}" }));
        host.Log.Add(Enumerable.Range(0, 4).Select(i => Pull(now.AddDays(-2 - i), "acme/agent", "2.0") with { Customer = i < 2 ? "Initech" : null, Address = "203.0.113.7" }));
        host.Log.Add(Pull(now.AddDays(-40), "acme/app", "latest") with { Customer = "Globex", User = "globex-ci", Address = "203.0.113.9" });
        host.Log.Add(Pull(now.AddDays(-41), "acme/agent", "1.0") with { Customer = "Globex", User = "globex-ci", Address = "203.0.113.9" });
        host.Log.Add(Pull(now.AddHours(-9), "acme/app", "1.10") with { Kind = PullKind.VersionCheck, Customer = "Initech", User = "ci", Address = "203.0.113.5" });
        host.Log.Add(Pull(now.AddHours(-9), "acme/idle", "1.0") with { Publisher = true, User = "release" });
    }

    private static LoggedPull Pull(DateTime at, string artifact, string version) => new() { At = at, Artifact = artifact, Version = version, Client = ("containerd/2.0", "containerd", "2.0") };
}
