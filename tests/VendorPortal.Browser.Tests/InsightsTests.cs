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
}
