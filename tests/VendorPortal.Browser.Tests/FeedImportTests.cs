using System.Globalization;
using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests;

/// <summary>A person brings the past of a registry along: a file dropped on its feed, followed to its pulls and to what was wrong with it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class FeedImportTests(Chromium chromium)
{
    private const int Lines = 30_000;
    private const int BytesASecond = 1_500_000;

    [Fact]
    public async Task File_DroppedOnAFeed_IsFollowedToItsPullsAndItsRejectedLines()
    {
        using var folder = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(folder["data"]);
        await PortalProcess.CommandAsync(folder["data"], "feed", "add", "--name", "Edge", "--kind", "accesslog");
        await using var page = await chromium.OpenAsync(portal.Address);
        await page.SignInAsync();
        await page.OpenAsync("/feeds");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Import past… of Edge" }).ClickAsync();
        await page.Page.WaitForURLAsync(url => url.EndsWith("/import", StringComparison.Ordinal));

        await DropAsync(page.Page, "access.log", string.Concat(Log().Select(line => line + '\n')));
        await Assertions.Expect(page.Page.Locator("[data-import-status]")).ToContainTextAsync("access.log");
        await SlowDownAsync(page.Page);
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Import", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Running import" })).ToBeVisibleAsync();
        var bar = page.Page.GetByRole(AriaRole.Progressbar, new PageGetByRoleOptions { Name = "Import" });
        await Assertions.Expect(bar).ToHaveAttributeAsync("value", new System.Text.RegularExpressions.Regex("^0\\.\\d+$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(page.Page.GetByText("Done. Its pulls are in Downloads.")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 60_000 });

        Assert.Equal(["Read 30,003", "New 30,000", "Known already 0", "Not about pulls 0", "Rejected 3"], await page.Page.Locator("dl.counts div").EvaluateAllAsync<string[]>("all => all.map(d => d.innerText.replace(/\\s+/g, ' ').trim())"));
        var reasons = page.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Why lines were rejected" }).Locator("tbody tr");
        await Assertions.Expect(reasons).ToHaveCountAsync(2);
        await Assertions.Expect(reasons.Nth(0)).ToContainTextAsync("line 10,001 no log at all");
        await Assertions.Expect(reasons.Nth(1)).ToContainTextAsync("the time lies before 2020");
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "The first 3 lines" }).ClickAsync());
        var list = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.Equal("Line,Reason,Sample", list[0]);
        Assert.Equal(["10001", "20002", "20003"], list[1..].Select(row => row.Split(',')[0]));

        await AssertLooksWellAsync(portal, page);
        var downloads = new DownloadsView(page);
        await downloads.OpenAsync("?from=2024-05-01&to=2024-05-31");
        await downloads.HasRowsAsync(50);
        page.AssertNoErrors();
    }

    private static List<string> Log()
    {
        var start = new DateTime(2024, 5, 1, 12, 0, 0, DateTimeKind.Utc);
        var lines = Enumerable.Range(0, Lines).Select(i => Line(start.AddMinutes(i), $"1.{i % 5}")).ToList();
        lines.Insert(10_000, "no log at all");
        lines.Insert(20_001, "and another one");
        lines.Insert(20_002, Line(new DateTime(1999, 12, 31, 0, 0, 0, DateTimeKind.Utc), "1.0"));
        return lines;
    }

    private static string Line(DateTime at, string tag) => string.Create(
        CultureInfo.InvariantCulture, $"203.0.113.7 - alice [{at:dd/MMM/yyyy:HH:mm:ss} +0000] \"GET /v2/acme/app/manifests/{tag} HTTP/1.1\" 200 1234 \"-\" \"docker/28.0.1\"");

    private static async Task DropAsync(IPage page, string name, string text)
    {
        var files = await page.EvaluateHandleAsync("([name, text]) => { const all = new DataTransfer(); all.items.add(new File([text], name)); return all; }", new[] { name, text });
        await page.Locator("form[data-import] .drop").DispatchEventAsync("drop", new Dictionary<string, object> { ["dataTransfer"] = files });
    }

    // Else a machine that is quick has imported the file before anybody could watch.
    private static async Task SlowDownAsync(IPage page)
    {
        var tools = await page.Context.NewCDPSessionAsync(page);
        await tools.SendAsync("Network.enable");
        await tools.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = BytesASecond,
        });
    }

    private async Task AssertLooksWellAsync(PortalProcess portal, PortalPage page)
    {
        await using var another = await chromium.OpenAsync(portal.Address, forTools: true, await page.SessionAsync());
        await another.OpenAsync(new Uri(page.Page.Url).AbsolutePath);
        await Assertions.Expect(another.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Last import" })).ToBeVisibleAsync();
        foreach (var look in Look.All.Where(l => l.IsChecked))
        {
            await another.LookAsync(look);
            Assert.Empty(await another.AxeAsync());
            Assert.False(await another.OverflowsAsync(), $"{look}: wider than the window");
        }
    }
}
