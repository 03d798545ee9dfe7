using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests;

/// <summary>What opens on the Downloads page, and the page on paper: see <see cref="LookBook"/>.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DownloadsLooksTests(Chromium chromium, SamplePortal portal)
{
    [Fact]
    public async Task Export_Opened_IsAccessible()
    {
        await using var page = await OpenAsync("?period=30d&customer=Initech");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Export", Exact = true }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Dialog).Locator(".what b").WaitForAsync();
        await page.EveryLookAsync("export");
        page.AssertNoErrors();
    }

    [Fact]
    public async Task SavedViews_Opened_AreAccessible()
    {
        await using var page = await OpenAsync("?kind=denied&period=30d");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Views", Exact = true }).ClickAsync();
        foreach (var name in (string[])["Denied, last 30 days", "A view with a name so long that no menu shows all of it at once, ever"])
        {
            await page.Page.GetByLabel("Save these filters as").FillAsync(name);
            await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save", Exact = true }).ClickAsync();
            await page.Page.Locator($"#saved-views-panel .view-name[title='{name}']").WaitForAsync();
        }

        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Change Denied, last 30 days" }).ClickAsync();
        await page.Page.Locator("#saved-views-panel .acts").WaitForAsync();
        await page.EveryLookAsync("views");
        page.AssertNoErrors();
    }

    [Fact]
    public async Task Keyboard_Opened_IsAccessible()
    {
        await using var page = await OpenAsync();
        await page.Page.Keyboard.PressAsync("?");
        await page.Page.Locator("dialog.keys-sheet[open]").WaitForAsync();
        await page.EveryLookAsync("keyboard");
        page.AssertNoErrors();
    }

    [Fact]
    public async Task Dates_OpenedWithRangesOfLate_AreAccessible()
    {
        await using var page = await OpenAsync();
        await page.Page.EvaluateAsync("localStorage.setItem('ranges', '2026-03-02/2026-03-29 2025-12-30/2026-01-12 2026-06-01/..')");
        await page.OpenAsync("/downloads?period=30d");
        await ShowAsync();
        await page.EveryLookAsync("dates", again: ShowAsync);
        page.AssertNoErrors();

        async Task ShowAsync()
        {
            await ShowFiltersAsync(page);
            if (await page.Page.Locator("#filter-dates-panel").CountAsync() == 0)
                await page.Page.Locator(".range .picker-open").ClickAsync();
            await Assertions.Expect(page.Page.Locator(".recent button")).ToHaveCountAsync(3);
        }
    }

    [Fact]
    public async Task Address_Typed_OffersNetworksAndIsAccessible()
    {
        await using var page = await OpenAsync();
        await ShowAsync();
        await page.EveryLookAsync("address", again: ShowAsync);
        page.AssertNoErrors();

        async Task ShowAsync()
        {
            await ShowFiltersAsync(page);
            if (await page.Page.Locator("#filter-address-panel").CountAsync() == 0)
                await new DownloadsView(page).Filter("Address").ClickAsync();
            await page.Page.GetByRole(AriaRole.Combobox).FillAsync("203.0.113.");
            await Assertions.Expect(page.Page.Locator("[role=option][title='203.0.113.0/24']")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task MoreFilters_Opened_AreAccessible()
    {
        await using var page = await OpenAsync();
        await ShowAsync();
        await page.EveryLookAsync("more-filters", again: ShowAsync);
        page.AssertNoErrors();

        async Task ShowAsync()
        {
            await ShowFiltersAsync(page);
            if (await page.Page.Locator("#filter-more-panel").CountAsync() == 0)
                await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "More filters" }).ClickAsync();
            await Assertions.Expect(page.Page.Locator("#filter-more-panel .menu-item").First).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Kinds_Opened_AreAccessible()
    {
        await using var page = await OpenAsync("?publishers=only");
        await ShowAsync();
        await page.EveryLookAsync("kinds", again: ShowAsync);
        page.AssertNoErrors();

        async Task ShowAsync()
        {
            await ShowFiltersAsync(page);
            if (await page.Page.Locator("#filter-kind-panel").CountAsync() == 0)
                await new DownloadsView(page).Filter("Kind").ClickAsync();
            await Assertions.Expect(page.Page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Only these" })).ToBeCheckedAsync();
        }
    }

    [Fact]
    public async Task Paused_List_IsAccessible()
    {
        await using var page = await OpenAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Pause", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Resume", Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.EveryLookAsync("paused");
        page.AssertNoErrors();
    }

    [Fact]
    public async Task Pull_ThatThereIsNot_SaysSoAndIsAccessible()
    {
        await using var page = await OpenAsync("?pull=1");
        await Assertions.Expect(new DownloadsView(page).Panel.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no pull 1 here.");
        await page.EveryLookAsync("no-such-pull");
        page.AssertNoErrors();
    }

    [Fact]
    public async Task Columns_MovedByKeys_KeepTheFocusAndComeBackInTheirOrder()
    {
        await using var page = await OpenAsync();
        var keys = page.Page.Keyboard;
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "View", Exact = true }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Move Version up" }).FocusAsync();
        var first = page.Page.Locator(".pulls th:nth-child(2)");
        for (var left = 0; left < 4; left++)
            await keys.PressAsync("Enter");
        await Assertions.Expect(first).ToHaveTextAsync("Version");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Move Version up" })).ToBeFocusedAsync();

        await page.Page.Locator("#view-panel input[value=Kind]").FocusAsync();
        await keys.PressAsync("Alt+ArrowUp");
        await Assertions.Expect(page.Page.Locator(".pulls th").Filter(new LocatorFilterOptions { HasText = "Kind" }).Locator("xpath=following-sibling::th[1]")).ToHaveTextAsync("Artifact");
        await Assertions.Expect(page.Page.Locator("#view-panel input[value=Kind]")).ToBeFocusedAsync();

        var sent = await (await page.Page.Context.APIRequest.GetAsync("/downloads")).TextAsync();
        Assert.True(sent.IndexOf(">Version</th>", StringComparison.Ordinal) < sent.IndexOf(">Customer</th>", StringComparison.Ordinal));
        page.AssertNoErrors();
    }

    [Fact]
    public async Task Histogram_TimeChosen_IsAccessible()
    {
        await using var page = await OpenAsync("?period=90d");
        await page.EveryLookAsync("histogram", again: async () =>
        {
            var plot = page.Page.GetByRole(AriaRole.Slider);
            await plot.BlurAsync();
            await plot.FocusAsync();
            foreach (var key in (string[])["ArrowLeft", "ArrowLeft", "ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft"])
                await page.Page.Keyboard.PressAsync(key);
            await Assertions.Expect(page.Page.Locator(".plot .tip")).ToBeVisibleAsync();
        });
        page.AssertNoErrors();
    }

    [Fact]
    public async Task Paper_FilteredList_HasTheFiltersInWordsAllRowsAndNoControls()
    {
        await using var page = await OpenAsync("?period=12m&customer=Initech&not-kind=version_check");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show more" }).ClickAsync();
        await new DownloadsView(page).HasRowsAsync(100);
        await page.Page.Locator(".histogram").WaitForAsync();
        await page.Page.SetViewportSizeAsync(1040, 1400); // a sheet across, in CSS pixels
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });

        var words = await page.Page.Locator(".chip:visible").EvaluateAllAsync<string[]>("all => all.map(chip => chip.innerText.replace(/\\s+/g, ' ').trim())");
        Assert.Equal(["Last 12 months", "Customer: Initech", "Kind is not: check"], words);
        Assert.Equal(100, await page.Page.Locator("tr.pull:visible").CountAsync());
        foreach (var chrome in (string[])[".side", "[role=search]", ".live", ".picker-open", ".cell-open", ".chip button:not(.edit)", ".btn"])
            await Assertions.Expect(page.Page.Locator($"{chrome}:visible")).ToHaveCountAsync(0);
        Assert.True(await page.Page.EvaluateAsync<bool>("document.querySelector('.scroll').scrollHeight <= document.querySelector('.scroll').clientHeight + 1"));
        Assert.False(await page.OverflowsAsync());
        await page.PictureAsync("paper", whole: true);
        page.AssertNoErrors();
    }

    // On a phone the filters stand in a sheet.
    private static async Task ShowFiltersAsync(PortalPage page)
    {
        var toggle = page.Page.Locator("[aria-controls=filters]");
        if (await toggle.IsVisibleAsync() && await toggle.GetAttributeAsync("aria-expanded") == "false")
            await toggle.ClickAsync();
    }

    private async Task<PortalPage> OpenAsync(string query = "")
    {
        var page = await chromium.OpenAsync(portal.Address, forTools: true, await portal.SessionAsync(chromium));
        await page.OpenAsync("/downloads" + query);
        await new DownloadsView(page).Rows.First.WaitForAsync();
        return page;
    }
}
