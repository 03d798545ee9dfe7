using Bunit;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Components.Controls;
using VendorPortal.Exports;
using VendorPortal.Reports;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Downloads;

/// <summary>The export dialog, saved views and the live state of the Downloads page.</summary>
public sealed class DownloadsExportTests
{
    [Fact]
    public void Dialog_OfASmallLog_SaysRowsAndExactSizeAndLeadsToTheFile()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3);
        var dialog = Open(host, new PullFilter { Customers = ["Initech"] });

        dialog.WaitForAssertion(() => Assert.StartsWith("3 pulls · 240 B", PageReading.Words(dialog.Find(".what").TextContent), StringComparison.Ordinal));
        Assert.Contains("Customer: Initech", dialog.Find(".what").TextContent, StringComparison.Ordinal);
        Assert.Equal("/api/v1/artifact-pulls/export?format=csv&customer=Initech", Link(dialog));
    }

    [Fact]
    public void Dialog_OfALargeLog_SaysAbout()
    {
        using var host = new DownloadsHost();
        host.AddPulls(20_000);
        var dialog = Open(host, PullFilter.Everything);

        dialog.WaitForAssertion(() => Assert.Matches("^20,000 pulls · (about )?[12][.][0-9] MB", PageReading.Words(dialog.Find(".what").TextContent)));
    }

    [Fact]
    public async Task Dialog_Choices_AreInTheLink()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3);
        var dialog = Open(host, PullFilter.Everything);

        await SetAsync(dialog, ".gzip input", 0, true);
        dialog.WaitForAssertion(() => Assert.Equal("/api/v1/artifact-pulls/export?format=csv&gzip=true", Link(dialog)));
        await SetAsync(dialog, "input[name=export-columns]", 1, true);
        dialog.WaitForAssertion(() => Assert.Equal("/api/v1/artifact-pulls/export?format=csv&columns=all&gzip=true", Link(dialog)));
        await SetAsync(dialog, "input[name=export-columns]", 2, true);
        dialog.WaitForState(() => dialog.FindAll(".columns input").Count == 17);
        await SetAsync(dialog, ".columns input", 1, false);
        dialog.WaitForAssertion(() => Assert.Contains("columns=date,user,email,address,artifact,version&", Link(dialog), StringComparison.Ordinal));
        await SetAsync(dialog, "input[name=export-format]", 2, true);
        dialog.WaitForAssertion(() => Assert.StartsWith("/api/v1/artifact-pulls/export?format=json&columns=date,user,", Link(dialog), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dialog_EarlierExports_LeadBackToTheView()
    {
        using var host = new DownloadsHost();
        host.AddPulls(3);
        var history = host.Services.GetRequiredService<ExportHistory>();
        var begun = await history.BeginAsync(1, new ExportReader(1, null, "ann@acme.example"), new PullFilter { Customers = ["Initech"] }, new ExportOptions { Gzip = true }.Extension, default);
        await history.EndAsync(begun, ExportResult.Cancelled);
        var dialog = Open(host, PullFilter.Everything);

        dialog.WaitForState(() => dialog.FindAll(".earlier li").Count == 1);
        Assert.Equal("12:00:00 ann@acme.example 0 rows · 0 B · .csv.gz cancelled All time · Customer: Initech view", PageReading.Words(dialog.Find(".earlier li").TextContent));
        Assert.Equal("/downloads?customer=Initech", dialog.Find(".earlier a").GetAttribute("href"));
        Assert.Empty(dialog.FindAll(".earlier button"));
    }

    [Fact]
    public async Task Dialog_ManyEarlierExports_ShowsMoreWhenAsked()
    {
        using var host = new DownloadsHost();
        var history = host.Services.GetRequiredService<ExportHistory>();
        for (var i = 0; i < 23; i++)
            await history.EndAsync(await history.BeginAsync(1, ExportReader.CommandLine, PullFilter.Everything, new ExportOptions().Extension, default), ExportResult.Complete);
        var dialog = Open(host, PullFilter.Everything);

        dialog.WaitForState(() => dialog.FindAll(".earlier li").Count == 10);
        foreach (var shown in new[] { 20, 23 })
        {
            await dialog.InvokeAsync(() => dialog.Find(".earlier button").Click());
            dialog.WaitForState(() => dialog.FindAll(".earlier li").Count == shown);
        }

        Assert.Empty(dialog.FindAll(".earlier button"));
    }

    [Fact]
    public async Task Views_SavedAndRemoved_AreInTheMenuAndComeBack()
    {
        using var host = new DownloadsHost();
        host.AddPulls(2);
        await AddMemberAsync(host);
        var menu = host.Render<SavedViewMenu>(p => p.Add(m => m.VendorId, 1).Add(m => m.MemberId, 1).Add(m => m.Query, "customer=Initech"));

        menu.Find(".picker-open").Click();
        menu.WaitForState(() => menu.FindAll(".none").Count == 1);
        menu.Find("#view-name").Input("Initech’s");
        menu.Find("form.save").Submit();
        menu.WaitForAssertion(() => Assert.Equal("/downloads?customer=Initech", menu.Find(".view-name").GetAttribute("href")));
        Assert.Equal("Initech’s", menu.Find(".picker-open").TextContent.Trim());

        menu.Find("#view-name").Input("Initech’s");
        menu.Find("form.save").Submit();
        menu.WaitForAssertion(() => Assert.Equal("You have a view 'Initech’s' already.", menu.Find("#view-error").TextContent));

        menu.Find(".list .btn-icon").Click();
        menu.FindAll(".acts button").Single(b => b.TextContent == "Remove").Click();
        menu.WaitForState(() => menu.FindAll(".view-name").Count == 0);
        menu.Find(".removed button").Click();
        menu.WaitForState(() => menu.FindAll(".view-name").Count == 1);
    }

    [Fact]
    public async Task DefaultView_PageWithoutAQuery_OpensWithIt()
    {
        using var host = new DownloadsHost();
        host.AddPulls(4, (i, pull) => pull with { Customer = i % 2 == 0 ? "Initech" : "Globex" });
        await AddMemberAsync(host);
        var views = host.Services.GetRequiredService<SavedViews>();
        await views.SetDefaultAsync(1, 1, await views.SaveAsync(1, 1, "Globex", "customer=Globex", default), default);

        var page = host.Open();
        page.WaitForAssertion(() => Assert.Equal(["Customer: Globex"], page.Chips()));
        Assert.Equal("/downloads?customer=Globex", host.Address);
        Assert.Equal(2, page.Times().Count);

        Assert.Equal(2, host.Open("?customer=Initech").Times().Count);
        Assert.Equal("/downloads?customer=Initech", host.Address);
    }

    [Fact]
    public void Live_Paused_AnnouncesNothingUntilResumed()
    {
        using var host = new DownloadsHost();
        host.AddPulls(2);
        var page = host.Open();
        Assert.Contains("Live · updated 12:00:00", PageReading.Words(page.Find(".live").TextContent), StringComparison.Ordinal);

        page.Press("Pause");
        page.WaitForState(() => page.HasButton("Resume"));
        host.Log.Add(new LoggedPull { At = DownloadsHost.Now.AddSeconds(1) });
        host.Announce();
        Assert.Empty(page.FindAll(".pill"));
        Assert.Contains("Paused · updated 12:00:00", PageReading.Words(page.Find(".live").TextContent), StringComparison.Ordinal);

        page.Press("Resume");
        page.WaitForState(() => page.HasButton("1 new pull"));
        Assert.Contains("Live · updated 12:00:02", PageReading.Words(page.Find(".live").TextContent), StringComparison.Ordinal);
    }

    private static IRenderedComponent<ExportDialog> Open(DownloadsHost host, PullFilter filter)
    {
        var clock = MemberClock.At(TimeZoneInfo.Utc, DownloadsHost.Start);
        return host.Render<ExportDialog>(p => p.Add(d => d.VendorId, 1).Add(d => d.Filter, filter).Add(d => d.Clock, clock));
    }

    // Found and changed in one turn of the renderer: the estimate renders by itself.
    private static Task SetAsync(IRenderedComponent<ExportDialog> dialog, string selector, int index, bool value) =>
        dialog.InvokeAsync(() => dialog.FindAll(selector)[index].Change(value));

    private static string Link(IRenderedComponent<ExportDialog> dialog) => dialog.Find(".dialog-buttons a").GetAttribute("href")!;

    private static async Task AddMemberAsync(DownloadsHost host)
    {
        await using var context = host.Store.Contexts.ForInstallation();
        context.Add(new Vendor { Id = 1, Slug = "acme", Name = "Acme" });
        context.Add(new Member { Id = 1, UserName = "ann" });
        context.Add(new VendorMember { VendorId = 1, MemberId = 1, Role = MemberRole.Owner });
        await context.SaveChangesAsync();
    }
}
