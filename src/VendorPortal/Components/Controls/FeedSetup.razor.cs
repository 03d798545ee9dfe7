using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using VendorPortal.Feeds;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Controls;

/// <summary>Connects a registry in three steps: name the feed, take its configuration away, see the first event arrive.</summary>
public sealed partial class FeedSetup : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource ending = new();
    private FeedKind kind = FeedKind.Distribution;
    private CreatedFeed? created;
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
            created = await Feeds.AddAsync(vendor.Id, feedName, kind, Navigation.BaseUri, ending.Token);
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

    private static string NdjsonExample(CreatedFeed feed) => string.Create(CultureInfo.InvariantCulture, $$"""
        curl {{feed.Url}} \
          -H 'Authorization: Bearer {{feed.Secret}}' \
          -H 'Content-Type: application/x-ndjson' \
          --data-binary '{"at":"2026-05-01T10:00:00.123Z","method":"GET","repository":"acme/app","tag":"1.0","digest":"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","address":"203.0.113.7","user":"alice","userAgent":"docker/28.5"}'
        """);
}
