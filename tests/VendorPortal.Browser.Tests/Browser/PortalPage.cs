using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Portal;

namespace VendorPortal.Browser.Tests.Browser;

/// <summary>A browser page on the portal. What the console reports as an error, a violated policy among it, is kept and fails the test.</summary>
public sealed class PortalPage : IAsyncDisposable
{
    private readonly List<string> errors = [];

    public PortalPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => Keep(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Keep($"{message.Text} ({message.Location})");
        };
    }

    public IPage Page { get; }

    /// <summary>Opens a page and waits until its circuit answers: a click before that is lost.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await InteractiveAsync();
    }

    public Task InteractiveAsync() => Page.Locator("[data-interactive]").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });

    /// <summary>Signs the owner in by the form.</summary>
    public async Task SignInAsync()
    {
        await Page.GotoAsync("/sign-in");
        await Page.GetByLabel("E-mail").FillAsync(PortalProcess.OwnerEmail);
        await Page.GetByLabel("Password", new PageGetByLabelOptions { Exact = true }).FillAsync(PortalProcess.OwnerPassword);
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
    }

    /// <summary>Changes the window and the colour scheme under the page that is shown.</summary>
    public async Task LookAsync(Look look)
    {
        await Page.SetViewportSizeAsync(look.Width, look.Height);
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
    }

    /// <summary>The cookies of this page, with which another one is signed in.</summary>
    public Task<string> SessionAsync() => Page.Context.StorageStateAsync();

    /// <summary>True where the page is wider than the window, so that all of it has to be moved sideways to be read.</summary>
    public Task<bool> OverflowsAsync() => Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    /// <summary>What axe finds against WCAG 2.2 A and AA, a line for each element; empty where all is well.</summary>
    public async Task<IReadOnlyList<string>> AxeAsync()
    {
        var result = await Page.RunAxe(new AxeRunOptions
        {
            RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
        });
        return [.. result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Target} {n.Html}"))];
    }

    /// <summary>Fails where the browser's console reported an error.</summary>
    public void AssertNoErrors()
    {
        lock (errors)
            Assert.Empty(errors);
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private void Keep(string error)
    {
        lock (errors)
            errors.Add(error);
    }
}
