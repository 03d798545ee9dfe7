using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Radzen;
using VendorPortal.Components.Controls;
using VendorPortal.Feeds;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>The feeds of the vendor: what they have brought, how they are, adding and removing them.</summary>
public sealed partial class Feeds : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan QuietAfter = TimeSpan.FromHours(24);

    private readonly CancellationTokenSource ending = new();
    private IReadOnlyList<FeedStatus>? feeds;
    private int vendorId;
    private bool adding;

    [Inject]
    public required FeedDirectory Directory { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    [Inject]
    public required NotificationService Notifications { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> SignedIn { get; set; }

    /// <summary>The list as it was prerendered, packed, so that the circuit starts with it.</summary>
    [PersistentState]
    public byte[]? Prerendered { get; set; }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        vendorId = (await SignedIn).User.Vendor().Id;
        feeds = Carried.Unpack<List<FeedStatus>>(Prerendered) ?? await Directory.ListAsync(vendorId, ending.Token);
        if (RendererInfo.IsInteractive)
            _ = WatchAsync();
        else
            Prerendered = Carried.Pack(feeds);
    }

    private async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(LookEvery, Time);
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                var now = await Directory.ListAsync(vendorId, ending.Token);
                if (feeds is not null && now.SequenceEqual(feeds))
                    continue;
                feeds = now;
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

    private async Task ReloadAsync() => feeds = await Directory.ListAsync(vendorId, ending.Token);

    private async Task RemoveAsync(FeedStatus feed)
    {
        var end = feed.File is { } file
            ? $"The portal stops reading {file.Path}. "
            : $"Events sent to \"{feed.Name}\" are refused within seconds. Its registry goes on trying and keeps events in its memory: take the section out of its configuration too. ";
        var sure = await Dialogs.Confirm(
            end + $"What the feed has brought ({Number(feed.Accepted)} requests) and the pulls made of it stay.",
            "Remove feed?", new ConfirmOptions { OkButtonText = "Remove", CancelButtonText = "Keep", CssClass = "confirm-danger" });
        if (sure != true)
            return;
        await Directory.RemoveAsync(vendorId, feed.Id, ending.Token);
        await ReloadAsync();
        Notifications.Notify(NotificationSeverity.Success, "Feed removed", feed.Name);
    }

    private (string State, string Word, string Why) State(FeedStatus feed) => feed.LastReceivedUtc switch
    {
        _ when feed.File?.Problem is { } problem => ("quiet", "Not read", problem),
        null => ("waiting", "Waiting", "Nothing has arrived yet"),
        { } last when Time.GetUtcNow().UtcDateTime - last > QuietAfter => ("quiet", "Quiet", "Nothing has arrived for a day"),
        _ => ("receiving", "Receiving", "Something has arrived within a day"),
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
