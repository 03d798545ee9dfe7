using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests.Browser;

/// <summary>A width of the window in CSS pixels, and the colour scheme the system prefers.</summary>
public sealed record Look(int Width, bool Dark)
{
    public static readonly IReadOnlyList<Look> All = [.. ((int[])[1440, 768, 390]).SelectMany(width => (Look[])[new(width, Dark: false), new(width, Dark: true)])];

    public int Height => Width < 500 ? 844 : 900;

    /// <summary>Axe looks at the widest in light and the narrowest in dark; at the others only what moves and overflows is watched.</summary>
    public bool IsChecked => Dark ? Width == 390 : Width == 1440;

    public override string ToString() => $"{Width}-{(Dark ? "dark" : "light")}";
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

    /// <summary>A page in a fresh profile, in UTC and US English, whose relative addresses lead to <paramref name="portal"/>.</summary>
    /// <param name="portal">Where the portal listens.</param>
    /// <param name="forTools">Lets tools that inject scripts work; such a page does not show whether the content security policy holds.</param>
    /// <param name="session">The session of an earlier page, with which this one is signed in.</param>
    public async Task<PortalPage> OpenAsync(Uri portal, bool forTools = false, string? session = null)
    {
        var first = Look.All[0];
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = portal.ToString(),
            ViewportSize = new ViewportSize { Width = first.Width, Height = first.Height },
            ColorScheme = ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-US",
            TimezoneId = "UTC",
            AcceptDownloads = true,
            BypassCSP = forTools,
            StorageState = session,
        });
        context.SetDefaultTimeout(15_000);
        Assertions.SetDefaultExpectTimeout(15_000);
        return new PortalPage(await context.NewPageAsync());
    }
}

/// <summary>Browser tests share one Chromium and one portal with the sample, and run one after another: two cores serve portal, registry and browser.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Chromium>, ICollectionFixture<SamplePortal>
{
    public const string Name = "Browser";
}
