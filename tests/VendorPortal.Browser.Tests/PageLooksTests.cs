using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests;

/// <summary>
/// Every page as people see it, wide and on a phone, light and dark: see <see cref="LookBook"/>.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class PageLooksTests(Chromium chromium, SamplePortal portal)
{
    [Fact]
    public Task SignIn_AnyLook_IsAccessible() => LookAsync("sign-in", signedIn: false, page => page.Page.GotoAsync("/sign-in"));

    [Fact]
    public Task Downloads_List_IsAccessible() => LookAsync("downloads", signedIn: true, async page =>
    {
        await page.OpenAsync("/downloads");
        await new DownloadsView(page).HasRowsAsync(50);
    });

    [Fact]
    public Task Downloads_Detail_IsAccessible() => LookAsync("detail", signedIn: true, async page =>
    {
        var downloads = new DownloadsView(page);
        await page.OpenAsync("/downloads?kind=pull_by_tag&client=containerd");
        await downloads.Rows.First.Locator(".row-open").ClickAsync();
        await downloads.RequestsAsync();
        await Assertions.Expect(downloads.Panel.Locator(".line-place")).ToHaveCountAsync(0);
    });

    [Fact]
    public Task Downloads_View_IsAccessible() => LookAsync("view", signedIn: true, async page =>
    {
        await page.OpenAsync("/downloads");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "View", Exact = true }).ClickAsync();
        await page.Page.Locator("#view-panel").WaitForAsync();
    });

    [Fact]
    public Task Downloads_EveryColumn_IsAccessible() => LookAsync("columns", signedIn: true, async page =>
    {
        await page.Page.Context.AddCookiesAsync([new Cookie { Name = "list", Value = "columns=Date.Customer.User.Address.Artifact.Version.Kind.Client.Digest.Country.Host.NetworkType.Requests.Status&rows=comfortable&time=relative&batch=200", Url = portal.Address.ToString() }]);
        await page.OpenAsync("/downloads");
        await new DownloadsView(page).HasRowsAsync(200);
    });

    [Fact]
    public Task Downloads_NothingMatches_IsAccessible() => LookAsync("empty", signedIn: true, async page =>
    {
        await page.OpenAsync("/downloads?customer=Nobody");
        await page.Page.Locator(".empty-state").WaitForAsync();
    });

    [Fact]
    public Task Insights_Charts_IsAccessible() => LookAsync("insights", signedIn: true, async page =>
    {
        await page.OpenAsync("/insights?months=12");
        await page.Page.Locator("svg.map").WaitForAsync();
        await page.Page.Locator(".summary td.name").First.WaitForAsync();
        await page.Page.GetByText("As table").First.ClickAsync();
    });

    [Fact]
    public Task Insights_Adoption_IsAccessible() => LookAsync("adoption", signedIn: true, async page =>
    {
        await page.OpenAsync("/insights/adoption?artifact=nimbus/agent&months=12");
        await page.Page.Locator("[aria-label='Table of versions']").WaitForAsync();
    });

    [Fact]
    public Task Insights_Paper_IsAccessible() => LookAsync("insights-print", signedIn: true, async page =>
    {
        await page.Page.GotoAsync("/insights/print?months=6&step=month");
        await page.Page.Locator(".paper").WaitForAsync();
    });

    [Fact]
    public Task Customers_AnyLook_IsAccessible() => LookAsync("customers", signedIn: true, page => page.OpenAsync("/customers"));

    [Fact]
    public Task Feeds_AnyLook_IsAccessible() => LookAsync("feeds", signedIn: true, page => page.OpenAsync("/feeds"));

    [Fact]
    public Task FeedImport_AnyLook_IsAccessible() => LookAsync("import", signedIn: true, async page =>
    {
        await page.OpenAsync("/feeds");
        await page.Page.Locator("a[href$='/import']").First.ClickAsync();
        await page.Page.Locator("form[data-import]").WaitForAsync();
    });

    [Fact]
    public Task Settings_AnyLook_IsAccessible() => LookAsync("settings", signedIn: true, page => page.OpenAsync("/settings"));

    [Fact]
    public Task Downloads_FilterOpen_IsAccessible() => LookAsync("filter", signedIn: true, async page =>
    {
        var downloads = new DownloadsView(page);
        await page.OpenAsync("/downloads");
        await downloads.ChooseAsync((await downloads.OptionsAsync("Artifact"))[0]);
        await downloads.OptionsAsync("Version");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await page.Page.Locator(".chip.not").WaitForAsync();
    });

    [Fact]
    public Task Downloads_FilterSheet_IsAccessible() => LookAsync("filter-sheet", signedIn: true, async page =>
    {
        await page.LookAsync(Look.All.First(look => look.Width < 700));
        await page.OpenAsync("/downloads?not-country=US&period=7d");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Filters" }).First.ClickAsync();
        await page.Page.Locator(".filters.sheet").WaitForAsync();
    });

    [Fact]
    public Task Downloads_CellMenu_IsAccessible() => LookAsync("cell", signedIn: true, async page =>
    {
        var downloads = new DownloadsView(page);
        await page.OpenAsync("/downloads");
        await downloads.Rows.Nth(2).Locator(".c-address").ClickAsync(new LocatorClickOptions { Button = MouseButton.Right });
        await Assertions.Expect(page.Page.Locator(".cell-menu [data-cell=address] button").First).ToBeFocusedAsync();
    });

    [Fact]
    public async Task Downloads_KeyboardAlone_ChoosesTwoLeavesOneOutAndTakesAllAway()
    {
        await using var page = await chromium.OpenAsync(portal.Address, forTools: true, await portal.SessionAsync(chromium));
        var (downloads, keys) = (new DownloadsView(page), page.Page.Keyboard);
        await page.OpenAsync("/downloads");
        await downloads.HasRowsAsync(50);

        await downloads.Filter("Customer").FocusAsync();
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await keys.TypeAsync("o");
        await Assertions.Expect(page.Page.Locator("[role=option] .name").Filter(new LocatorFilterOptions { HasNotText = "o" })).ToHaveCountAsync(0);
        foreach (var choose in new[] { "Enter", "Enter", "Shift+Enter" })
        {
            await keys.PressAsync("ArrowDown");
            await keys.PressAsync(choose);
        }

        await page.Page.WaitForURLAsync(url => new Uri(url).Query.Split('&') is [['?', .. var first], var second, var third]
            && first.StartsWith("customer=", StringComparison.Ordinal) && second.StartsWith("customer=", StringComparison.Ordinal) && third.StartsWith("not-customer=", StringComparison.Ordinal));
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator(".picker-panel")).ToHaveCountAsync(0);
        await Assertions.Expect(downloads.Filter("Customer")).ToBeFocusedAsync();
        await Assertions.Expect(page.Page.Locator(".chip")).ToHaveCountAsync(2);

        await keys.PressAsync("Escape");
        await page.Page.WaitForURLAsync(url => url.EndsWith("/downloads", StringComparison.Ordinal));
        await Assertions.Expect(page.Page.Locator(".chip")).ToHaveCountAsync(0);
        await page.Page.GoBackAsync();
        await Assertions.Expect(page.Page.Locator(".chip")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Page.Locator(".log")).ToHaveAttributeAsync("aria-busy", "false");

        await downloads.Rows.First.Locator(".row-open").FocusAsync();
        await keys.PressAsync("Enter");
        await downloads.Panel.Locator(".facts").WaitForAsync();
        await keys.PressAsync("Escape"); // the opened pull first
        await Assertions.Expect(downloads.Panel).ToHaveCountAsync(0);
        await Assertions.Expect(page.Page.Locator(".chip")).ToHaveCountAsync(2);
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator(".chip")).ToHaveCountAsync(0);
        page.AssertNoErrors();
    }

    private async Task LookAsync(string name, bool signedIn, Func<PortalPage, Task> show)
    {
        await using var page = await chromium.OpenAsync(portal.Address, forTools: true, signedIn ? await portal.SessionAsync(chromium) : null);
        await show(page);
        await page.EveryLookAsync(name);
    }
}
