using Bunit;
using VendorPortal.Classification;
using VendorPortal.Components.Controls;
using VendorPortal.Reports;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class DownloadsFilterTests
{
    [Fact]
    public void Version_NoArtifactChosen_IsNotOffered()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3);
        var page = host.Open();

        Assert.DoesNotContain(page.FindAll(".bar .picker-open"), b => b.TextContent.Contains("Version", StringComparison.Ordinal));
    }

    [Fact]
    public void Version_ArtifactChosen_ListsOnlyItsVersionsNewestFirst()
    {
        using var host = new DownloadsHost();
        string[] tags = ["1.9.0", "1.10.0", "2.0.0-rc.1", "2.0.0"];
        host.AddPulls(4, (i, pull) => pull with { Version = tags[i] });
        host.AddPulls(2, (i, pull) => pull with { Artifact = "acme/other", Version = $"7.{i}" });
        var page = host.Open();

        page.Pick("Artifact", "acme/app");
        page.OpenPicker("Version");

        Assert.Equal(["2.0.0", "2.0.0-rc.1", "1.10.0", "1.9.0"], page.Options());
    }

    [Fact]
    public void Artifact_Changed_DropsOnlyTheVersionsThatNoLongerFit()
    {
        using var host = new DownloadsHost();
        host.Log.Add([new() { Artifact = "a/one", Version = "1.0" }, new() { Artifact = "a/one", Version = "1.1" }, new() { Artifact = "a/two", Version = "1.1" }, new() { Artifact = "a/two", Version = "9.0" }]);
        var page = host.Open("?artifact=a/one&artifact=a/two&version=1.0&version=1.1&version=9.0");

        page.Pick("Artifact", "a/one");
        page.WaitForState(() => !host.Address.Contains("a/one", StringComparison.Ordinal));
        Assert.Equal("/downloads?artifact=a/two&version=1.1&version=9.0", host.Address);

        page.OpenPicker("Artifact");
        page.Press("Clear artifact");
        page.WaitForState(() => host.Address == "/downloads");
        page.WaitForAssertion(() => Assert.Empty(page.Chips()));
    }

    [Fact]
    public void Address_WithWhatIsLeftOutAndText_ShowsChipsThatTakeThemAway()
    {
        using var host = new DownloadsHost();
        host.AddPulls(4, (i, pull) => pull with { Customer = i < 3 ? "Globex" : "Initech" });
        var page = host.Open("?not-customer=Globex&text=acme");
        page.WaitForAssertion(() => Assert.Equal(2, page.Chips().Count));

        page.Press(() => page.Find("button[aria-label='Remove Customer is not: Globex']"));
        page.WaitForAssertion(() => Assert.Equal("/downloads?text=acme", host.Address));
        page.Press(() => page.Find("button[aria-label='Remove Text: acme']"));
        page.WaitForAssertion(() => Assert.Equal("/downloads", host.Address));
    }

    [Fact]
    public void Picker_TwoQuickChoices_KeepsBoth()
    {
        using var host = new DownloadsHost();
        host.AddPulls(9, (i, pull) => pull with { Customer = $"Customer {i % 3}" });
        var page = host.Open();

        page.OpenPicker("Customer");
        page.Press(() => page.FindAll("[role=option]")[0]);
        page.Press(() => page.FindAll("[role=option]")[1]);

        page.WaitForState(() => page.Times().Count == 6);
        Assert.Equal(["true", "true", "false"], page.FindAll("[role=option]").Select(o => o.GetAttribute("aria-selected")));
        Assert.Equal(["Customer: Customer 0, Customer 1"], page.Chips());
    }

    [Fact]
    public void Picker_Search_AsksAfterAPauseAndCountsUnderTheOtherFilters()
    {
        using var host = new DownloadsHost();
        host.AddPulls(12, (i, pull) => pull with { Customer = i % 2 == 0 ? "Initech" : "Globex", User = $"user-{i % 3}" });
        var page = host.Open("?customer=Initech");

        page.OpenPicker("User");
        page.Find("[role=combobox]").Input("user-2");
        Assert.Equal(3, page.Options().Count);

        // The key stroke may reach the picker only after this line: the pause begins when it does.
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                host.Time.Advance(TimeSpan.FromMilliseconds(120));
                return page.Options().Count == 1;
            },
            TimeSpan.FromSeconds(30)));
        Assert.Equal("2", page.Find("[role=option] .count").TextContent);
    }

    [Theory]
    [InlineData("203.0.113.0/24", "203.0.113.0/24", 3)]
    [InlineData("203.0.113.99/24", "203.0.113.0/24", 3)]
    [InlineData("198.51.100.4", "198.51.100.4", 1)]
    public void Address_TypedIpOrRange_CanBeChosen(string typed, string expected, int rows)
    {
        using var host = new DownloadsHost();
        host.AddPulls(4, (i, pull) => pull with { Address = i < 3 ? $"203.0.113.{i}" : "198.51.100.4" });
        var page = host.Open();

        page.OpenPicker("Address");
        page.Find("[role=combobox]").Input(typed);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                host.Time.Advance(TimeSpan.FromMilliseconds(120));
                return page.Options() is [var first, ..] && first == expected && page.Find("[role=option] .count").TextContent == $"{rows}";
            },
            TimeSpan.FromSeconds(30)));
        page.Press(() => page.Find("[role=option]"));

        page.WaitForState(() => page.Times().Count == rows);
        Assert.Equal($"/downloads?address={expected}", host.Address);
    }

    [Fact]
    public void Kind_CheckBoxesAndPublisherChoice_FilterAtOnce()
    {
        using var host = new DownloadsHost();
        host.AddPulls(6, (i, pull) => pull with { Kind = i < 2 ? PullKind.VersionCheck : PullKind.PullByTag, Publisher = i is 0 or 5 });
        var page = host.Open();
        Assert.Equal(4, page.Times().Count);

        page.Press(() => page.Control("Kind"));
        ChoosePublishers("Only these");
        page.WaitForState(() => page.Times().Count == 2);
        Assert.Equal("/downloads?publishers=only", host.Address);
        Assert.Equal(["Publishers’ own pulls: only theirs"], page.Chips());
        ChoosePublishers("Left out");
        page.WaitForState(() => page.Times().Count == 4);
        Assert.Equal("/downloads", host.Address);
        ChoosePublishers("Included");
        page.WaitForState(() => page.Times().Count == 6);
        page.Tick(() => page.FindAll("fieldset input")[2], true);
        page.WaitForState(() => page.Times().Count == 2);

        Assert.Equal("/downloads?kind=version_check&publishers=include", host.Address);
        Assert.Equal(["Kind: check", "Publishers’ own pulls: included"], page.Chips());
        Assert.Equal("Included", Choices().Single(choice => choice.QuerySelector("input")!.HasAttribute("checked")).TextContent);

        IEnumerable<AngleSharp.Dom.IElement> Choices() => page.FindAll(".publishers label");

        void ChoosePublishers(string word) => page.Tick(() => Choices().Single(choice => choice.TextContent == word).QuerySelector("input")!, true);
    }

    [Fact]
    public void Dates_PresetAndTypedDays_GoToTheAddressAsDaysOfTheZone()
    {
        using var host = new DownloadsHost("Europe/Berlin");
        host.AddPulls(3, (i, pull) => pull with { At = DownloadsHost.Now.AddDays(-20 * i) });
        var page = host.Open();

        page.Press("All time");
        page.Press("Last 30 days");
        page.WaitForState(() => page.Times().Count == 2);
        Assert.Equal("/downloads?period=30d", host.Address);
        Assert.True(page.HasButton("Last 30 days"));

        page.Press("Last 30 days");
        page.Tick(() => page.FindAll("input[type=date]")[1], "2026-05-01");
        page.WaitForState(() => page.Times().Count == 1);
        Assert.Equal("/downloads?from=2026-04-21&to=2026-05-01&zone=Europe/Berlin", host.Address);
        Assert.True(page.HasButton("21 Apr – 1 May 2026"));
    }

    [Fact]
    public void Dates_FromAfterTo_SaysSoAndChangesNothing()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3);
        var page = host.Open("?to=2026-05-20");

        page.Press(() => page.Find(".bar .picker-open"));
        page.Tick(() => page.FindAll("input[type=date]")[0], "2026-05-21");

        Assert.Contains("From is after To", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("/downloads?to=2026-05-20", host.Address);
        Assert.Equal(3, page.Times().Count);
    }

    [Fact]
    public void Address_EveryFilter_ShowsItAndWritesTheSameAddressBack()
    {
        using var host = new DownloadsHost();
        host.AddPulls(4);
        const string query = "?from=2026-05-01&to=2026-05-31&customer=Initech&user=ci&address=203.0.113.0/24&artifact=acme/app&version=1.0&kind=pull_by_tag&publishers=include";
        var page = host.Open(query);

        Assert.Equal(4, page.Times().Count);
        Assert.Equal(
            ["1 May – 31 May 2026", "Customer: Initech", "User: ci", "Address: 203.0.113.0/24", "Artifact: acme/app", "Version: 1.0", "Kind: by tag", "Publishers’ own pulls: included"],
            page.Chips());
        Assert.Equal("/api/v1/artifact-pulls/export?format=csv&" + query[1..], Uri.UnescapeDataString(page.Find("a[download]").GetAttribute("href")!));

        page.Press(() => page.Find("tr.pull"));
        page.WaitForState(() => page.FindAll("aside").Count == 1);
        Assert.Equal($"/downloads{query}&pull={host.Log.Pulls.Max(p => p.Id)}", host.Address);
    }

    [Fact]
    public void Address_ChangedByBackOrForward_IsFollowed()
    {
        using var host = new DownloadsHost();
        host.AddPulls(9, (i, pull) => pull with { Customer = $"Customer {i % 3}" });
        var page = host.Open();
        page.Pick("Customer", "Customer 1");
        page.WaitForState(() => page.Times().Count == 3);

        host.Navigation.NavigateTo("downloads"); // as the browser does it for "back"
        page.WaitForState(() => page.Times().Count == 9);
        page.WaitForAssertion(() => Assert.Empty(page.Chips()));

        host.Navigation.NavigateTo("downloads?customer=Customer%201&customer=Customer%202");
        page.WaitForState(() => page.Times().Count == 6);
        Assert.Equal(["Customer: Customer 1, Customer 2"], page.Chips());
    }

    [Fact]
    public void Chip_Removed_TakesItsFilterAway()
    {
        using var host = new DownloadsHost();
        host.AddPulls(6, (i, pull) => pull with { Customer = i % 2 == 0 ? "Initech" : "Globex" });
        var page = host.Open("?customer=Initech&artifact=acme/app&version=1.0");
        Assert.Equal(3, page.Times().Count);

        page.Press(() => page.Find("button[aria-label='Remove Customer: Initech']"));
        page.WaitForState(() => page.Times().Count == 6);
        page.Press(() => page.Find("button[aria-label='Remove Artifact: acme/app']"));

        Assert.Equal("/downloads", host.Address);
    }

    [Fact]
    public void Reset_AnyFilters_LeavesNone()
    {
        using var host = new DownloadsHost();
        host.AddPulls(6, (i, pull) => pull with { Customer = i % 2 == 0 ? "Initech" : "Globex" });
        var page = host.Open("?customer=Initech&from=2026-05-01");
        Assert.True(page.HasButton("Reset"));

        page.Press("Reset");

        page.WaitForState(() => page.Times().Count == 6);
        Assert.Equal("/downloads", host.Address);
        Assert.False(page.HasButton("Reset"));
    }

    [Fact]
    public void Parameter_Unreadable_IsNamedAndTheRestApplies()
    {
        using var host = new DownloadsHost();
        host.AddPulls(6, (i, pull) => pull with { Customer = i % 2 == 0 ? "Initech" : "Globex" });
        var page = host.Open("?customer=Initech&from=yesterday&pull=first");

        var callouts = page.FindAll(".callout").Select(c => PageReading.Words(c.TextContent)).ToList();
        Assert.Equal(2, callouts.Count);
        Assert.Contains("from 'yesterday' cannot be read", callouts[0], StringComparison.Ordinal);
        Assert.Contains("pull cannot be read", callouts[1], StringComparison.Ordinal);
        Assert.Equal(["Initech", "Initech", "Initech"], page.Column("customer"));
    }

    [Theory]
    [InlineData("", "All time")]
    [InlineData("from=2026-05-20", "Today")]
    [InlineData("from=2026-05-19&to=2026-05-19", "Yesterday")]
    [InlineData("from=2026-05-01", "Month to date")]
    [InlineData("from=2026-04-01&to=2026-04-30", "Last month")]
    [InlineData("from=2025-05-21", "Last 12 months")]
    [InlineData("from=2026-05-02&to=2026-05-31", "2 May – 31 May 2026")]
    [InlineData("from=2025-12-31&to=2026-01-01", "31 Dec 2025 – 1 Jan 2026")]
    [InlineData("from=2026-03-03&to=2026-03-03", "3 Mar 2026")]
    [InlineData("to=2026-03-03", "Until 3 Mar 2026")]
    [InlineData("from=2026-03-03T10:00:00Z", "3 Mar 2026 10:00 – now")]
    public void DayRange_Described_NamesThePresetOrTheDays(string query, string expected)
    {
        var filter = PullFilterUrl.Parse(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query), out _);

        Assert.Equal(expected, DayRange.Describe(filter, MemberClock.At(TimeZoneInfo.Utc, DownloadsHost.Start)));
    }
}
