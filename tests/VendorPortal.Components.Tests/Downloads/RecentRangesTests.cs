using Bunit;
using VendorPortal.Components.Controls;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class RecentRangesTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("2026-05-02/2026-05-10 2026-03-01/..", "2026-05-02/2026-05-10 2026-03-01/..")]
    [InlineData("../2026-05-10 ../.. 2026-05-10/2026-05-02 nonsense / 2026-13-01/..", "../2026-05-10")]
    [InlineData("2026-05-02/.. 2026-05-02/..", "2026-05-02/..")]
    public void Text_OfTheBrowser_IsReadAsFarAsItCanBe(string? text, string ranges) => Assert.Equal(ranges, RecentRanges.Format(RecentRanges.Parse(text)));

    [Fact]
    public void Ranges_Added_AreTheNewestFourEachOnce()
    {
        IReadOnlyList<DayRange> recent = [];
        foreach (var day in new[] { 1, 2, 3, 2, 4, 5, 1 })
            recent = RecentRanges.Add(recent, new DayRange(new DateOnly(2026, 5, day), new DateOnly(2026, 5, 20)));

        Assert.Equal([1, 5, 4, 2], recent.Select(range => range.First!.Value.Day));
        Assert.Equal(recent, RecentRanges.Add(recent, DayRange.AllTime));
        Assert.Equal(recent, RecentRanges.Parse(RecentRanges.Format(recent)));
    }

    [Fact]
    public void Picker_RangesOfTheBrowser_AreOfferedAndChosen()
    {
        using var host = new DownloadsHost();
        host.JSInterop.Setup<string?>("portal.recall", RecentRanges.Key).SetResult("2026-05-01/2026-05-10 2026-03-01/..");
        host.AddPulls(3, (i, pull) => pull with { At = DownloadsHost.Now.AddDays(-12 * i) });
        var page = host.Open();

        page.Press("All time");
        page.WaitForAssertion(() => Assert.Equal(["1 May – 10 May 2026", "Since 1 Mar 2026"], page.FindAll(".recent button").Select(button => button.TextContent)));
        page.Press("1 May – 10 May 2026");

        page.WaitForState(() => page.Times().Count == 1);
        Assert.Equal("/downloads?from=2026-05-01&to=2026-05-10", host.Address);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#filter-dates-panel")));
    }

    [Fact]
    public void Picker_TwoDatesTyped_AreOneRangeThatIsKeptAndNamedRangesNone()
    {
        using var host = new DownloadsHost();
        host.AddPulls(1);
        var page = host.Open();

        page.Press("All time");
        page.Tick(() => page.FindAll("input[type=date]")[0], "2026-05-02");
        page.Tick(() => page.FindAll("input[type=date]")[1], "2026-05-20");
        page.WaitForAssertion(() => Assert.Equal("2026-05-02/2026-05-20", Kept()));
        Assert.Empty(page.FindAll(".recent")); // nothing moves while it is open
        page.Press("Last 7 days");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#filter-dates-panel")));

        page.Press(() => page.Control("Last 7 days"));
        page.WaitForAssertion(() => Assert.Equal("2 May – 20 May 2026", page.Find(".recent button").TextContent));
        page.Tick(() => page.FindAll("input[type=date]")[0], "2026-05-20"); // today, which has a name
        page.WaitForAssertion(() => Assert.Equal("/downloads?from=2026-05-20", host.Address));
        Assert.Equal("2026-05-02/2026-05-20", Kept());

        object? Kept() => host.JSInterop.Invocations["portal.keep"].Select(call => call.Arguments[1]).LastOrDefault();
    }
}
