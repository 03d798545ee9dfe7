using Microsoft.Playwright;
using VendorPortal.Benchmarks.Measuring;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>
/// The Downloads page as a person feels it: the portal as a process over the generated log, a real Chromium on the loopback. A time runs
/// from the browser's own stamp of the click or key to the first frame painted with what it asked for.
/// </summary>
internal static class BrowserArea
{
    private const int Typed = 3;
    private const int KeyPause = 90;

    // Runs in the page. What is waited for is the list: changed, and no longer busy; then its frame.
    private const string Stopwatch = """
        window.stopwatch = {
          painted(then) { requestAnimationFrame(() => { const after = new MessageChannel(); after.port1.onmessage = then; after.port2.postMessage(0); }); },
          rows(kind) {
            this.result = new Promise(done => {
              const log = document.querySelector('section.log');
              const isRow = node => node.nodeType === 1 && node.matches('.scroll, .empty-state');
              let start, changed = false;
              addEventListener(kind, event => { start = event.timeStamp; }, { capture: true, once: kind === 'click' });
              const watch = new MutationObserver(changes => {
                changed ||= start !== undefined && changes.some(change => change.target.closest?.('tbody') || [...change.addedNodes, ...change.removedNodes].some(isRow));
                if (!changed || log.getAttribute('aria-busy') === 'true') return;
                watch.disconnect();
                this.painted(() => done(performance.now() - start));
              });
              watch.observe(log, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-busy'] });
            });
          },
          keys: [],
        };
        addEventListener('input', event => { const start = stopwatch.keyed; stopwatch.painted(() => stopwatch.keys.push(performance.now() - start)); }, true);
        addEventListener('keydown', event => { stopwatch.keyed = event.timeStamp; }, true);
        """;

    // Of each list so many values, spread over those it offers.
    private static readonly (string Filter, int Values)[] Lists = [("Customer", 8), ("User", 6), ("Address", 6), ("Artifact", 8), ("Client", 4), ("Country", 4)];

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        report.Section("In the browser");
        var chromium = Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } path ? path : "/usr/bin/chromium";
        if (!File.Exists(chromium))
        {
            report.Note($"Skipped: there is no {chromium}.");
            return;
        }

        string folder;
        await using (var store = await GenerateArea.OpenAsync(options, ct))
            folder = store.Folder;
        await using var portal = await PortalRun.StartAsync(folder, ct);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"] });
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { BaseURL = portal.Address.ToString(), ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
        page.SetDefaultTimeout(30_000);
        await SignInAsync(page);
        await OpenAsync(page, "/downloads");

        var clicks = new List<(string Filter, double Milliseconds)>();
        foreach (var (filter, values) in Lists)
            clicks.AddRange((await ClickAsync(page, filter, values, ct)).Select(time => (filter, time)));
        await OpenAsync(page, "/downloads");
        var (keys, searches) = await TypeAsync(page, ct);

        report.Note(Report.Format($"Chromium {browser.Version}, headless, 1440 × 900, frames of 16.7 ms. Each click chooses a value in an open list with no other filter, once totals and chart of the one before are there."));
        report.Table(["Click on a value of", "Clicks", "New rows painted, ms"], clicks.GroupBy(click => click.Filter).Select(group => Row(group.Key, group.Select(click => click.Milliseconds))));
        report.Table(["Typing in the search box", "Measured", "ms"], [Row("A key to its character painted, while lists are read", keys), Row("The last key to new rows painted, a pause of 250 ms in it", searches)]);
        report.Goals(
            Goal.AtMost("Click on a filter to new rows painted, p95", 150, new Timings(clicks.Select(click => click.Milliseconds)).P95),
            Goal.AtMost("Key to its character painted, p95", 50, new Timings(keys).P95));
    }

    private static IReadOnlyList<string> Row(string what, IEnumerable<double> times)
    {
        var timings = new Timings(times);
        return [what, Report.Format($"{timings.Runs}"), Report.Ms(timings)];
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("E-mail").FillAsync(BenchmarkStore.OwnerEmail);
        await page.GetByLabel("Password", new PageGetByLabelOptions { Exact = true }).FillAsync(BenchmarkStore.OwnerPassword);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
    }

    private static async Task OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.Locator("[data-interactive]").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        await page.EvaluateAsync(Stopwatch);
        await SettleAsync(page);
    }

    private static async Task<List<double>> ClickAsync(IPage page, string filter, int values, CancellationToken ct)
    {
        await OpenAsync(page, "/downloads");
        if (await Button(page, filter).CountAsync() == 0)
        {
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "More filters" }).ClickAsync();
            await page.Locator("#filter-more-panel").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = filter, Exact = true }).ClickAsync();
        }
        else
        {
            await Button(page, filter).ClickAsync();
        }

        var options = page.GetByRole(AriaRole.Option);
        await options.First.WaitForAsync();
        var offered = await options.CountAsync();
        var times = new List<double>();
        for (var i = 0; i < Math.Min(values, offered); i++)
        {
            ct.ThrowIfCancellationRequested();
            var option = options.Nth(i * offered / values);
            await option.ScrollIntoViewIfNeededAsync();
            times.Add(await MeasureAsync(page, "click", () => option.ClickAsync()));
            await MeasureAsync(page, "click", () => option.ClickAsync()); // back to no filter
        }

        return times;
    }

    // Words that are found, character by character, as a quick typist does: each pause is shorter than the one the search waits for.
    private static async Task<(List<double> Keys, List<double> Searches)> TypeAsync(IPage page, CancellationToken ct)
    {
        var searches = new List<double>();
        var box = page.GetByRole(AriaRole.Search).Locator(".search-box input");
        await box.ClickAsync();
        for (var i = 0; i < Typed; i++)
        {
            foreach (var text in (string[])["Customer 1400", "team-7", "1.12", "sha256:a"])
            {
                ct.ThrowIfCancellationRequested();
                searches.Add(await MeasureAsync(page, "keydown", () => page.Keyboard.TypeAsync(text, new KeyboardTypeOptions { Delay = KeyPause })));
                await MeasureAsync(page, "keydown", async () =>
                {
                    await page.Keyboard.PressAsync("Control+a");
                    await page.Keyboard.PressAsync("Delete");
                });
            }
        }

        return ([.. await page.EvaluateAsync<double[]>("stopwatch.keys")], searches);
    }

    private static async Task<double> MeasureAsync(IPage page, string kind, Func<Task> act)
    {
        await page.EvaluateAsync("kind => stopwatch.rows(kind)", kind);
        await act();
        var time = await page.EvaluateAsync<double>("stopwatch.result");
        await SettleAsync(page);
        return time;
    }

    private static ILocator Button(IPage page, string filter) => page.GetByRole(AriaRole.Search).Locator(".picker-open", new LocatorLocatorOptions { HasTextString = filter });

    // Nothing of the question before is on its way.
    private static Task SettleAsync(IPage page) => page.Locator("main:has(section.log[aria-busy=false]):has(.summary[aria-busy=false]):not(:has([role=listbox][aria-busy=true]))").WaitForAsync();
}
