using Microsoft.Playwright;

namespace VendorPortal.Browser.Tests.Browser;

/// <summary>
/// How a page looks: axe finds nothing, nothing is wider than the window, and nothing moves for who wants no motion. With
/// <c>PORTAL_SCREENSHOTS=folder</c> what is looked at is also written there as pictures.
/// </summary>
public static class LookBook
{
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS");

    /// <summary>
    /// Looks at a page in every way: a change of window or scheme needs no reload. <paramref name="again"/> does anew what such a change
    /// gives up.
    /// </summary>
    public static async Task EveryLookAsync(this PortalPage page, string name, Func<Task>? again = null)
    {
        var problems = new List<string>();
        foreach (var look in Look.All)
        {
            await page.LookAsync(look);
            if (again is not null)
                await again();
            problems.AddRange((await page.ProblemsAsync(withAxe: look.IsChecked)).Select(problem => $"{look}: {problem}"));
            await page.PictureAsync($"{name}-{look}");
        }

        Assert.Empty(problems);
    }

    /// <summary>What is wrong with the page as it is; empty where all is well.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(this PortalPage page, bool withAxe = true)
    {
        var problems = withAxe ? (await page.AxeAsync()).ToList() : [];
        if (await page.OverflowsAsync())
            problems.Add("wider than the window");
        if (await page.Page.EvaluateAsync<bool>("matchMedia('(prefers-reduced-motion: reduce)').matches && document.getAnimations().some(a => a.playState === 'running')"))
            problems.Add("moves, though less motion is wanted");
        return problems;
    }

    /// <summary>Writes a picture where pictures are wanted.</summary>
    public static async Task PictureAsync(this PortalPage page, string name, bool whole = false)
    {
        if (Screenshots is { Length: > 0 })
            await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"{name}.png"), FullPage = whole });
    }
}
