using System.Globalization;
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

    // A day of 25 hours has a last one; to a day of 23 hours no hour of the next belongs.
    [Theory]
    [InlineData("Europe/Berlin", "2025-10-26", "2025-10-26T22:30:00Z")]
    [InlineData("Europe/Berlin", "2025-03-30", null)]
    [InlineData("America/New_York", "2025-11-02", "2025-11-03T04:30:00Z")]
    [InlineData("America/New_York", "2025-03-09", null)]
    public void Bar_LastDayIsOfAClockChange_OpensAllOfThatDayAndNoMore(string zone, string day, string? late)
    {
        using var host = new DownloadsHost(zone);
        var noon = DateTime.Parse(day + "T16:00:00Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        host.AddPulls(6, (i, pull) => pull with { At = noon.AddDays(-i) });
        if (late is not null)
            host.Log.Add(new LoggedPull { At = DateTime.Parse(late, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) });
        var page = host.Open();
        page.WaitForState(() => page.FindAll("g.bar").Count == 6);

        page.Tick(() => page.Find(".brush-value"), "5-5");

        page.WaitForState(() => page.Times().Count == (late is null ? 1 : 2));
        Assert.Equal($"/downloads?from={day}&to={day}&zone={zone}", host.Address);
    }

    [Theory]
    [InlineData("0-0", "from=2026-05-18T10:20:00Z&to=2026-05-18T11:00:00Z")]
    [InlineData("2-2", "from=2026-05-18T12:00:00Z&to=2026-05-18T12:40:00Z")]
    [InlineData("1-1", "from=2026-05-18T11:00:00Z&to=2026-05-18T12:00:00Z")]
    public void Bar_CutByTheFilter_KeepsTheFiltersOwnEnds(string bars, string expected)
    {
        using var host = new DownloadsHost();
        var ten = new DateTime(2026, 5, 18, 10, 0, 0, DateTimeKind.Utc);
        host.AddPulls(6, (i, pull) => pull with { At = ten.AddMinutes(10 + (30 * i)) }); // 10:10, which the filter leaves out, to 12:40
        var page = host.Open("?from=2026-05-18T10:20:00Z&to=2026-05-18T12:40:00Z");
        page.WaitForState(() => page.FindAll("g.bar").Count == 3);

        page.Tick(() => page.Find(".brush-value"), bars);

        page.WaitForAssertion(() => Assert.Equal($"/downloads?{expected}", host.Address));
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
