using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Api;
using VendorPortal.Classification;
using VendorPortal.Components.Controls;
using VendorPortal.Components.Overview;
using VendorPortal.Demo;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Reports.Overview;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>
/// The page after the sign-in: all downloads of a range, and their breakdown by repository or customer. All it shows follows from its address
/// (<see cref="OverviewView"/>); what arrives is read anew by itself.
/// </summary>
public sealed partial class OverviewPage : ComponentBase, IDisposable
{
    private const string Path = "/overview";

    // Each time the whole range is read.
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstRunPause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource closing = new();
    private CurrentVendor? vendor;
    private MemberClock? clock;
    private FirstSteps? first;
    private PageAddress? address;
    private VendorWatch? watch;
    private ITimer? firstRunTimer;
    private OverviewView view = OverviewView.Default;
    private OverviewRange range = new(InsightsRange.Oldest, InsightsRange.Oldest);
    private OverviewRange? allTime;
    private IReadOnlyList<FilterError> errors = [];
    private DateTime updatedUtc;
    private int revision;
    private bool paused;

    [Inject]
    public required OverviewReader Reader { get; init; }

    [Inject]
    public required PullReader Pulls { get; init; }

    [Inject]
    public required SampleVendor Sample { get; init; }

    [Inject]
    public required PullNotifications Notifications { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<OverviewPage> Logger { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [CascadingParameter]
    public ViewerZone Viewer { get; set; } = ViewerZone.Utc;

    private DateTime Now => Time.GetUtcNow().UtcDateTime;

    public void Dispose()
    {
        address?.Dispose();
        watch?.Dispose();
        firstRunTimer?.Dispose();
        closing.Cancel();
        closing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        vendor = (await Authentication).User.Vendor();
        clock = MemberClock.At(Viewer.Zone, Time.GetUtcNow());
        updatedUtc = Now;
        address = new PageAddress(Navigation, Path, () => InvokeAsync(FollowAddress));
        ReadAddress();
        var steps = new FirstSteps(Pulls, Sample, Time, vendor.Id);
        await LookAsync(steps);
        first = steps;
        if (!RendererInfo.IsInteractive)
            return;
        watch = new VendorWatch(Notifications, Time, vendor.Id, AtMostEvery, LookEvery, () => _ = InvokeAsync(OnLiveAsync));
        WatchFirstRun();
    }

    // Where the log begins, and whether there is one.
    private async Task LookAsync(FirstSteps steps)
    {
        allTime = await Reader.AllTimeAsync(vendor!.Id, closing.Token);
        await steps.LookAsync(allTime is not null, closing.Token);
        range = view.Range(Now, allTime);
    }

    private void ReadAddress()
    {
        var read = OverviewView.Parse(QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query), DateOnly.FromDateTime(Now), out errors);
        view = read == view ? view : read;
        range = view.Range(Now, allTime);
    }

    private void FollowAddress()
    {
        ReadAddress();
        StateHasChanged();
    }

    private void Change(OverviewView wanted)
    {
        if (wanted == view)
            return;
        // Typing goes on in the same entry of the history.
        var isTyping = wanted.Table.Search is not null && view.Table.Search is not null && wanted.Table.Search != view.Table.Search;
        (view, errors) = (wanted, []);
        range = view.Range(Now, allTime);
        address!.Go(view.Address(Path), replace: isTyping);
    }

    // What the range holds, for those who keep it: the days themselves, since a name would mean others tomorrow.
    private string Export(string format) =>
        FormattableString.Invariant($"{DownloadBreakdownEndpoint.Path}?format={format}") + (view.IsAllTime ? "" : $"&from={FilterTimes.Format(range.First)}&to={FilterTimes.Format(range.Last)}");

    private async Task OnLiveAsync()
    {
        if (closing.IsCancellationRequested || (paused && !first!.IsShown))
            return;
        clock = clock!.Advance(Time.GetUtcNow());
        try
        {
            await LookAsync(first!);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            Logger.LogWarning(e, "What has arrived could not be looked at"); // the next change tries again
            return;
        }

        revision++;
        WatchFirstRun();
        StateHasChanged();
    }

    private void SetUpdated() => updatedUtc = Now;

    // What came in meanwhile is read at once.
    private Task ToggleLive()
    {
        paused = !paused;
        return paused ? Task.CompletedTask : OnLiveAsync();
    }

    // Requests arrive some seconds before they become pulls, and nothing announces them: while the steps are shown, the page looks itself.
    private void WatchFirstRun()
    {
        if (first!.IsShown)
        {
            firstRunTimer ??= Time.CreateTimer(_ => _ = InvokeAsync(OnLiveAsync), null, FirstRunPause, FirstRunPause);
            return;
        }

        firstRunTimer?.Dispose();
        firstRunTimer = null;
    }
}
