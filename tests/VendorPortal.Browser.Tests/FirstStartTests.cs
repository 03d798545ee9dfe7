using System.Text.RegularExpressions;
using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests;

/// <summary>What a newcomer meets: the setup page behind the printed link, then a page that says what to do next.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class FirstStartTests(Chromium chromium)
{
    [Fact]
    public async Task Portal_WithoutAccount_LeadsThroughSetupToTheFirstRun()
    {
        using var folder = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(folder["data"], withOwner: false);
        var link = SetupLink.Match(portal.Log).Value;
        Assert.NotEmpty(link);

        await using (var visitor = await chromium.OpenAsync(portal.Address, forTools: true))
        {
            await visitor.Page.GotoAsync("/downloads");
            Assert.EndsWith("/setup", visitor.Page.Url, StringComparison.Ordinal);
            await LooksWellAsync(visitor);
        }

        await using var page = await chromium.OpenAsync(portal.Address);
        await page.Page.GotoAsync(link);
        await page.Page.GetByLabel("Vendor").FillAsync("Acme");
        await page.Page.GetByLabel("Your e-mail").FillAsync(PortalProcess.OwnerEmail);
        await page.Page.GetByLabel("Password").FillAsync(PortalProcess.OwnerPassword);
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Create account" }).ClickAsync();
        await page.Page.WaitForURLAsync(url => !url.Contains("/setup", StringComparison.Ordinal));
        await page.OpenAsync("/downloads");
        await Assertions.Expect(page.Page.Locator("main")).ToContainTextAsync("first event");
        page.AssertNoErrors();

        // The code is used up.
        await page.Page.GotoAsync(link);
        Assert.DoesNotContain("/setup", page.Page.Url, StringComparison.Ordinal);

        await using var owner = await chromium.OpenAsync(portal.Address, forTools: true, await page.SessionAsync());
        await owner.OpenAsync("/downloads");
        await LooksWellAsync(owner);
    }

    private static async Task LooksWellAsync(PortalPage page)
    {
        foreach (var look in Look.All.Where(l => l.IsChecked))
        {
            await page.LookAsync(look);
            Assert.Empty(await page.AxeAsync());
            Assert.False(await page.OverflowsAsync(), $"{look}: wider than the window");
        }
    }

    [GeneratedRegex(@"http://\S+/setup\?code=\S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SetupLink { get; }
}
