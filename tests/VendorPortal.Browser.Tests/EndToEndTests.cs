using System.Globalization;
using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;
using VendorPortal.Browser.Tests.Registry;

namespace VendorPortal.Browser.Tests;

/// <summary>
/// The main job with the real thing: a stock registry notifies the portal, stock clients pull, and a person reads on the Downloads
/// page who pulled what.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class EndToEndTests(Chromium chromium)
{
    private const string App = "acme/app";
    private const string Agent = "acme/agent";
    private const int QuickPulls = 60;

    [Fact]
    public async Task Downloads_StockRegistryAndClients_ShowsExactlyWhatWasPulled()
    {
        using var folder = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(folder["data"]);
        var feed = await PortalProcess.CommandAsync(folder["data"], "feed", "add", "--name", "registry", "--kind", "distribution");
        var endpoint = new Uri(portal.Address, $"/ingest/{feed.GetProperty("id").GetString()}");
        await using var registry = await RegistryProcess.StartAsync(endpoint, feed.GetProperty("secret").GetString()!);
        await using var page = await chromium.OpenAsync(portal.Address);
        await page.SignInAsync();
        var downloads = new DownloadsView(page);

        var images = await PushAsync(registry, folder);
        var expected = await PullAsync(registry, images);
        await downloads.OpenAsync();
        await ShowsAsync(downloads, expected);
        await PublisherIsHiddenUntilAskedForAsync(page, downloads, expected);
        await VersionsNarrowAsync(page, downloads, images, expected);
        await PanelExplainsAsync(page, downloads, images);
        await new Curl(registry.Host, RegistryAccount.Bob).GetAsync(Agent, Enumerable.Repeat("3.1.0", QuickPulls));
        var all = await ShowMoreAsync(downloads, expected);
        await ExportEqualsPageAsync(downloads, all);
        page.AssertNoErrors();
    }

    private sealed record Images(ImageLayout Multi, ImageLayout Single, ImageLayout Candidate, ImageLayout Agent);

    private static async Task<Images> PushAsync(RegistryProcess registry, TemporaryFolder folder)
    {
        var images = new Images(
            ImageLayout.Write(folder["multi"], "1.10.0", "amd64", "arm64"),
            ImageLayout.Write(folder["single"], "1.9.0", "amd64"),
            ImageLayout.Write(folder["candidate"], "2.0.0-rc.1", "amd64", "arm64"),
            ImageLayout.Write(folder["agent"], "3.1.0", "amd64"));
        var publisher = new Skopeo(registry.Host, RegistryAccount.Publisher);
        await publisher.PushAsync(images.Single, App, "1.9.0");
        await publisher.PushAsync(images.Multi, App, "1.10.0");
        await publisher.PushAsync(images.Candidate, App, "2.0.0-rc.1");
        await publisher.PushAsync(images.Agent, Agent, "3.1.0");
        return images;
    }

    /// <summary>Pulls with every client; returns the rows a person should read, newest first, the publisher's own row last.</summary>
    private static async Task<List<string>> PullAsync(RegistryProcess registry, Images images)
    {
        await using var containerd = await Containerd.StartAsync();
        await using var second = LoopbackForwarder.Start("127.0.0.2", registry.Port);
        await using var third = LoopbackForwarder.Start("127.0.0.3", registry.Port);
        var skopeo = await Skopeo.ClientAsync();
        var ctr = await Containerd.ClientAsync();
        var curl = await Curl.ClientAsync();

        await new Skopeo(registry.Host, RegistryAccount.Publisher).PullAsync(App, ":1.9.0");
        await new Skopeo(registry.Host, RegistryAccount.Alice).PullAsync(App, ":1.10.0");
        await new Skopeo(registry.Host, RegistryAccount.Alice).PullAsync(App, $"@{images.Single.Digest}");
        await new Skopeo(second.Host, RegistryAccount.Bob).InspectAsync(App, ":2.0.0-rc.1");
        await containerd.PullAsync(third.Host, RegistryAccount.Alice, App, ":1.10.0");
        await containerd.PullAsync(third.Host, RegistryAccount.Alice, App, ":1.10.0");
        await new Curl(registry.Host, RegistryAccount.Bob, "127.0.0.2").HeadAsync(App, "1.9.0");
        await new Skopeo(second.Host, RegistryAccount.Alice).PullAllAsync(App, ":1.10.0");
        await new Skopeo(registry.Host, RegistryAccount.Bob).PullAsync(Agent, ":3.1.0");
        return
        [
            $"by tag | bob | 127.0.0.1 | {Agent} | 3.1.0 | {skopeo}",
            $"by tag | alice | 127.0.0.2 | {App} | 1.10.0 | {skopeo}",
            $"check | bob | 127.0.0.2 | {App} | 1.9.0 | {curl}",
            $"check | alice | 127.0.0.3 | {App} | 1.10.0 | {ctr}",
            $"by tag | alice | 127.0.0.3 | {App} | 1.10.0 | {ctr}",
            $"by tag | bob | 127.0.0.2 | {App} | 2.0.0-rc.1 | {skopeo}",
            $"by digest | alice | 127.0.0.1 | {App} | {images.Single.Digest} | {skopeo}",
            $"by tag | alice | 127.0.0.1 | {App} | 1.10.0 | {skopeo}",
            $"by tag | publisher | 127.0.0.1 | {App} | 1.9.0 | {skopeo}",
        ];
    }

    private static async Task ShowsAsync(DownloadsView downloads, List<string> expected)
    {
        var shown = expected.Take(expected.Count - 1).ToList();
        var end = DateTime.UtcNow.AddSeconds(30);
        while (await downloads.Rows.CountAsync() < shown.Count && DateTime.UtcNow < end)
        {
            await Task.Delay(500);
            await downloads.OpenAsync();
        }

        Assert.Equal(shown, (await downloads.ReadAsync()).Select(r => r.Words));
    }

    private static async Task PublisherIsHiddenUntilAskedForAsync(PortalPage page, DownloadsView downloads, List<string> expected)
    {
        await downloads.Filter("Kind").ClickAsync();
        var publishers = page.Page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Publishers’ own pulls" }).GetByRole(AriaRole.Radio);
        await publishers.Nth(1).CheckAsync();
        await downloads.HasRowsAsync(expected.Count);
        Assert.Equal(expected, (await downloads.ReadAsync()).Select(r => r.Words));
        await publishers.Nth(2).CheckAsync();
        await downloads.HasRowsAsync(1);
        await publishers.Nth(0).CheckAsync();
        await downloads.HasRowsAsync(expected.Count - 1);
        await page.Page.Keyboard.PressAsync("Escape");
    }

    private static async Task VersionsNarrowAsync(PortalPage page, DownloadsView downloads, Images images, List<string> expected)
    {
        Assert.Equal(0, await downloads.Filter("Version").CountAsync());
        Assert.Equal([App, Agent], await downloads.OptionsAsync("Artifact"));
        await downloads.ChooseAsync(App);
        await downloads.HasRowsAsync(expected.Count(e => e.Contains(App, StringComparison.Ordinal)) - 1);

        Assert.Equal(["2.0.0-rc.1", "1.10.0", "1.9.0", images.Single.Digest], await downloads.OptionsAsync("Version"));
        await downloads.ChooseAsync("1.10.0");
        var narrowed = expected.Where(e => e.Contains("| 1.10.0 |", StringComparison.Ordinal)).ToList();
        await downloads.HasRowsAsync(narrowed.Count);
        Assert.Equal(narrowed, (await downloads.ReadAsync()).Select(r => r.Words));

        // The view is in the address: reloaded, it is the same.
        await page.Page.ReloadAsync();
        await page.InteractiveAsync();
        await downloads.HasRowsAsync(narrowed.Count);
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Reset" }).ClickAsync();
        await downloads.HasRowsAsync(expected.Count - 1);
    }

    private static async Task PanelExplainsAsync(PortalPage page, DownloadsView downloads, Images images)
    {
        await downloads.Rows.Nth(4).Locator(".row-open").ClickAsync();
        await downloads.Panel.WaitForAsync();
        Assert.Equal(["HEAD 1.10.0", $"GET {images.Multi.Digest}", $"GET {images.Multi.Manifests[0]}"], await downloads.RequestsAsync());
        await Assertions.Expect(downloads.Panel).ToContainTextAsync("HEAD by tag");
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(downloads.Panel).ToHaveCountAsync(0);
    }

    private static async Task<IReadOnlyList<ShownPull>> ShowMoreAsync(DownloadsView downloads, List<string> expected)
    {
        var total = QuickPulls + expected.Count - 1;
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!(await downloads.StatusAsync()).Contains($"of {total}", StringComparison.Ordinal) && DateTime.UtcNow < end)
        {
            await Task.Delay(500);
            await downloads.OpenAsync();
        }

        await downloads.HasRowsAsync(50);
        await downloads.ShowMore.ClickAsync();
        await downloads.HasRowsAsync(total);
        await Assertions.Expect(downloads.ShowMore).ToHaveCountAsync(0);
        var all = await downloads.ReadAsync();
        var curl = await Curl.ClientAsync();
        Assert.Equal(Enumerable.Repeat($"by tag | bob | 127.0.0.1 | {Agent} | 3.1.0 | {curl}", QuickPulls), all.Take(QuickPulls).Select(r => r.Words));
        Assert.Equal(expected.Take(expected.Count - 1), all.Skip(QuickPulls).Select(r => r.Words));
        return all;
    }

    private static async Task ExportEqualsPageAsync(DownloadsView downloads, IReadOnlyList<ShownPull> all)
    {
        var (name, lines) = await downloads.ExportAsync();
        Assert.Matches(@"^\d{4}-\d\d-\d\d_artifact_pulls\.csv$", name);
        Assert.Equal("Date,Customer,User,Email,Address,Artifact,Version", lines[0]);
        Assert.Equal(
            all.Select(r => string.Join(',', Iso(r.AtUtc), r.Customer, r.User, "", r.Address, r.Artifact, r.Version)),
            lines.Skip(1).Select(WithParsedDate));
    }

    private static string WithParsedDate(string line)
    {
        var comma = line.IndexOf(',', StringComparison.Ordinal);
        return Iso(DateTime.Parse(line[..comma], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)) + line[comma..];
    }

    private static string Iso(DateTime atUtc) => atUtc.ToString("O", CultureInfo.InvariantCulture);
}
