using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Components.Overview;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Reports.Overview;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>An artifact: its downloads of a range, versions, digests, customers, adoption, clients and newest pulls. The range is in the address.</summary>
public sealed partial class ArtifactPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource closing = new();
    private CurrentVendor? vendor;
    private ArtifactFacts? artifact;
    private OverviewRange? allTime;
    private OverviewView view = OverviewView.Default;
    private OverviewRange range = new(InsightsRange.Oldest, InsightsRange.Oldest);
    private PullFilter filter = PullFilter.Everything;
    private IReadOnlyList<FilterError> errors = [];
    private TableView tags = new(ActivitySort.Name, Ascending: true);
    private TableView digests = TableView.Default;
    private TableView customers = TableView.Default;
    private string? shown;

    [Inject]
    public required ArtifactCatalog Catalog { get; init; }

    [Inject]
    public required OverviewReader Reader { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>With its slashes.</summary>
    [Parameter]
    public required string Name { get; set; }

    // Read from the address as a whole; named here so that a change of one is told.
    [SupplyParameterFromQuery(Name = "period")]
    public string? PeriodText { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? FromText { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? ToText { get; set; }

    private DateTime Now => Time.GetUtcNow().UtcDateTime;

    public void Dispose()
    {
        closing.Cancel();
        closing.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        var read = OverviewView.Parse(QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query), DateOnly.FromDateTime(Now), out errors);
        view = read == view ? view : read;
        range = view.Range(Now, allTime);
        if (shown == Name)
            return;
        shown = Name;
        filter = new PullFilter { Artifacts = [Name] };
        (tags, digests, customers) = (new TableView(ActivitySort.Name, Ascending: true), TableView.Default, TableView.Default);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var current = (await Authentication).User.Vendor();
        artifact = await Catalog.FindAsync(current.Id, Name, closing.Token);
        allTime ??= await Reader.AllTimeAsync(current.Id, closing.Token);
        range = view.Range(Now, allTime);
        vendor = current;
    }

    private void Change(OverviewView wanted) => Navigation.NavigateTo(OverviewWords.Artifact(Name, wanted.RangeQuery()));
}
