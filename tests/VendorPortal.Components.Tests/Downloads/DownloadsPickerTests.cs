using Bunit;
using VendorPortal.Classification;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class DownloadsPickerTests
{
    [Fact]
    public void Picker_ValueLeftOut_IsToldByChipAndOptionAndTakenBackByTheSame()
    {
        using var host = new DownloadsHost();
        host.AddPulls(9, (i, pull) => pull with { Customer = $"Customer {i % 3}" });
        var page = host.Open();

        page.OpenPicker("Customer");
        page.Press(() => page.FindAll("[role=option] .not")[1]);

        page.WaitForState(() => page.Times().Count == 6);
        Assert.Equal("/downloads?not-customer=Customer 1", host.Address);
        Assert.Equal(["Customer is not: Customer 1"], page.Chips());
        Assert.Contains("left out", page.FindAll("[role=option]")[1].TextContent, StringComparison.Ordinal);

        page.Press(() => page.FindAll("[role=option]")[1]);
        page.WaitForState(() => page.Times().Count == 9);
        Assert.Equal("/downloads", host.Address);
    }

    [Fact]
    public void Picker_ChosenAndUnknown_StandOnTopWhenOpenedAndMoveNothingBefore()
    {
        using var host = new DownloadsHost();
        host.AddPulls(9, (i, pull) => pull with { Customer = i switch { < 5 => "Aa", < 8 => "Bb", _ => null } });
        var page = host.Open();

        page.OpenPicker("Customer");
        Assert.Equal(["Unknown", "Aa", "Bb"], page.Options());
        page.Press(() => page.FindAll("[role=option]")[2]);
        page.WaitForState(() => page.Times().Count == 3);
        Assert.Equal(["Unknown", "Aa", "Bb"], page.Options());

        page.ClosePicker();
        page.OpenPicker("Customer");
        Assert.Equal(["Bb", "Unknown", "Aa"], page.Options());
    }

    [Fact]
    public void Picker_OfACountry_StandsInTheBarOnlyWhileItIsUsed()
    {
        using var host = new DownloadsHost();
        host.AddPulls(4, (i, pull) => pull with { Address = $"203.0.113.{i}", Network = new NetworkFacts(i == 0 ? "FR" : "DE", null, null, null) });
        var page = host.Open();

        page.Press("More filters");
        page.Press("Country");
        page.WaitForState(() => page.FindAll("[role=option]").Count > 0);
        Assert.Equal(["Germany", "France"], page.Options());
        page.Press(() => page.FindAll("[role=option]")[1]);
        page.WaitForState(() => page.Times().Count == 1);
        page.ClosePicker();

        Assert.Equal("/downloads?country=FR", host.Address);
        Assert.Equal(["Country: France"], page.Chips());
        page.Press(() => page.Find("button[aria-label='Remove Country: France']"));
        page.WaitForState(() => page.Times().Count == 4);
        page.WaitForAssertion(() => Assert.DoesNotContain(page.FindAll(".bar .picker-open"), button => button.TextContent.Contains("Country", StringComparison.Ordinal)));
    }

    [Fact]
    public void Versions_OfAnArtifact_AreTagsAndDigestsWithTheTagsThatPointAtThem()
    {
        var (older, newer) = ($"sha256:{new string('a', 64)}", $"sha256:{new string('b', 64)}");
        using var host = new DownloadsHost();
        host.Log.Add(
        [
            new() { Version = "latest", Digest = older, At = DownloadsHost.Now.AddDays(-3) }, new() { Version = "1.0", Digest = older, At = DownloadsHost.Now.AddDays(-2) },
            new() { Version = "latest", Digest = newer, At = DownloadsHost.Now.AddDays(-1) }, new() { Version = older }, new() { Version = newer },
        ]);
        var page = host.Open("?artifact=acme/app");

        page.OpenPicker("Version");
        page.WaitForState(() => page.FindAll(".tagged").Count == 2);

        Assert.Equal(["Tags", "Digests"], page.FindAll("[role=listbox] [role=group]").Select(group => group.GetAttribute("aria-label")));
        Assert.Equal(["1.0", "latest"], page.FindAll(".tagged").Select(tags => tags.TextContent));
        Assert.Equal(["sha256:aaaa…aaaa", "sha256:bbbb…bbbb"], page.FindAll("[role=option]:has(.tagged) .name").Select(name => name.TextContent));
    }

    [Fact]
    public void Versions_MoreTagsThanAreListed_DigestsStandBelowAndTellTagsThatAreNot()
    {
        var digest = $"sha256:{new string('c', 64)}";
        using var host = new DownloadsHost();
        host.AddPulls(60, (i, pull) => pull with { Version = $"1.{i}", Digest = i == 0 ? digest : $"sha256:{i:d64}" });
        host.Log.Add(new LoggedPull { Version = digest, Kind = PullKind.PullByDigest });
        var page = host.Open("?artifact=acme/app");

        page.OpenPicker("Version");
        page.WaitForState(() => page.FindAll(".tagged").Count == 1);
        Assert.Equal(("1.59", "1.10", "sha256:cccc…cccc"), (page.Options()[0], page.Options()[49], page.Options()[50]));
        Assert.Equal("1.0", page.Find(".tagged").TextContent);

        page.Find("[role=combobox]").Input("sha256:c");
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                host.Time.Advance(TimeSpan.FromMilliseconds(120));
                return page.Options().Count == 1 && page.FindAll(".tagged").Count == 1;
            },
            TimeSpan.FromSeconds(30)));
        Assert.Equal("1.0", page.Find(".tagged").TextContent);
    }

    [Fact]
    public void Version_LeftOutWithoutAnArtifact_HasItsControlAndItsCount()
    {
        using var host = new DownloadsHost();
        host.AddPulls(5, (i, pull) => pull with { Artifact = $"acme/{i % 2}", Version = i < 3 ? "1.0" : "2.0" });
        var page = host.Open("?not-version=1.0");
        Assert.Equal(["Version is not: 1.0"], page.Chips());

        page.Press(() => page.Find(".chip .edit"));

        page.WaitForAssertion(() => Assert.NotNull(page.Find("#filter-version-panel")));
        page.WaitForAssertion(() => Assert.Equal("3", page.Find("[role=option] .count").TextContent));
        page.Press(() => page.Find("[role=option] .not"));
        page.WaitForState(() => page.Times().Count == 5);
        Assert.Equal("/downloads", host.Address);
    }

    [Fact]
    public void Chip_OfTheDates_OpensTheirControl()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3);
        var page = host.Open("?period=7d&customer=Initech");
        Assert.Equal(["Last 7 days", "Customer: Initech"], page.Chips());

        page.Press(() => page.FindAll(".chip .edit")[0]);

        page.WaitForAssertion(() => Assert.NotNull(page.Find("#filter-dates-panel")));
        page.Press(() => page.Find("button[aria-label='Remove the dates']"));
        page.WaitForAssertion(() => Assert.Equal("/downloads?customer=Initech", host.Address));
    }

    [Fact]
    public void Chip_Clicked_OpensItsControl()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3);
        var page = host.Open("?customer=Initech&kind=pull_by_tag");

        page.Press(() => page.FindAll(".chip .edit")[0]);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("#filter-customer-panel")));
        page.Press(() => page.FindAll(".chip .edit")[1]);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("#filter-kind-panel")));
        Assert.Empty(page.FindAll("#filter-customer-panel"));
    }

    [Fact]
    public void Text_Typed_IsLookedForAfterAPauseInOneEntryOfTheHistory()
    {
        using var host = new DownloadsHost();
        host.AddPulls(4, (i, pull) => pull with { Customer = i == 0 ? "Globex" : "Initech" });
        var page = host.Open();
        page.WaitForState(() => page.Times().Count == 4);

        Type("g");
        Type("glob");

        page.WaitForState(() => page.Times().Count == 1);
        Assert.Equal(["Text: glob"], page.Chips());
        Assert.Equal([false, true], host.Navigation.History.Reverse().TakeLast(2).Select(entry => entry.Options.ReplaceHistoryEntry));

        void Type(string text)
        {
            page.Find(".search-box input").Input(text);
            Assert.True(SpinWait.SpinUntil(
                () =>
                {
                    host.Time.Advance(TimeSpan.FromMilliseconds(250));
                    return host.Address == $"/downloads?text={text}";
                },
                TimeSpan.FromSeconds(30)));
        }
    }

    [Fact]
    public void Cell_OnlyAndNot_FilterByTheValueOfTheRow()
    {
        using var host = new DownloadsHost();
        host.AddPulls(4, (i, pull) => pull with { Customer = i == 0 ? "Globex" : "Initech", Version = $"1.{i}" });
        var page = host.Open();

        page.Press(() => page.Find("tr.pull .cell-open"));
        page.Press(() => page.Find(".cell-menu button[aria-label='Not Globex']"));
        page.WaitForState(() => page.Times().Count == 3);
        Assert.Equal("/downloads?not-customer=Globex", host.Address);

        page.Press(() => page.Find("tr.pull .cell-open"));
        Assert.Equal(
            ["Customer", "User", "Address", "Country", "Cloud", "Network type", "Artifact", "Version", "Kind", "Client", "Date", "Requests"],
            page.FindAll(".cell-menu th").Select(head => head.TextContent));
        page.Press(() => page.Find(".cell-menu button[aria-label='Only 1.1']"));
        page.WaitForState(() => page.Times().Count == 1);
        Assert.Equal("/downloads?not-customer=Globex&artifact=acme/app&version=1.1", host.Address);
        Assert.Empty(page.FindAll(".cell-menu"));
    }

    [Fact]
    public void Cell_OfTheDate_KeepsItsDayInTheMembersZone()
    {
        using var host = new DownloadsHost("Pacific/Auckland");
        host.AddPulls(4, (i, pull) => pull with { At = new DateTime(2026, 5, 19, 12, 30, 0, DateTimeKind.Utc).AddHours(-i) }); // half an hour after midnight, and before it
        var page = host.Open();

        page.Press(() => page.Find("tr.pull .cell-open"));
        Assert.Equal("2026-05-19T12:30:00.000Z", page.Find(".cell-menu [data-cell=date] .copy").GetAttribute("data-copy"));
        page.Press(() => page.Find(".cell-menu [data-cell=date] button[title='Only this day']"));

        page.WaitForState(() => page.Times().Count == 1);
        Assert.Equal("/downloads?from=2026-05-20&to=2026-05-20&zone=Pacific/Auckland", host.Address);
    }

    [Fact]
    public void Cell_OfTheNetwork_FiltersByIt()
    {
        using var host = new DownloadsHost();
        host.AddPulls(4, (i, pull) => pull with { Address = $"203.0.113.{i}", Network = new NetworkFacts(null, null, i < 2 ? "aws" : null, i == 0 ? NetworkTypes.Hosting : NetworkTypes.Isp) });
        var page = host.Open();

        page.Press(() => page.Find("tr.pull .cell-open"));
        page.Press(() => page.Find(".cell-menu [data-cell=network-type] button[title='Leave this out']"));
        page.WaitForState(() => page.Times().Count == 3);
        Assert.Equal("/downloads?not-network-type=hosting", host.Address);

        page.Press(() => page.Find("tr.pull .cell-open"));
        page.Press(() => page.Find(".cell-menu [data-cell=host] button[title='Only this']"));
        page.WaitForState(() => page.Times().Count == 1);
        Assert.Equal("/downloads?host=aws&not-network-type=hosting", host.Address);
    }

    [Fact]
    public void Cell_ThatIsNoFilter_IsCopiedAsTheApiTellsIt()
    {
        using var host = new DownloadsHost();
        var digest = "sha256:" + new string('a', 64);
        host.AddPulls(1, (_, pull) => pull with { Kind = PullKind.Denied, Digest = digest, Status = 403 });
        var page = host.Open();

        page.Press(() => page.Find("tr.pull .cell-open"));

        Assert.Equal(
            [("digest", digest), ("status", "403"), ("requests", "1")],
            page.FindAll(".cell-menu [data-cell]").Where(line => line.QuerySelectorAll("button").Length == 1)
                .Select(line => (line.GetAttribute("data-cell"), line.QuerySelector("button")!.GetAttribute("data-copy"))));
    }

    [Fact]
    public void Period_InTheAddress_MovesWithTheClockAndStaysItself()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3, (i, pull) => pull with { At = DownloadsHost.Now.AddDays(-i).AddHours(-1) });
        var page = host.Open("?period=today");
        Assert.Single(page.Times());

        page.Press(() => page.Find("button[aria-label='Previous period']"));
        page.WaitForAssertion(() => Assert.Equal("/downloads?period=yesterday", host.Address));
        page.Press(() => page.Find("button[aria-label='Next period']"));
        page.WaitForAssertion(() => Assert.Equal("/downloads?period=today", host.Address));
        page.WaitForState(() => page.Times().Count == 1);
        Assert.Equal("true", page.Find("button[aria-label='Next period']").GetAttribute("aria-disabled"));

        host.Time.Advance(TimeSpan.FromDays(1));
        host.Log.Add([new LoggedPull { At = DownloadsHost.Now.AddDays(1) }, new LoggedPull { At = DownloadsHost.Now.AddDays(1).AddMinutes(1) }]);
        host.Announce();
        page.WaitForState(() => page.Times().Count == 2);
        Assert.Equal("/downloads?period=today", host.Address);
    }

    [Fact]
    public void Period_Unreadable_IsNamed()
    {
        using var host = new DownloadsHost();
        host.AddPulls(1);
        var page = host.Open("?period=fortnight");

        Assert.Contains("today, yesterday, 24h, 7d", page.Find(".callout").TextContent, StringComparison.Ordinal);
    }
}
