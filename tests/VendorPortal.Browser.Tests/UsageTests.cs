using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests;

/// <summary>Usage as people use it: choose a period and a customer, read a chart as a table, take the people along, look at the members.</summary>
[Collection(BrowserCollection.Name)]
public sealed class UsageTests(Chromium chromium, SamplePortal portal)
{
    [Fact]
    public async Task Usage_FromPeriodToPeople_IsReadableEverywhere()
    {
        await using var page = await chromium.OpenAsync(portal.Address, forTools: true, await portal.SessionAsync(chromium));
        var active = page.Page.Locator(".figure dd").First;
        await page.OpenAsync("/usage");
        var month = await active.TextContentAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "3 months" }).ClickAsync();
        await page.Page.WaitForURLAsync(url => url.EndsWith("/usage?period=3m", StringComparison.Ordinal));
        await page.Page.GetByLabel("Customer").SelectOptionAsync("Initech");
        await page.Page.WaitForURLAsync(url => url.EndsWith("/usage?period=3m&customer=Initech", StringComparison.Ordinal));
        await Assertions.Expect(active).Not.ToHaveTextAsync(month!);
        await page.Page.GetByText("As table").Nth(1).ClickAsync();
        await page.EveryLookAsync("usage");

        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByText("Export users").ClickAsync());
        Assert.StartsWith("Name,Username,Email,", await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);

        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Members", Exact = true }).ClickAsync();
        await page.Page.WaitForURLAsync(url => url.EndsWith("/usage/members?customer=Initech", StringComparison.Ordinal));
        await page.Page.Locator("[aria-label='Table of members'] tbody tr").First.WaitForAsync();
        await page.EveryLookAsync("members");
        await page.Page.GoBackAsync();
        await Assertions.Expect(page.Page.GetByLabel("Customer")).ToHaveValueAsync("Initech");
        page.AssertNoErrors();
    }
}
