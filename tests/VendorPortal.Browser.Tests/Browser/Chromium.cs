using Microsoft.Playwright;

namespace VendorPortal.Browser.Tests.Browser;

/// <summary>How a page is looked at.</summary>
/// <param name="Width">Width of the window in CSS pixels.</param>
/// <param name="Dark">The colour scheme the system prefers.</param>
/// <param name="ForTools">Lets tools that inject scripts work; such a page does not show whether the content security policy holds.</param>
public sealed record Viewport(int Width = 1440, bool Dark = false, bool ForTools = false)
{
    public int Height => Width < 500 ? 844 : 900;
}

/// <summary>The system's Chromium, shared by the tests of the collection; each page has a profile of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } path ? path : "/usr/bin/chromium",
            Args = Arguments,
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>
    /// A page in a fresh profile, in UTC and US English, whose relative addresses lead to <paramref name="portal"/>; signed in where a
    /// <paramref name="session"/> of an earlier page is given.
    /// </summary>
    public async Task<PortalPage> OpenAsync(Uri portal, Viewport? viewport = null, string? session = null)
    {
        viewport ??= new Viewport();
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = portal.ToString(),
            ViewportSize = new ViewportSize { Width = viewport.Width, Height = viewport.Height },
            ColorScheme = viewport.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-US",
            TimezoneId = "UTC",
            AcceptDownloads = true,
            BypassCSP = viewport.ForTools,
            StorageState = session,
        });
        context.SetDefaultTimeout(15_000);
        return new PortalPage(await context.NewPageAsync());
    }
}

/// <summary>Browser tests share one Chromium and run one after another: two cores serve portal, registry and browser.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Chromium>
{
    public const string Name = "Browser";
}
