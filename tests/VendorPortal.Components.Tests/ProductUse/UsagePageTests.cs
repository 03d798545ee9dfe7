using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Sections;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Components.Controls;
using VendorPortal.Components.Pages;
using VendorPortal.Components.Tests.Downloads;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;
using VendorPortal.Usage;

namespace VendorPortal.Components.Tests.ProductUse;

/// <summary>The pages Usage and Members over a real store.</summary>
public sealed class UsagePageTests : IAsyncLifetime
{
    private readonly DownloadsHost host = new();

    private ProductMembers Members => host.Services.GetRequiredService<ProductMembers>();

    public async Task InitializeAsync()
    {
        await using var context = host.Store.Contexts.ForInstallation();
        context.Add(new Vendor { Id = 1, Slug = "acme", Name = "Acme" });
        await context.SaveChangesAsync();
        await using var rows = host.Store.Contexts.ForVendor(1);
        rows.AddRange(new Customer { VendorId = 1, Id = 1, Name = "Initech" }, new Customer { VendorId = 1, Id = 2, Name = "Globex" });
        await rows.SaveChangesAsync();
    }

    public Task DisposeAsync()
    {
        host.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Figures_OfEveryCard_AreThoseOfTheReport()
    {
        await FillAsync();
        var page = Open("usage");

        page.WaitForAssertion(() => Assert.Equal("2", Figure(page, "Active users")));
        Assert.Equal(
            ["3", "1", "1.0", "3.0 s", "50.0 %", "3", "1.5", "2.0", "Linux", "2", "1", "50.0 %", "1"],
            new[] { "Total members", "Opted out", "Average per user", "Average time", "Success rate", "Total run", "Average per user/2", "Most used version", "Most used operating system", "Total pulled", "Total pushed", "Members with any", "People" }
                .Select(label => Figure(page, label)));
        Assert.Equal(6, page.FindAll("section.chart").Count);
        Assert.All(page.FindAll("section.chart"), card => Assert.NotNull(card.QuerySelector("details table")));
        Assert.Contains("redis:7", page.Find("[aria-label=Images] .bars").TextContent, StringComparison.Ordinal);
        Assert.Contains("/api/v1/usage/users.csv?period=1m", page.FindAll("a[download]").Select(a => a.GetAttribute("href")));
        Assert.Contains("Last updated", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PeriodAndCustomer_Chosen_AreInTheAddressAndInTheNumbers()
    {
        await FillAsync();
        var page = Open("usage");
        page.WaitForAssertion(() => Assert.Equal("2", Figure(page, "Active users")));

        await ClickAsync(page, ".choice", "1 week");
        page.WaitForAssertion(() => Assert.Equal("1", Figure(page, "Active users")));
        await page.InvokeAsync(() => page.Find("select").Change("Globex"));
        page.WaitForAssertion(() => Assert.Contains("Nobody of Globex", page.Find(".empty-state").TextContent, StringComparison.Ordinal));

        Assert.Equal("/usage?period=1w&customer=Globex", host.Address);
        await ClickAsync(page, ".empty-state button", "3 months");
        page.WaitForAssertion(() => Assert.Equal("1", Figure(page, "Active users")));
        Assert.Equal("/usage?period=3m&customer=Globex", host.Address);
    }

    [Fact]
    public async Task NothingEverCameIn_TheFirstStepsFillInAToken()
    {
        var page = Open("usage");
        page.WaitForAssertion(() => Assert.Contains("Waiting for the first event", page.Markup, StringComparison.Ordinal));

        await ClickAsync(page, "button", "Make a token");

        page.WaitForAssertion(() => Assert.Matches("Bearer vp_1_1_", page.Find(".copy-block code").TextContent));
        var tokens = await host.Services.GetRequiredService<TokenDirectory>().ListAsync(1, default);
        Assert.Equal(TokenKind.Telemetry, Assert.Single(tokens).Kind);
    }

    [Fact]
    public async Task Store_Broken_SaysSoAndRetryShowsTheNumbers()
    {
        await FillAsync();
        await using var context = host.Store.Contexts.ForVendor(1);
        await context.Database.ExecuteSqlRawAsync("ALTER TABLE \"UsageDays\" RENAME TO \"Away\"");
        var page = Open("usage");
        page.WaitForAssertion(() => Assert.Contains("Usage could not be read", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));

        await context.Database.ExecuteSqlRawAsync("ALTER TABLE \"Away\" RENAME TO \"UsageDays\"");
        await ClickAsync(page, "button", "Retry");

        page.WaitForAssertion(() => Assert.Equal("2", Figure(page, "Active users")));
    }

    [Fact]
    public async Task Members_RemovedAndBroughtBack_AreTheSame()
    {
        await FillAsync();
        var page = Open("usage/members?customer=Initech", members: true);
        page.WaitForAssertion(() => Assert.Equal(["ann", "out"], Usernames(page)));

        await ClickAsync(page, "[aria-label='Remove ann']", "Remove");
        page.WaitForAssertion(() => Assert.Contains("is off the list", page.Find(".undo").TextContent, StringComparison.Ordinal));
        Assert.Null(await Members.FindAsync(1, 1, "ann", default));
        await ClickAsync(page, ".undo button", "Undo");

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".undo")));
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[aria-label='Edit ann']")));
        Assert.Equal("Ann", (await Members.FindAsync(1, 1, "ann", default))?.Facts.Name);
    }

