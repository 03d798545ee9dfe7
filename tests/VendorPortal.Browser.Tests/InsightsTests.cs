using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests;

/// <summary>Insights as people use it: choose what is shown, go into a number, move along a chart by keys.</summary>
[Collection(BrowserCollection.Name)]
public sealed class InsightsTests(Chromium chromium, SamplePortal portal)
{
    [Fact]
    public async Task Repositories_ChosenAndTheNumberOpened_IsTheSameNumberInDownloads()
    {
        await using var page = await chromium.OpenAsync(portal.Address, session: await portal.SessionAsync(chromium));
        await page.OpenAsync("/insights");
        var number = page.Page.Locator(".figure dd a").First;
        await number.WaitForAsync();
        var all = await number.TextContentAsync();

        await page.Page.Locator(".controls .line input").Nth(0).CheckAsync();
        await page.Page.Locator(".controls .line input").Nth(1).CheckAsync();
        await page.Page.WaitForURLAsync(url => url.Split("repository=").Length == 3);
        await Assertions.Expect(page.Page.Locator(".content")).ToHaveAttributeAsync("aria-busy", "false");
        var chosen = await number.TextContentAsync();
        Assert.NotEqual(all, chosen);

        await number.ClickAsync();
        await page.Page.WaitForURLAsync(url => url.Contains("/downloads?", StringComparison.Ordinal));
        await Assertions.Expect(page.Page.Locator(".fig dd").First).ToHaveTextAsync(chosen!);

        await page.Page.GoBackAsync();
        await Assertions.Expect(page.Page.Locator(".controls .line input:checked")).ToHaveCountAsync(2);
        page.AssertNoErrors();
    }

    [Fact]
    public async Task Chart_Arrows_MoveFromBucketToBucketAndEnterOpensIt()
    {
        await using var page = await chromium.OpenAsync(portal.Address, session: await portal.SessionAsync(chromium));
        await page.OpenAsync("/insights?months=6");
        var slots = page.Page.Locator("[data-slots]").First.Locator("a");
        await slots.Last.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        var slot = slots.Nth(await slots.CountAsync() - 3);
        await Assertions.Expect(slot).ToBeFocusedAsync();
        await Assertions.Expect(slot.Locator(".tip")).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.WaitForURLAsync(url => url.Contains("/downloads?from=", StringComparison.Ordinal));
        page.AssertNoErrors();
    }

    [Fact]
    public async Task Report_MarkedTakenAsAFileAndPrinted_IsOfWhatThePageShows()
    {
        await using var page = await chromium.OpenAsync(portal.Address, session: await portal.SessionAsync(chromium));
        await page.OpenAsync("/insights");
        var number = page.Page.Locator(".figure dd a").First;
        await number.WaitForAsync();
        var shown = await number.TextContentAsync();

        await page.Page.Locator(".mark-menu .picker-open").ClickAsync();
        await page.Page.GetByLabel("Add a mark").FillAsync("2.0 of a journey");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".slot[aria-label$='release 2.0 of a journey']").First).ToBeAttachedAsync();
        await page.Page.Locator(".mark-menu .picker-close").DispatchEventAsync("click"); // outside the panel: what was added has left the focus nowhere
        await Assertions.Expect(page.Page.Locator("#marks-panel")).ToHaveCountAsync(0);

        var period = page.Page.Locator(".periods details").Filter(new LocatorFilterOptions { HasNot = page.Page.Locator(".badge") }).First;
        await period.Locator("summary").ClickAsync();
        var file = await page.Page.RunAndWaitForDownloadAsync(() => period.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "By namespace", Exact = true }).ClickAsync());
        Assert.EndsWith(".csv", file.SuggestedFilename, StringComparison.Ordinal);
        Assert.Equal(["namespace", "unique_ip_addresses"], (await File.ReadAllLinesAsync(await file.PathAsync()))[0].Split(',').Take(2));

        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Print", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".paper .marks")).ToContainTextAsync("2.0 of a journey");
        Assert.StartsWith(shown!, (await page.Page.Locator(".paper .figures dd").First.TextContentAsync())!.Trim(), StringComparison.Ordinal);

        await page.OpenAsync("/insights");
        await page.Page.Locator(".mark-menu .picker-open").ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Remove 2.0 of a journey" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("#marks-panel .removed")).ToContainTextAsync("is removed");
        page.AssertNoErrors();
    }

    [Fact]
    public async Task Adoption_WhoStillPullsAVersion_LeadsToTheirPulls()
    {
        await using var page = await chromium.OpenAsync(portal.Address, session: await portal.SessionAsync(chromium));
        await page.OpenAsync("/insights/adoption");
        await page.Page.GetByLabel("Artifact", new PageGetByLabelOptions { Exact = true }).SelectOptionAsync("nimbus/agent");
        var customers = page.Page.Locator("section[aria-label=Customers]");
        await page.Page.Locator("section[aria-label=Versions] .acts button").First.ClickAsync();

        await page.Page.WaitForURLAsync(url => url.Contains("artifact=nimbus", StringComparison.Ordinal) && url.Contains("version=", StringComparison.Ordinal));
        await Assertions.Expect(page.Page.Locator(".adoption")).ToHaveAttributeAsync("aria-busy", "false");
        var line = customers.Locator("tbody tr").First;
        var (name, pulls) = (await line.Locator("td a").First.TextContentAsync(), await line.Locator("td.num a").TextContentAsync());
        await line.Locator("td.num a").ClickAsync();

        await page.Page.WaitForURLAsync(url => url.Contains("/downloads?", StringComparison.Ordinal));
        await Assertions.Expect(page.Page.Locator(".chip").Filter(new LocatorFilterOptions { HasText = name })).ToHaveCountAsync(1);
        await Assertions.Expect(page.Page.Locator(".fig dd").First).ToHaveTextAsync(pulls!);
        page.AssertNoErrors();
    }
}
