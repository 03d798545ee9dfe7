using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Components.Overview;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Reports.Overview;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>Every artifact, with its downloads of a range. All it shows follows from its address (<see cref="OverviewView"/>).</summary>
public sealed partial class ArtifactsPage : ComponentBase, IDisposable
{
    private const string Path = "/artifacts";

    private readonly CancellationTokenSource closing = new();
    private CurrentVendor? vendor;
    private PageAddress? address;
    private OverviewView view = OverviewView.Default;
    private OverviewRange range = new(InsightsRange.Oldest, InsightsRange.Oldest);
    private OverviewRange? allTime;
    private IReadOnlyList<FilterError> errors = [];

    [Inject]
    public required OverviewReader Reader { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private DateTime Now => Time.GetUtcNow().UtcDateTime;

    public void Dispose()
    {
        address?.Dispose();
        closing.Cancel();
        closing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        var current = (await Authentication).User.Vendor();
        allTime = await Reader.AllTimeAsync(current.Id, closing.Token);
        address = new PageAddress(Navigation, Path, () => InvokeAsync(FollowAddress));
        ReadAddress();
        vendor = current;
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
}
