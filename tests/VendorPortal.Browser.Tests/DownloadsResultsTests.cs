using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests;

/// <summary>The results of the Downloads page as people use them: on a phone, by keys, with a view of their own.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DownloadsResultsTests(Chromium chromium, SamplePortal portal)
{
    [Fact]
    public async Task Phone_FiltersOpenedRowOpenedAndClosed_LeadsBackToTheRow()
    {
        await using var page = await chromium.OpenAsync(portal.Address, forTools: true, await portal.SessionAsync(chromium));
        var downloads = new DownloadsView(page);
        await page.LookAsync(new Look(390, Dark: false));
        await page.OpenAsync("/downloads");
        await downloads.HasRowsAsync(50);

        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Filters" }).First.ClickAsync();
        await page.Page.Locator(".filters.sheet").WaitForAsync();
        await downloads.ChooseAsync((await downloads.OptionsAsync("Customer"))[0]);
        await page.Page.Locator(".sheet-foot button").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".filters.sheet")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Page.Locator(".chip")).ToHaveCountAsync(1);
        await page.Page.Locator(".chip .edit").ClickAsync(); // what it opens stands in the sheet
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.Locator(".sheet-foot button").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".filters.sheet")).ToHaveCountAsync(0);

        var row = downloads.Rows.Nth(2).Locator(".row-open");
        await downloads.Rows.Nth(2).ClickAsync();
        await downloads.Panel.Locator(".facts").WaitForAsync();
        await Assertions.Expect(downloads.Panel.Locator(".line-place")).ToHaveCountAsync(0); // what stands around the pull is there, be it nothing
        Assert.Equal(390, (await downloads.Panel.BoundingBoxAsync())!.Width);
        Assert.Empty(await page.AxeAsync());
        Assert.False(await page.OverflowsAsync());

        await downloads.Panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Close" }).ClickAsync();
        await Assertions.Expect(downloads.Panel).ToHaveCountAsync(0);
        await Assertions.Expect(row).ToBeFocusedAsync();
        page.AssertNoErrors();
    }

    [Fact]
    public async Task Histogram_ArrowsShiftAndEnter_ShowTheChosenTime()
    {
        await using var page = await chromium.OpenAsync(portal.Address, session: await portal.SessionAsync(chromium));
        var keys = page.Page.Keyboard;
        await page.OpenAsync("/downloads?period=30d");
        var plot = page.Page.GetByRole(AriaRole.Slider);
        await plot.FocusAsync();
        var bars = await page.Page.Locator("g.bar").CountAsync();

        await keys.PressAsync("ArrowLeft");
        await keys.PressAsync("ArrowLeft");
        await keys.PressAsync("Shift+ArrowLeft");
        await Assertions.Expect(plot).ToHaveAttributeAsync("aria-valuenow", $"{bars - 2}");
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator(".tip")).ToBeHiddenAsync();
        Assert.EndsWith("?period=30d", page.Page.Url, StringComparison.Ordinal); // given up

        await keys.PressAsync("Home");
        await keys.PressAsync("Shift+ArrowRight");
        await keys.PressAsync("Enter");

        await page.Page.WaitForURLAsync(url => url.Contains("from=", StringComparison.Ordinal) && !url.Contains("period=", StringComparison.Ordinal));
        await Assertions.Expect(page.Page.Locator("g.bar")).ToHaveCountAsync(48); // two days by the hour
        page.AssertNoErrors();
    }

    [Fact]
    public async Task View_Chosen_IsThereAtTheNextVisitBeforeTheCircuit()
    {
        await using var page = await chromium.OpenAsync(portal.Address, session: await portal.SessionAsync(chromium));
        await page.OpenAsync("/downloads");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "View", Exact = true }).ClickAsync();
        await page.Page.GetByLabel("Digest", new PageGetByLabelOptions { Exact = true }).CheckAsync();
        await page.Page.GetByLabel("200", new PageGetByLabelOptions { Exact = true }).CheckAsync();
        await new DownloadsView(page).HasRowsAsync(200);

        var sent = await (await page.Page.Context.APIRequest.GetAsync("/downloads")).TextAsync();

        Assert.Equal(200, sent.Split("<tr class=\"pull ").Length - 1);
        Assert.Contains(">Digest</th>", sent, StringComparison.Ordinal);
        page.AssertNoErrors();
    }
}
