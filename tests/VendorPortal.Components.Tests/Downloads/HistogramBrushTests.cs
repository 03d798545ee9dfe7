using Bunit;
using VendorPortal.Classification;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class HistogramBrushTests
{
    [Fact]
    public void Brush_Days_BecomesTheRange()
    {
        using var host = new DownloadsHost();
        host.AddPulls(10, (i, pull) => pull with { At = DownloadsHost.Now.AddDays(-i) });
        var page = host.Open();
        page.WaitForState(() => page.FindAll("g.bar").Count == 10);

        page.Tick(() => page.Find(".brush-value"), "7-8");

        page.WaitForState(() => page.Times().Count == 2);
        Assert.Equal("/downloads?from=2026-05-18&to=2026-05-19", host.Address);
    }

    [Fact]
    public void Brush_Hours_BecomesTheRangeToTheHour()
    {
        using var host = new DownloadsHost("Europe/Berlin");
        host.AddPulls(8, (i, pull) => pull with { At = DownloadsHost.Now.AddHours(-i) });
        var page = host.Open("?from=2026-05-20&to=2026-05-20&zone=Europe/Berlin");
        page.WaitForState(() => page.FindAll("g.bar").Count > 8);
        var bars = page.FindAll("g.bar").Select(bar => int.Parse(bar.GetAttribute("data-total")!, null)).ToList();
        var last = bars.FindLastIndex(total => total > 0);

        page.Tick(() => page.Find(".brush-value"), $"{last - 2}-{last}");

        page.WaitForState(() => page.Times().Count == 3);
        Assert.Equal("/downloads?from=2026-05-20T10:00:00Z&to=2026-05-20T13:00:00Z", host.Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("3-99")]
    [InlineData("4-3")]
    [InlineData("-1-2")]
    [InlineData("a-b")]
    public void Brush_NotBarsOfTheHistogram_ChangesNothing(string value)
    {
        using var host = new DownloadsHost();
        host.AddPulls(5, (i, pull) => pull with { At = DownloadsHost.Now.AddDays(-i) });
        var page = host.Open();
        page.WaitForState(() => page.FindAll("g.bar").Count == 5);

        page.Tick(() => page.Find(".brush-value"), value);

        Assert.Equal("/downloads", host.Address);
        Assert.Equal(5, page.Times().Count);
    }

    [Fact]
    public void Bars_EachKind_AreNamedWithTheirNumbers()
    {
        using var host = new DownloadsHost();
        host.AddPulls(5, (i, pull) => pull with { At = DownloadsHost.Now.AddMinutes(-i), Kind = i < 2 ? PullKind.VersionCheck : PullKind.PullByTag });
        host.Log.Add(new LoggedPull { At = DownloadsHost.Now.AddMinutes(-7), Kind = PullKind.Denied, Status = 401, Rule = PullRule.Refused });
        var page = host.Open("?from=2026-05-01");
        page.WaitForState(() => page.FindAll("g.bar").Count == 20);

        Assert.Equal("Wed, May 20 2026 (not over yet): 3 by tag, 2 checks, 1 denied", page.FindAll("g.bar title")[^1].TextContent);
        Assert.Equal(page.FindAll("g.bar title")[^1].TextContent, page.Find("[role=slider]").GetAttribute("aria-valuetext"));
        Assert.Equal(["by tag", "by digest", "check", "denied"], page.FindAll(".legend .key").Select(key => PageReading.Words(key.TextContent)));
        Assert.Equal(["3 downloads", "2 version checks", "1 denied", "1 customer", "1 unique address"], page.FindAll(".fig").Select(f => $"{f.QuerySelector("dd")!.TextContent} {f.QuerySelector("dt")!.TextContent}"));
    }
}
