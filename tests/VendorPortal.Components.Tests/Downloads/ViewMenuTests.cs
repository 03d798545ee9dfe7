using Bunit;
using Microsoft.AspNetCore.Components.Web;
using VendorPortal.Components.Controls;
using VendorPortal.Classification;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class ViewMenuTests
{
    [Fact]
    public void Settings_Written_AreReadBack()
    {
        foreach (var columns in new[] { ListColumns.Date, ListSettings.Usual, ListSettings.All.Aggregate((a, b) => a | b) })
        {
            var settings = new ListSettings { Columns = columns, IsComfortable = true, IsRelative = true, Batch = 200 };

            Assert.Equal(settings, ListSettings.Parse(settings.Format()));
            Assert.DoesNotMatch("[;, \"\\\\]", settings.Format()); // what a cookie may not hold
        }
    }

    [Fact]
    public void Settings_AnyMoves_AreReadBackWithTheDateFirst()
    {
        var random = new Random(7);
        var settings = ListSettings.Default;
        for (var i = 0; i < 200; i++)
        {
            settings = settings.Move(ListSettings.All[random.Next(ListSettings.All.Count)], random.Next(-3, 4));

            Assert.Equal(ListColumns.Date, settings.Order[0]);
            Assert.Equal(ListSettings.All, settings.Order.Order());
            Assert.Equal(settings.Order, ListSettings.Parse(settings.Format()).Order);
        }

        Assert.NotEqual(ListSettings.Default, settings);
        Assert.True(settings.Format().Length < 300); // of the 500 that are read
    }

    [Theory]
    [InlineData("columns=Date.Digest", "Date.Digest")] // as written before columns had an order
    [InlineData("columns=Kind.Date.Kind.Customer", "Date.Customer.Kind")] // the date first, nothing twice
    [InlineData("columns=Date.-Customer.Version.User", "Date.Version.User")]
    public void Settings_ColumnsWritten_AreShownInThatOrder(string cookie, string shown)
    {
        var settings = ListSettings.Parse(cookie);

        Assert.Equal(shown.Split('.').Order(), settings.Shown.Select(column => $"{column}").Order());
        Assert.Equal(ListSettings.All.Count, settings.Order.Distinct().Count());
        if (cookie.Contains("Version", StringComparison.Ordinal))
            Assert.Equal(shown, string.Join('.', settings.Shown));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("columns=Nonsense&rows=&time=1&batch=9999")]
    [InlineData("%%%&&==")]
    public void Settings_NotReadable_AreAsUsual(string? cookie) => Assert.Equal(ListSettings.Default, ListSettings.Parse(cookie));

    [Theory]
    [InlineData("Europe/Berlin", "Asia/Tokyo", "Asia/Tokyo", true)]
    [InlineData("Europe/Berlin", "UTC", "UTC", true)]
    [InlineData("Europe/Berlin", "", "Europe/Berlin", false)]
    [InlineData("Europe/Berlin", "No/Where", "Europe/Berlin", false)]
    [InlineData(null, "Asia/Tokyo", "Asia/Tokyo", true)]
    public void ViewerZone_Chosen_StandsBeforeTheBrowsers(string? browser, string chosen, string name, bool isChosen)
    {
        var zone = ViewerZone.Of(browser, chosen);

        Assert.Equal((name, isChosen), (zone.Name, zone.IsChosen));
        Assert.Equal(browser ?? "UTC", ViewerZone.NameOf(zone.Browser));
    }

    [Theory]
    [InlineData(-5, "just now")] // a clock that is ahead
    [InlineData(59, "just now")]
    [InlineData(60, "1 min ago")]
    [InlineData(3_599, "59 min ago")]
    [InlineData(3_600, "1 h ago")]
    [InlineData(86_400 * 2, "2 d ago")]
    [InlineData(86_400 * 30, null)]
    public void RelativeTime_Seconds_AreToldInTheLargestUnit(int seconds, string? text) => Assert.Equal(text, RelativeTime.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Columns_Chosen_AreShownAndRemembered()
    {
        using var host = new DownloadsHost();
        host.AddPulls(2);
        host.Log.Add(new LoggedPull { At = DownloadsHost.Now.AddMinutes(-9), Kind = PullKind.Denied, Status = 404, Rule = PullRule.Refused });
        var page = host.Open();
        Assert.Equal(["Date", "Customer", "User", "Address", "Artifact", "Version", "Kind", "Client"], Heads(page));

        page.Press("View");
        page.Tick(() => page.Find("input[value=User]"), false);
        page.Tick(() => page.Find("input[value=Status]"), true);

        page.WaitForAssertion(() => Assert.Equal(["Date", "Customer", "Address", "Artifact", "Version", "Kind", "Client", "Status"], Heads(page)));
        Assert.Equal("404", page.Column("status")[2]);
        Assert.All(page.FindAll("tr.pull"), row => Assert.Equal(9, row.Children.Length));
        Assert.True(page.Find("input[value=Date]").HasAttribute("disabled"));
        var kept = host.JSInterop.Invocations["portal.remember"].Select(call => call.Arguments).Last();
        Assert.Equal("list", kept[0]);
        Assert.Equal(ListColumns.Status, ListSettings.Parse((string)kept[1]!).Columns & ~ListSettings.Usual);

        page.Press("As it was");
        page.WaitForAssertion(() => Assert.Equal(8, Heads(page).Count));
    }

    [Fact]
    public void Columns_Moved_AreShownInTheirOrderAndRemembered()
    {
        using var host = new DownloadsHost();
        host.AddPulls(2);
        var page = host.Open();

        page.Press("View");
        page.Press(() => page.Find("button[aria-label='Move Artifact up']"));
        page.WaitForAssertion(() => Assert.Equal(["Date", "Customer", "User", "Artifact", "Address", "Version", "Kind", "Client"], Heads(page)));
        page.KeyDown(() => page.Find("li:has(input[value=Customer])"), new KeyboardEventArgs { Key = "ArrowDown", AltKey = true });

        page.WaitForAssertion(() => Assert.Equal(["Date", "User", "Customer", "Artifact", "Address", "Version", "Kind", "Client"], Heads(page)));
        Assert.Equal(["c-date", "c-user", "c-customer", "c-artifact", "c-address", "c-version", "c-kind", "c-client"], page.FindAll("tr.pull:first-child td:not(.c-menu)").Select(cell => cell.ClassList[0]));
        Assert.Equal(["Date", "User", "Customer", "Artifact"], page.FindAll(".columns .check").Take(4).Select(label => label.TextContent.Trim()));
        Assert.Equal("Customer is at place 3 of 14", page.Find("#view-panel [role=status]").TextContent);
        var kept = ListSettings.Parse((string)host.JSInterop.Invocations["portal.remember"][^1].Arguments[1]!);
        Assert.Equal(Heads(page), kept.Shown.Select(column => $"{column}"));
    }

    [Fact]
    public void Columns_AtTheEnds_StayWhereTheyAre()
    {
        using var host = new DownloadsHost();
        host.AddPulls(1);
        var page = host.Open();

        page.Press("View");
        page.Press(() => page.Find("button[aria-label='Move Customer up']"));
        page.Press(() => page.Find("button[aria-label='Move Status down']"));
        page.KeyDown(() => page.Find("li:has(input[value=Date])"), new KeyboardEventArgs { Key = "ArrowDown", AltKey = true });

        Assert.Empty(host.JSInterop.Invocations["portal.remember"]);
        Assert.Equal("Date", Heads(page)[0]);
        Assert.Equal("true", page.Find("button[aria-label='Move Customer up']").GetAttribute("aria-disabled"));
        Assert.Empty(page.FindAll("button[aria-label='Move Date down']"));
    }

    [Fact]
    public void Times_HowLongAgo_AreTold()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3, (i, pull) => pull with { At = DownloadsHost.Now.AddHours(-i * 20).AddSeconds(-30) });
        var page = host.Open();

        page.Press("View");
        page.Tick(() => page.Find("input[name=time][value=relative]"), "relative");

        page.WaitForAssertion(() => Assert.Equal(["just now", "20 h ago", "1 d ago"], page.FindAll("tr.pull time[data-ago]").Select(time => time.TextContent)));
        Assert.Contains("UTC", page.Find("tr.pull .row-open").GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_Larger_IsReadAtOnceAndByShowMore()
    {
        using var host = new DownloadsHost();
        host.AddPulls(330);
        var page = host.Open();

        page.Press("View");
        page.Tick(() => page.Find("input[name=batch][value='200']"), "200");
        page.WaitForState(() => page.Times().Count == 200);
        page.Press("Show more");

        page.WaitForState(() => page.Times().Count == 330);
        Assert.Equal(330, page.Times().Distinct().Count());
    }

    [Fact]
    public void Zone_Chosen_IsRememberedAndThePageStartsAnew()
    {
        using var host = new DownloadsHost();
        host.AddPulls(1);
        var page = host.Open();

        page.Press("View");
        page.Tick(() => page.Find("#view-zone"), "Asia/Tokyo");

        page.WaitForAssertion(() => Assert.Contains(host.JSInterop.Invocations["portal.remember"], call => call.Arguments is ["zone", "Asia/Tokyo"]));
        page.WaitForAssertion(() => Assert.True(host.Navigation.History.First().Options.ForceLoad));
    }

    private static IReadOnlyList<string> Heads(IRenderedComponent<VendorPortal.Components.Pages.Downloads> page) =>
        [.. page.FindAll("th[scope=col]").Where(head => head.ParentElement!.ParentElement!.ParentElement!.ClassList.Contains("pulls")).Select(head => head.TextContent).SkipLast(1)];
}
