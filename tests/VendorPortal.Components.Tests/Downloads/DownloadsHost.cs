using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Radzen;
using VendorPortal.Analytics;
using VendorPortal.Classification;
using VendorPortal.Demo;
using VendorPortal.Enrichment;
using VendorPortal.Exports;
using VendorPortal.Feeds;
using VendorPortal.Hosting;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Security;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;
using VendorPortal.Usage;
using Page = VendorPortal.Components.Pages.Downloads;

namespace VendorPortal.Components.Tests.Downloads;

/// <summary>The Downloads page of vendor 1 over real readers and a real store, at a clock that stands at noon of 20 May 2026, UTC.</summary>
public sealed class DownloadsHost : BunitContext
{
    public static readonly DateTime Now = new(2026, 5, 20, 12, 0, 0, DateTimeKind.Utc);

    public static readonly DateTimeOffset Start = new(Now);

    private readonly TestStore store = new();

    public DownloadsHost(string zone = "UTC", string slug = "acme")
    {
        Log = new LogBuilder(store);
        DefaultWaitTimeout = TimeSpan.FromSeconds(10); // a bound for a busy machine; what is waited for comes in milliseconds
        JSInterop.Mode = JSRuntimeMode.Loose;
        var options = new PortalOptions { DataDirectory = store.DataDirectory };
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSingleton(options);
        Services.AddSingleton<IHostApplicationLifetime, ApplicationLifetime>();
        Services.AddPortalStorage(options);
        Services.AddPortalClassification();
        Services.AddPortalJournal();
        Services.AddPortalEnrichment();
        Services.AddPortalFeeds();
        Services.AddPortalUsage();
        Services.AddSingleton<TokenDirectory>();
        Services.AddPortalDemo();
        Services.AddPortalReports();
        Services.AddPortalAnalytics();
        Services.AddPortalExports();
        Services.AddRadzenComponents();
        Services.AddSingleton<AntiforgeryStateProvider, NoAntiforgery>();
        Services.AddCascadingValue(_ => ViewerZone.Of(zone));
        var member = AddAuthorization();
        member.SetAuthorized("owner@acme.example");
        member.SetClaims(new Claim(PortalClaims.VendorId, "1"), new Claim(PortalClaims.VendorName, "Acme"), new Claim(PortalClaims.VendorSlug, slug), new Claim(ClaimTypes.NameIdentifier, "1"));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true)); // after the services: it makes the renderer
    }

    public ManualTimeProvider Time { get; } = new(Start);

    public LogBuilder Log { get; }

    public TestStore Store => store;

    public PullNotifications Notifications => Services.GetRequiredService<PullNotifications>();

    public BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    /// <summary>The address of the page without the host.</summary>
    public string Address => "/" + Uri.UnescapeDataString(Navigation.ToBaseRelativePath(Navigation.Uri));

    /// <summary>Opens the page at an address and waits for its first rows, empty state or first steps.</summary>
    public IRenderedComponent<Page> Open(string query = "")
    {
        Navigation.NavigateTo("downloads" + query);
        var page = Render<Page>();
        page.WaitForState(() => page.FindAll("tr.pull, .empty-state, .first, .failure").Count > 0);
        return page;
    }

    /// <summary>Adds pulls a minute apart, the newest first in the list a minute ago.</summary>
    public void AddPulls(int count, Func<int, LoggedPull, LoggedPull>? shape = null) =>
        Log.Add(Enumerable.Range(0, count).Select(i =>
        {
            var pull = new LoggedPull { At = Now.AddMinutes(-1 - i), Artifact = "acme/app", Version = "1.0", Customer = "Initech", User = "ci", Address = "203.0.113.7" };
            return shape?.Invoke(i, pull) ?? pull;
        }));

    /// <summary>Tells the page that the log has changed and lets its second pass.</summary>
    public void Announce(int vendorId = 1)
    {
        Notifications.Publish(vendorId);
        Time.Advance(TimeSpan.FromSeconds(2));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            store.Dispose();
    }

    private sealed class NoAntiforgery : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => new("token", "__RequestVerificationToken");
    }
}
