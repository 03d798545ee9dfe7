using System.Text.Json;
using Bunit;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class PullPanelTests
{
    [Fact]
    public void Facts_EachKnownValue_CanBeCopied()
    {
        using var host = new DownloadsHost();
        host.AddPulls(1);
        var id = host.Log.Pulls[0].Id;
        var page = host.Open($"?pull={id}");
        page.WaitForState(() => page.FindAll("aside .facts dt").Any(name => name.TextContent == "Ruleset"));

        var facts = page.FindAll("aside .facts > div").ToDictionary(line => line.QuerySelector("dt")!.TextContent, line => line.QuerySelector("[data-copy]")?.GetAttribute("data-copy"));

        Assert.Equal(("Initech", "ci", "203.0.113.7", "acme/app", "1.0"), (facts["Customer"], facts["User"], facts["Address"], facts["Artifact"], facts["Tag"]));
        Assert.Equal("2026-05-20T11:59:00.000Z", facts["Time"]);
        Assert.Null(facts["Digest"]); // unknown: nothing to copy
        Assert.Equal(id.ToString(System.Globalization.CultureInfo.InvariantCulture), facts["Pull"]);
    }

    [Fact]
    public void Copies_LinkJsonAndCurl_NameThePull()
    {
        using var host = new DownloadsHost();
        host.AddPulls(1);
        var id = host.Log.Pulls[0].Id;
        var page = host.Open($"?pull={id}");
        page.WaitForState(() => page.FindAll("aside .copies [data-copy]").Count == 3);

        var (link, json, curl) = (Copy("Link"), Copy("JSON"), Copy("cURL"));

        Assert.Equal($"http://localhost/downloads?pull={id}", link);
        Assert.Equal("acme/app", JsonDocument.Parse(json).RootElement.GetProperty("artifact").GetString());
        Assert.Equal($"curl -H \"Authorization: Bearer $TOKEN\" http://localhost/api/v1/artifact-pulls/{id}", curl);

        string Copy(string word) => page.FindAll("aside .copies [data-copy]").First(button => button.TextContent.Contains(word, StringComparison.Ordinal)).GetAttribute("data-copy")!;
    }

    [Fact]
    public void Neighbours_OfTheSameClient_AreTheNearestOnEitherSide()
    {
        using var host = new DownloadsHost();
        host.AddPulls(40, (i, pull) => pull with { At = DownloadsHost.Now.AddSeconds(-20 * i), Version = $"1.{i}" });
        host.Log.Add(new LoggedPull { At = DownloadsHost.Now.AddSeconds(-401), Address = "198.51.100.9", Artifact = "acme/other" }); // nearer, but another client
        var pull = host.Log.Pulls.Single(p => p.Version == "1.20");
        var page = host.Open($"?pull={pull.Id}");

        page.WaitForState(() => Near(page).Count == 8);
        Assert.Equal(["1.16", "1.17", "1.18", "1.19", "1.21", "1.22", "1.23", "1.24"], Near(page).Select(line => line.QuerySelector(".mono")!.TextContent));
        Assert.Equal(["+1 min", "+1 min", "+40.0 s", "+20.0 s", "−20.0 s"], Near(page).Take(5).Select(line => line.QuerySelector(".at")!.TextContent));

        page.Press(() => Near(page)[3]);
        Assert.EndsWith($"pull={host.Log.Pulls.Single(p => p.Version == "1.19").Id}", host.Address, StringComparison.Ordinal);
    }

    [Fact]
    public void History_OfTheCustomerAndArtifact_LinksToThatFilter()
    {
        using var host = new DownloadsHost();
        host.AddPulls(12, (i, pull) => pull with { At = DownloadsHost.Now.AddDays(-i), Version = $"1.{i}", Customer = i % 2 == 0 ? "Initech" : "Globex", Address = null });
        var page = host.Open($"?pull={host.Log.Pulls.Single(p => p.Version == "1.2").Id}");
        page.WaitForState(() => page.FindAll("aside section[aria-label='Initech and this artifact'] li").Count == 6);

        var section = page.Find("aside section[aria-label='Initech and this artifact']");
        Assert.Equal(["1.0", "1.2", "1.4", "1.6", "1.8", "1.10"], section.QuerySelectorAll(".mono").Select(version => version.TextContent));
        Assert.Equal("1.2", section.QuerySelector("[aria-current] .mono")!.TextContent);
        Assert.Empty(page.FindAll("aside section[aria-label='Same client, nearby']")); // the address is not known

        host.Navigation.NavigateTo(section.QuerySelector("header a")!.GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal(["Customer: Initech", "Artifact: acme/app"], page.Chips()));
        page.WaitForState(() => page.Times().Count == 6);
    }

    [Fact]
    public void Link_ToAPullBelowTheLoadedRows_OpensItAndStepsIntoTheList()
    {
        using var host = new DownloadsHost();
        host.AddPulls(70);
        var ids = host.Log.Pulls.Select(p => p.Id).OrderDescending().ToList();
        var page = host.Open($"?pull={ids[60]}");

        page.WaitForState(() => page.FindAll("aside .facts").Count == 1);
        Assert.DoesNotContain("true", page.FindAll("tr.pull .row-open").Select(row => row.GetAttribute("aria-expanded")));
        page.Press(() => page.Find("button[aria-label='Previous pull']"));

        Assert.Equal($"/downloads?pull={ids[49]}", host.Address); // the last row that is loaded
    }

    private static IReadOnlyList<AngleSharp.Dom.IElement> Near(IRenderedComponent<VendorPortal.Components.Pages.Downloads> page) =>
        page.FindAll("aside section[aria-label='Same client, nearby'] li button");
}
