using System.Text.Json;
using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests;

/// <summary>The overview as people use it: signed in, a range chosen, a repository found, its page, its pulls; and how the pages look.</summary>
[Collection(BrowserCollection.Name)]
public sealed class OverviewTests(Chromium chromium, SamplePortal portal)
{
    [Fact]
    public async Task Overview_FromTheSignInToThePullsOfARepository_HasTheSameNumbers()
    {
        await using var page = await chromium.OpenAsync(portal.Address, session: await portal.SessionAsync(chromium));
        await page.OpenAsync("/");
        Assert.EndsWith("/overview", page.Page.Url, StringComparison.Ordinal);
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "All time" }).First.ClickAsync();
        await page.Page.WaitForURLAsync(url => url.EndsWith("/overview?period=all", StringComparison.Ordinal));
        await page.Page.GetByLabel("Search repositories").FillAsync("gateway");
        var row = page.Page.Locator(".activity tbody tr");
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(row.Locator("th a")).ToHaveTextAsync("nimbus/gateway");
        var downloads = await row.Locator("td.num a").First.TextContentAsync();

        var file = await page.Page.Context.APIRequest.GetAsync("/api/v1/publisher-analytics/download-breakdown");
        using var json = JsonDocument.Parse(await file.TextAsync());
        Assert.Equal(downloads, json.RootElement.EnumerateArray().Single(repository => repository.GetProperty("repoName").GetString() == "nimbus/gateway").GetProperty("totalDownloads").GetInt64().ToString("N0", System.Globalization.CultureInfo.InvariantCulture));

        await row.Locator("th a").ClickAsync();
        await page.Page.WaitForURLAsync(url => url.EndsWith("/artifacts/nimbus/gateway?period=all", StringComparison.Ordinal));
        var number = page.Page.Locator(".figure dd a").First;
        await Assertions.Expect(number).ToHaveTextAsync(downloads!);
        await number.ClickAsync();
        await page.Page.WaitForURLAsync(url => url.Contains("/downloads?artifact=nimbus/gateway", StringComparison.Ordinal));
        await Assertions.Expect(page.Page.Locator(".fig dd").First).ToHaveTextAsync(downloads!);

        await page.Page.GoBackAsync();
        await page.Page.GoBackAsync();
        await Assertions.Expect(page.Page.GetByLabel("Search repositories")).ToHaveValueAsync("gateway");
        page.AssertNoErrors();
    }

    [Fact]
    public Task Overview_AnyLook_IsAccessible() => LookAsync("overview", async page =>
    {
        await page.OpenAsync("/overview");
        await page.Page.Locator(".activity .spark").First.WaitForAsync();
        await page.Page.Locator(".kinds .key").First.WaitForAsync();
    });

    [Fact]
    public Task Artifact_AnyLook_IsAccessible() => LookAsync("artifact", async page =>
    {
        await page.OpenAsync("/artifacts/nimbus/agent?period=12m");
        await page.Page.Locator("[aria-label='Recent pulls'] tbody tr").First.WaitForAsync();
        await page.Page.Locator(".activity[aria-label=Digests] tbody th").First.WaitForAsync();
        await page.Page.Locator("[aria-label=Adoption] dd").First.WaitForAsync();
    });

    private async Task LookAsync(string name, Func<PortalPage, Task> show)
    {
        await using var page = await chromium.OpenAsync(portal.Address, forTools: true, await portal.SessionAsync(chromium));
        await show(page);
        await page.EveryLookAsync(name);
    }
}
