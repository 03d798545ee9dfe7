using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using VendorPortal.Components.Controls;
using VendorPortal.Components.ProductUse;
using VendorPortal.Enrichment;
using VendorPortal.Security;
using VendorPortal.Usage;

namespace VendorPortal.Components.Pages;

/// <summary>How customers' people use the vendor's product. All it shows follows from its address (<see cref="UsageView"/>); it follows what comes in.</summary>
public sealed partial class UsagePage : IDisposable
{
    private static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource ending = new();
    private IReadOnlyList<string> customers = [];
    private UsageView view = UsageView.Default;
    private UsageView? asked;
    private UsageReport? report;
    private Throttle? following;
    private string? failure;
    private int vendorId;

    [Inject]
    public required UsageReader Reader { get; init; }

    [Inject]
    public required UsageIntake Intake { get; init; }

    [Inject]
    public required CustomerReader Customers { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<UsagePage> Logger { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> SignedIn { get; set; }

    [SupplyParameterFromQuery]
    public string? Period { get; set; }

    [SupplyParameterFromQuery]
    public string? Customer { get; set; }

    // A customer that is in the address and not, or no longer, in use.
    private IEnumerable<string> Names => view.Customer is { } name && name != UsageReader.Unassigned && !customers.Contains(name, StringComparer.Ordinal) ? customers.Prepend(name) : customers;

    public void Dispose()
    {
        Intake.Committed -= OnCommitted;
        following?.Dispose();
        ending.Cancel();
        ending.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        vendorId = (await SignedIn).User.Vendor().Id;
        if (!RendererInfo.IsInteractive)
            return;
        following = new Throttle(Time, FollowEvery, () => _ = InvokeAsync(LoadAsync));
        Intake.Committed += OnCommitted;
    }

    protected override async Task OnParametersSetAsync()
    {
        view = UsageView.Parse(Period, Customer);
        if (vendorId != 0 && asked != view)
            await LoadAsync();
    }

    private void OnCommitted(IReadOnlyCollection<int> vendors)
    {
        if (vendors.Contains(vendorId))
            following?.Trigger();
    }

    private void Show(UsageView wanted) => Navigation.NavigateTo(wanted.Address());

    private async Task LoadAsync()
    {
        var wanted = asked = view;
        try
        {
            var read = await Reader.ReadAsync(vendorId, wanted.Period, wanted.Customer, ending.Token);
            customers = [.. (await Customers.ReadAllCustomersAsync(vendorId, ending.Token)).Select(customer => customer.Name)];
            if (asked != wanted)
                return; // something else is asked for meanwhile
            (report, failure) = (read, null);
        }
        catch (OperationCanceledException)
        {
            return; // the page is gone
        }
        catch (Exception e)
        {
            failure = Activity.Current?.TraceId.ToHexString()[..12] ?? Guid.NewGuid().ToString("N")[..12];
            Logger.LogError(e, "Usage could not be read. Reference {Reference}", failure);
            // What was read for something else does not stand under what is chosen now.
            report = null;
        }

        StateHasChanged();
    }
}
