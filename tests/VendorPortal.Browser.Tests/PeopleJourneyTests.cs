using System.Globalization;
using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests;

/// <summary>
/// Three people with a question each, from the page to the answer; every state they pass through is accessible. Nothing here depends on which
/// row is the first: the sample follows the hour at which it is made.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class PeopleJourneyTests(Chromium chromium, SamplePortal portal)
{
    /// <summary>"Initech says that their pull fails."</summary>
    [Fact]
    public async Task SupportEngineer_KeyboardAlone_ReadsWhyAPullOfTheCustomerWasDenied()
    {
        await using var page = await OpenAsync(1440);
        var (downloads, keys) = (new DownloadsView(page), page.Page.Keyboard);
        await downloads.OpenAsync();
        await downloads.HasRowsAsync(50);

        await keys.PressAsync("f");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await keys.TypeAsync("Initech");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await LooksWellAsync(page);
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Option)).ToHaveAttributeAsync("aria-selected", "true");
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator(".picker-panel")).ToHaveCountAsync(0);
        await Assertions.Expect(downloads.Filter("Customer")).ToBeFocusedAsync();

        await TabToAsync(page, downloads.Filter("Kind"));
        await keys.PressAsync("Enter");
        await TabToAsync(page, page.Page.Locator("#filter-kind-panel input[type=checkbox]").Nth(3));
        await keys.PressAsync("Space");
        await page.Page.WaitForURLAsync(url => url.EndsWith("/downloads?customer=Initech&kind=denied", StringComparison.Ordinal));
        await Assertions.Expect(page.Page.Locator("tr.pull .kind:not(.kind-denied)")).ToHaveCountAsync(0);
        await LooksWellAsync(page);
        await keys.PressAsync("Escape");
        await Assertions.Expect(downloads.Filter("Kind")).ToBeFocusedAsync();

        await keys.PressAsync("j");
        await Assertions.Expect(downloads.Rows.First.Locator(".row-open")).ToBeFocusedAsync();
        await keys.PressAsync("o");
        await Assertions.Expect(downloads.Panel.Locator(".why p:not(.skeleton)")).ToContainTextAsync("nothing was pulled");
        Assert.NotEmpty(await downloads.RequestsAsync());
        await Assertions.Expect(downloads.Panel.GetByText("Initech", new LocatorGetByTextOptions { Exact = true }).First).ToBeVisibleAsync();
        await Assertions.Expect(downloads.Panel.Locator(".line-place")).ToHaveCountAsync(0);
        await LooksWellAsync(page);

        await keys.PressAsync("Escape");
        await Assertions.Expect(downloads.Panel).ToHaveCountAsync(0);
        await Assertions.Expect(downloads.Rows.First.Locator(".row-open")).ToBeFocusedAsync();
        page.AssertNoErrors();
    }

    /// <summary>"Everything this address touched in a month, as a file."</summary>
    [Fact]
    public async Task SecurityAuditor_AnAddressInAMonth_IsAFileOfAsManyRowsAsThePageSays()
    {
        await using var page = await OpenAsync(1440);
        var downloads = new DownloadsView(page);
        await downloads.OpenAsync("?user=initech%2Bci"); // its builds come from two addresses, every working day
        await downloads.HasRowsAsync(50);

        await downloads.Rows.First.Locator(".c-address").ClickAsync(new LocatorClickOptions { Button = MouseButton.Right });
        await LooksWellAsync(page);
        var address = (await downloads.Rows.First.Locator(".c-address").TextContentAsync())!.Trim();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = $"Only {address}" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Remove User: initech+ci" }).ClickAsync();
        await page.Page.WaitForURLAsync(url => url.EndsWith($"/downloads?address={address}", StringComparison.Ordinal));

        await page.Page.Locator(".range .picker-open").ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Last month", Exact = true }).ClickAsync();
        await downloads.Filter("Kind").ClickAsync();
        await page.Page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Included" }).CheckAsync();
        await page.Page.WaitForURLAsync(url => url.EndsWith($"/downloads?period=last-month&address={address}&publishers=include", StringComparison.Ordinal));
        await LooksWellAsync(page);
        await page.Page.Keyboard.PressAsync("Escape");

        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Export", Exact = true }).ClickAsync();
        var dialog = page.Page.GetByRole(AriaRole.Dialog);
        var said = (await dialog.Locator(".what b").TextContentAsync())!;
        await LooksWellAsync(page);
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Close", Exact = true }).Last.ClickAsync();
        var (_, lines) = await downloads.ExportAsync();

        var rows = lines[1..].Select(line => line.Split(',')).ToList();
        Assert.NotEmpty(rows);
        var count = rows.Count.ToString("N0", CultureInfo.InvariantCulture);
        Assert.Equal($"{count} pulls", said);
        await Assertions.Expect(page.Page.Locator(".more [role=status]")).ToHaveTextAsync(rows.Count <= 50 ? $"All {count} pulls" : $"50 of {count}");
        Assert.All(rows, row => Assert.Equal(address, row[4]));
        var month = Assert.Single(rows.Select(row => row[0][..7]).Distinct());
        Assert.Contains(month, (string[])[.. ((int[])[-1, 0]).Select(minutes => DateTime.UtcNow.AddMinutes(10 * minutes).AddMonths(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture))]);
        page.AssertNoErrors();
    }

    /// <summary>"Who still pulls 1.x of the agent?"</summary>
    [Fact]
    public async Task ProductManager_OnAPhone_FindsWhoPullsOldVersionsAndSharesIt()
    {
        await using var page = await OpenAsync(390);
        var downloads = new DownloadsView(page);
        await downloads.OpenAsync();
        await downloads.HasRowsAsync(50);
        await LooksWellAsync(page);

        await OpenSheetAsync(page);
        await downloads.OptionsAsync("Artifact");
        await downloads.ChooseAsync("nimbus/agent");
        await downloads.OptionsAsync("Version");
        await page.Page.GetByRole(AriaRole.Combobox).FillAsync("1.");
        var options = page.Page.GetByRole(AriaRole.Option);
        await Assertions.Expect(options.Filter(new LocatorFilterOptions { HasNotText = "1." })).ToHaveCountAsync(0);
        var old = (await options.EvaluateAllAsync<string[]>("all => all.map(o => o.title)")).Where(version => version.StartsWith("1.", StringComparison.Ordinal)).Take(3).ToList();
        Assert.True(old.Count > 1, "The sample begins with releases of 1.x.");
        foreach (var version in old)
        {
            await page.Page.Locator($"[role=option][title='{version}']").ClickAsync();
            await Assertions.Expect(page.Page.Locator($"[role=option][title='{version}']")).ToHaveAttributeAsync("aria-selected", "true");
        }

        await LooksWellAsync(page);
        await page.Page.Keyboard.PressAsync("Escape");
        var customers = (await downloads.OptionsAsync("Customer")).Where(name => name != "Unknown").ToList();
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.Locator(".sheet-foot button").ClickAsync();

        await Assertions.Expect(page.Page.Locator(".filters.sheet")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Page.Locator("tr.pull .c-version" + string.Concat(old.Select(version => $":not([title='{version}'])")))).ToHaveCountAsync(0);
        await Assertions.Expect(page.Page.Locator(".chip:visible")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Page.Locator(".fig").Filter(new LocatorFilterOptions { HasText = "customer" }).Locator("dd")).ToHaveTextAsync(customers.Count.ToString(CultureInfo.InvariantCulture));
        Assert.NotEmpty(customers);
        await LooksWellAsync(page);

        await using var other = await OpenAsync(390);
        await other.OpenAsync(new Uri(page.Page.Url).PathAndQuery);
        Assert.Equal(await downloads.ReadAsync(), await new DownloadsView(other).ReadAsync());
        Assert.Equal(await ChipsAsync(page), await ChipsAsync(other));
        await LooksWellAsync(other);
        page.AssertNoErrors();
        other.AssertNoErrors();
    }

    private static Task<string[]> ChipsAsync(PortalPage page) => page.Page.Locator(".chip:visible").EvaluateAllAsync<string[]>("all => all.map(chip => chip.innerText)");

    private static async Task OpenSheetAsync(PortalPage page)
    {
        await page.Page.Locator("[aria-controls=filters]").ClickAsync();
        await page.Page.Locator(".filters.sheet").WaitForAsync();
    }

    /// <summary>Goes on by Tab until something has the focus.</summary>
    private static async Task TabToAsync(PortalPage page, ILocator wanted)
    {
        for (var steps = 0; steps < 30; steps++)
        {
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
                return;
            await page.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail("It cannot be reached by Tab.");
    }

    private static async Task LooksWellAsync(PortalPage page) => Assert.Empty(await page.ProblemsAsync());

    private async Task<PortalPage> OpenAsync(int width)
    {
        var page = await chromium.OpenAsync(portal.Address, forTools: true, await portal.SessionAsync(chromium));
        await page.LookAsync(new Look(width, Dark: false));
        return page;
    }
}
