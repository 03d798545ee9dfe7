using System.Globalization;
using Microsoft.Playwright;

namespace VendorPortal.Browser.Tests.Browser;

/// <summary>A row of the pulls table as a person reads it; <see cref="Version"/> in full, which the page shows on hover.</summary>
public sealed record ShownPull(DateTime AtUtc, string? Customer, string? User, string? Address, string Artifact, string Version, string Kind, string? Client)
{
    /// <summary>Everything but the time, which a test cannot know beforehand.</summary>
    public string Words => string.Join(" | ", Kind, User, Address, Artifact, Version, Client);
}

/// <summary>The Downloads page in the browser.</summary>
public sealed class DownloadsView(PortalPage portal)
{
    private const string ReadRows = """
        rows => rows.map(row => {
            const text = name => {
                const cell = row.querySelector('.c-' + name);
                return cell.querySelector('.sr-only') ? null : (cell.querySelector('span')?.innerText ?? cell.innerText).trim();
            };
            return [row.querySelector('time').dateTime, text('customer'), text('user'), text('address'), text('artifact'),
                    row.querySelector('.c-version').title, text('kind'), text('client')];
        })
        """;

    public ILocator Rows => portal.Page.Locator("tr.pull");

    public ILocator ShowMore => portal.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show more" });

    public ILocator Panel => portal.Page.Locator("aside.panel");

    public Task OpenAsync(string query = "") => portal.OpenAsync("/downloads" + query);

    /// <summary>The rows on the page, from top to bottom.</summary>
    public async Task<IReadOnlyList<ShownPull>> ReadAsync()
    {
        var rows = await Rows.EvaluateAllAsync<string?[][]>(ReadRows);
        return [.. rows.Select(r => new ShownPull(
            DateTime.Parse(r[0]!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), r[1], r[2], r[3], r[4]!, r[5]!, r[6]!, r[7]))];
    }

    /// <summary>The requests in the opened panel, <c>METHOD reference</c> with whole digests.</summary>
    public async Task<IReadOnlyList<string>> RequestsAsync()
    {
        var requests = Panel.Locator(".requests li");
        await requests.First.WaitForAsync();
        return await requests.EvaluateAllAsync<string[]>("all => all.map(r => `${r.querySelector('.method').innerText.trim()} ${r.querySelector('.what .mono').title}`)");
    }

    /// <summary>The line below the table: how many of how many.</summary>
    public async Task<string> StatusAsync() => await portal.Page.Locator(".more [role=status]").TextContentAsync() ?? "";

    /// <summary>Waits until the table has exactly so many rows.</summary>
    public Task HasRowsAsync(int count) => Assertions.Expect(Rows).ToHaveCountAsync(count, new LocatorAssertionsToHaveCountOptions { Timeout = 15_000 });

    /// <summary>The button of a filter, whose text is the filter's name or what is chosen in it.</summary>
    public ILocator Filter(string name) => portal.Page.GetByRole(AriaRole.Search).Locator(".picker-open", new LocatorLocatorOptions { HasTextString = name });

    /// <summary>Opens a filter and returns the values it offers, from top to bottom.</summary>
    public async Task<IReadOnlyList<string>> OptionsAsync(string name)
    {
        await Filter(name).ClickAsync();
        var options = portal.Page.GetByRole(AriaRole.Option);
        await options.First.WaitForAsync();
        return await options.EvaluateAllAsync<string[]>("all => all.map(o => o.title)");
    }

    /// <summary>Chooses a value in the filter that is open, and closes it.</summary>
    public async Task ChooseAsync(string value)
    {
        var option = portal.Page.Locator($"[role=option][title='{value}']");
        await option.ClickAsync();
        await Assertions.Expect(option).ToHaveAttributeAsync("aria-selected", "true");
        await portal.Page.Keyboard.PressAsync("Escape");
        await portal.Page.Locator(".picker-panel").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
    }

    /// <summary>Exports as the dialog proposes and returns the file's name and its lines without the last, empty one.</summary>
    public async Task<(string Name, string[] Lines)> ExportAsync()
    {
        await portal.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Export", Exact = true }).ClickAsync();
        var dialog = portal.Page.GetByRole(AriaRole.Dialog);
        var download = await portal.Page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Download" }).ClickAsync());
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Close", Exact = true }).Last.ClickAsync();
        var text = await File.ReadAllTextAsync(await download.PathAsync());
        return (download.SuggestedFilename, text.TrimEnd().Split("\r\n"));
    }
}