    [Fact]
    public async Task Members_Searched_AreInTheAddress()
    {
        await FillAsync();
        var page = Open("usage/members?q=OPS", members: true);

        page.WaitForAssertion(() => Assert.Equal(["ann"], Usernames(page)));
        Assert.True(page.FindAll("button").Single(button => button.TextContent == "Add member").HasAttribute("disabled"));
    }

    private IRenderedComponent<IComponent> Open(string address, bool members = false)
    {
        host.Navigation.NavigateTo(address);
        return host.Render(builder =>
        {
            builder.OpenComponent<SectionOutlet>(0);
            builder.AddAttribute(1, nameof(SectionOutlet.SectionName), PageHeader.Section);
            builder.CloseComponent();
            builder.OpenComponent(2, members ? typeof(MembersPage) : typeof(UsagePage));
            builder.CloseComponent();
        });
    }

    // Found and pressed between two renderings: a page that follows what comes in may draw itself anew at any time.
    private static Task ClickAsync(IRenderedComponent<IComponent> page, string selector, string text) =>
        page.InvokeAsync(() => page.FindAll(selector).Single(element => element.TextContent == text).Click());

    // "Average per user/2" is the second figure of this name.
    private static string Figure(IRenderedComponent<IComponent> page, string label)
    {
        var parts = label.Split('/');
        return page.FindAll(".figure").Where(f => f.QuerySelector("dt")!.TextContent == parts[0]).ElementAt(parts.Length - 1).QuerySelector("dd")!.TextContent;
    }

    private static IEnumerable<string> Usernames(IRenderedComponent<IComponent> page) => page.FindAll("tbody th").Select(cell => cell.TextContent.Trim());

    private async Task FillAsync()
    {
        await Members.SaveAsync(1, 1, [new MemberFacts("ann", "Ann", "ann@x.example", "Member", "Editor", "Dev, Ops", null, null), new MemberFacts("out", null, null, null, null, null, null, null)], default);
        using var connection = host.Store.Database.OpenWriter();
        using var writer = new UsageWriter(connection);
        var now = DownloadsHost.Now;
        var number = 0;
        UsageEvent Event(string user, double daysAgo, UsageKind kind, string? name = null, int? how = null, string? customer = null) => new()
        {
            Id = $"e{++number}", User = user, AtUtc = now.AddDays(-daysAgo), Kind = kind, Name = name, How = how, Customer = customer,
            System = kind == UsageKind.Active ? "Linux" : null, DurationMs = kind == UsageKind.Build ? 2_000 * (1 + how) : null,
        };
        writer.Write(
            [
                new UsagePost(1,
                [
                    Event("ann", 1, UsageKind.Active, "2.0", UsageWays.Cli), Event("ann", 1, UsageKind.Build, how: 1), Event("ann", 1, UsageKind.Build, how: 0), Event("ann", 2, UsageKind.ContainerRun, how: 1),
                    Event("ann@x.example", 2, UsageKind.ImagePull, "redis:7"), Event("ann", 2, UsageKind.ExtensionInstalled, "logs"), Event("out", 1, UsageKind.Build, how: 1), Event("out", 1, UsageKind.AnalyticsOptOut),
                    Event("bea", 20, UsageKind.ContainerRun, how: 2, customer: "Globex"), Event("bea", 20, UsageKind.ContainerRun, how: 3, customer: "Globex"), Event("bea", 20, UsageKind.ImagePull, "node:22", customer: "Globex"),
                    Event("bea", 20, UsageKind.ImagePush, "app", customer: "Globex"),
                ]),
            ],
            now);
    }
}
