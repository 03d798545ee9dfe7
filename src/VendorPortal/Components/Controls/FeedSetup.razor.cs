using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Controls;

/// <summary>Connects a registry in three steps: name the feed, take its configuration away, see the first event arrive.</summary>
public sealed partial class FeedSetup : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private static readonly (FeedKind Kind, string Hint)[] Choices =
    [
        (FeedKind.Distribution, "Notifications of registry:2, registry:3, GitLab’s registry and others that build on it"),
        (FeedKind.AccessLog, "The log of nginx, Apache, Caddy or Traefik in front of any registry"),
        (FeedKind.Harbor, "Webhooks of Harbor projects"),
        (FeedKind.CloudEvents, "Registry events of Chainguard, or of Harbor through a broker"),
        (FeedKind.Ndjson, "One registry request a line, from a script or a log shipper"),
        (FeedKind.DvpCsv, "History: the raw data of Docker Hub’s publisher insights"),
    ];

    // The empty value: a format of their own.
    private static readonly (string Value, string Label)[] Formats =
    [
        ("json:nginx", "nginx, JSON lines (recommended)"),
        ("json:caddy", "Caddy, JSON"),
        ("json:traefik", "Traefik, JSON"),
        (AccessLogFormat.CombinedName, "combined (nginx, Apache)"),
        ("", "Another format"),
    ];

    private readonly CancellationTokenSource ending = new();
    private FeedKind kind = FeedKind.Distribution;
    private string format = Formats[0].Value;
    private string ownFormat = "";
    private CreatedFeed? created;
    private FeedGuide? guide;
    private FeedStatus? status;
    private string name = "";
    private string? error;
    private bool busy;

    [Inject]
    public required FeedDirectory Feeds { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> SignedIn { get; set; }

    /// <summary>Called when a feed was added.</summary>
    [Parameter]
    public EventCallback<CreatedFeed> OnCreated { get; set; }

    /// <summary>Called when the person is done or cancels; without it there is no such button.</summary>
    [Parameter]
    public EventCallback OnDone { get; set; }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    private async Task AddAsync()
    {
        if (busy)
            return;
        busy = true;
        error = null;
        try
        {
            var vendor = (await SignedIn).User.Vendor();
            var feedName = name.Trim().Length == 0 ? FeedKindNames.LabelOf(kind) : name;
            var logFormat = kind == FeedKind.AccessLog ? new AccessLogFormat(format.Length == 0 ? ownFormat.Trim() : format) : null;
            created = await Feeds.AddAsync(vendor.Id, feedName, kind, logFormat, Navigation.BaseUri, ending.Token);
            guide = FeedGuide.For(created);
            await OnCreated.InvokeAsync(created);
            _ = WatchAsync(vendor.Id, created.Id);
        }
        catch (InputException exception)
        {
            error = exception.Message;
        }
        finally
        {
            busy = false;
        }
    }

    private async Task WatchAsync(int vendorId, string feedId)
    {
        try
        {
            using var timer = new PeriodicTimer(LookEvery, Time);
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                var now = (await Feeds.ListAsync(vendorId, ending.Token)).FirstOrDefault(f => f.Id == feedId);
                if (now == status)
                    continue;
                status = now;
                await InvokeAsync(StateHasChanged);
            }
        }
        catch (OperationCanceledException)
        {
            // the page is gone
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
