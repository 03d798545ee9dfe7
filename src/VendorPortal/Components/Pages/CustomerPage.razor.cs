using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Components.Insights;
using VendorPortal.Components.Overview;
using VendorPortal.Enrichment;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Reports.Overview;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>A customer: its downloads of a range, artifacts, versions, users, addresses and newest pulls, and since when it is silent. The range is in the address.</summary>
public sealed partial class CustomerPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource closing = new();
    private CurrentVendor? vendor;
    private CustomerFacts? customer;
    private OverviewRange? allTime;
    private OverviewView view = OverviewView.Default;
    private OverviewRange range = new(InsightsRange.Oldest, InsightsRange.Oldest);
    private PullFilter filter = PullFilter.Everything;
    private IReadOnlyList<FilterError> errors = [];
    private TableView artifacts = TableView.Default;
    private TableView versions = TableView.Default;
    private TableView users = TableView.Default;
    private TableView addresses = TableView.Default;
    private DateTime? lastUtc;
    private int? shown;

    [Inject]
    public required CustomerReader Customers { get; init; }

    [Inject]
    public required OverviewReader Reader { get; init; }

    [Inject]
    public required PullReader Pulls { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Parameter]
    public int Id { get; set; }

    // Read from the address as a whole; named here so that a change of one is told.
    [SupplyParameterFromQuery(Name = "period")]
    public string? PeriodText { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? FromText { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? ToText { get; set; }

    private DateTime Now => Time.GetUtcNow().UtcDateTime;

    // As adoption counts.
    private bool IsSilent => lastUtc < Now - AdoptionQuery.Lately;

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
        if (shown == Id)
            return;
        shown = Id;
        artifacts = versions = users = addresses = TableView.Default;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var current = (await Authentication).User.Vendor();
        customer = await Customers.FindAsync(current.Id, Id, closing.Token);
        filter = customer is null ? PullFilter.Everything : new PullFilter { Customers = [customer.Name] };
        allTime ??= await Reader.AllTimeAsync(current.Id, closing.Token);
        lastUtc = customer is null ? null : (await Pulls.ReadPageAsync(current.Id, InsightsWords.OnlyDownloads(filter), before: null, limit: 1, closing.Token)).Items is [var newest, ..] ? newest.AtUtc : null;
        range = view.Range(Now, allTime);
        vendor = current;
    }

    private void Change(OverviewView wanted) => Navigation.NavigateTo(OverviewWords.Customer(Id, wanted.RangeQuery()));

    private static string Days(TimeSpan silence) => $"{InsightsWords.Number((long)silence.TotalDays)} days";
}
