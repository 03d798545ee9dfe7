using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Radzen;
using VendorPortal.Components.Controls;
using VendorPortal.Feeds;
using VendorPortal.Reports;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>The feeds of the vendor: what they have brought, how they are, adding and removing them.</summary>
public sealed partial class Feeds : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource ending = new();
    private IReadOnlyList<FeedRow>? feeds;
    private int vendorId;
    private bool adding;

    [Inject]
    public required FeedDirectory Directory { get; init; }

    [Inject]
    public required IngestHealthReader Health { get; init; }

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
        feeds = Carried.Unpack<List<FeedRow>>(Prerendered) ?? await ReadAsync();
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
                var now = await ReadAsync();
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

    private async Task ReloadAsync() => feeds = await ReadAsync();

    private async Task<List<FeedRow>> ReadAsync()
    {
        var health = (await Health.ReadFeedsAsync(vendorId, ending.Token)).ToDictionary(f => f.Id);
        return [.. (await Directory.ListAsync(vendorId, ending.Token)).Select(feed =>
        {
            var now = health.GetValueOrDefault(feed.Id);
            return new FeedRow(feed, now?.State ?? FeedState.Waiting, now?.Gap is { } gap ? $"It is missed: {IngestWords.Of(gap)}" : null);
        })];
    }

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

    private static (string State, string Word, string Why) State(FeedRow row) => row.State switch
    {
        _ when row.Feed.File?.Problem is { } problem => ("quiet", "Not read", problem),
        FeedState.Waiting => ("waiting", "Waiting", "Nothing has arrived yet"),
        FeedState.Quiet => ("quiet", "Quiet", row.Missed ?? "Nothing has arrived for a day"),
        _ => ("receiving", "Receiving", "Something has arrived within a day"),
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A feed, how it is, and why it is missed where it is.</summary>
    internal sealed record FeedRow(FeedStatus Feed, FeedState State, string? Missed);
}
