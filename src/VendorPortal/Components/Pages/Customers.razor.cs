using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Radzen;
using VendorPortal.Components.Controls;
using VendorPortal.Components.People;
using VendorPortal.Enrichment;
using VendorPortal.Hosting;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>Customers and the users that belong to them: <c>?tab=users</c>, <c>q</c> and <c>unassigned=1</c> say what is shown.</summary>
public sealed partial class Customers : IDisposable
{
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource ending = new();
    private readonly HashSet<int> selected = [];
    private CancellationTokenSource typing = new();
    private CustomerTotals? totals;
    private PastProgress? progress;
    private LastDownloads? last;
    private List<CustomerRow> customers = [];
    private List<UserRow> users = [];
    private (bool Users, string? Search, bool Unassigned)? shown;
    private int matching;
    private int vendorId;
    private bool hasMore;
    private bool busy;

    [Inject]
    public required CustomerDirectory Directory { get; init; }

    [Inject]
    public required CustomerReader Reader { get; init; }

    [Inject]
    public required PastPulls PastPulls { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    [Inject]
    public required NotificationService Notifications { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> SignedIn { get; set; }

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    [SupplyParameterFromQuery(Name = "unassigned")]
    public string? UnassignedText { get; set; }

    /// <summary>What was read while prerendering, packed, so that the circuit starts with it.</summary>
    [PersistentState]
    public byte[]? Prerendered { get; set; }

    private bool IsUsers => Tab is "users";

    private bool Unassigned => IsUsers && UnassignedText is "1" or "true";

    private int Shown => IsUsers ? users.Count : customers.Count;

    public void Dispose()
    {
        Directory.Changed -= OnChanged;
        PastPulls.ProgressChanged -= OnProgress;
        ending.Cancel();
        ending.Dispose();
        typing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        vendorId = (await SignedIn).User.Vendor().Id;
        progress = PastPulls.Progress(vendorId);
        if (!RendererInfo.IsInteractive)
            return;
        Directory.Changed += OnChanged;
        PastPulls.ProgressChanged += OnProgress;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (vendorId == 0 || shown == (IsUsers, Q, Unassigned))
            return;
        if (shown is not null && shown != (IsUsers, Q, Unassigned))
            selected.Clear(); // what cannot be seen is not assigned
        shown = (IsUsers, Q, Unassigned);
        if (Carried.Unpack<PageState>(Prerendered) is { } state && state.Shown == Key)
        {
            (totals, customers, users, matching, hasMore) = (state.Totals, state.Customers, state.Users, state.Matching, state.HasMore);
            Prerendered = null;
        }
        else
        {
            await LoadAsync();
        }

        if (!RendererInfo.IsInteractive)
            Prerendered = Carried.Pack(new PageState(Key, totals!, customers, users, matching, hasMore));
        else if (last is null)
            _ = ReadLastAsync();
    }

    private string Key => $"{Tab}|{Q}|{UnassignedText}";

    private UserQuery UserQuery => new(Q, Unassigned);

    private async Task LoadAsync()
    {
        var key = Key;
        var now = await Reader.ReadTotalsAsync(vendorId, ending.Token);
        var newUsers = IsUsers ? await Reader.ReadUsersAsync(vendorId, UserQuery, null, ending.Token) : [];
        var newCustomers = IsUsers ? [] : await Reader.ReadCustomersAsync(vendorId, Q, null, ending.Token);
        var count = IsUsers ? await Reader.CountUsersAsync(vendorId, UserQuery, ending.Token) : await Reader.CountCustomersAsync(vendorId, Q, ending.Token);
        if (key != Key)
            return; // something else is asked for meanwhile
        (totals, users, customers, matching) = (now, [.. newUsers], [.. newCustomers], count);
        hasMore = Shown == CustomerReader.PageRows && matching > Shown;
    }

    private async Task MoreAsync()
    {
        if (busy || !hasMore)
            return;
        busy = true;
        var before = Shown;
        if (IsUsers)
            users.AddRange(await Reader.ReadUsersAsync(vendorId, UserQuery, users[^1].Principal, ending.Token));
        else
            customers.AddRange(await Reader.ReadCustomersAsync(vendorId, Q, customers[^1], ending.Token));
        hasMore = Shown - before == CustomerReader.PageRows && matching > Shown;
        busy = false;
    }

    // One pass over the newest pulls; the rows do not wait for it.
    private async Task ReadLastAsync()
    {
        try
        {
            last = await Task.Run(() => Reader.ReadLastDownloadsAsync(vendorId, ending.Token), ending.Token);
            await InvokeAsync(StateHasChanged);
        }
        catch (OperationCanceledException)
        {
            // the page is gone
        }
    }

    private async Task SearchAsync(ChangeEventArgs change)
    {
        await typing.CancelAsync();
        typing.Dispose();
        typing = new CancellationTokenSource();
        try
        {
            await Task.Delay(TypingPause, Time, typing.Token);
        }
        catch (OperationCanceledException)
        {
            return; // a further key
        }

        var text = change.Value as string;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("q", string.IsNullOrWhiteSpace(text) ? null : text), replace: true);
    }

    private void ShowUnassigned(bool only) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("unassigned", only ? "1" : null));

    private void ClearFilters() => Navigation.NavigateTo(IsUsers ? "/customers?tab=users" : "/customers");

    private async Task AddCustomerAsync()
    {
        if (await OpenAsync<CustomerDialog>("Add customer") is string name)
            Notify("Customer added", name);
    }

    private async Task RenameAsync(CustomerRow customer)
    {
        if (await OpenAsync<CustomerDialog>("Rename customer", nameof(CustomerDialog.Customer), customer) is string name)
            Notify("Customer renamed", $"{customer.Name} is now {name}");
    }

    private async Task RemoveAsync(CustomerRow customer)
    {
        var who = customer.Users switch { 0 => "It has no users.", 1 => "Its user has no customer from now on.", _ => $"Its {Number(customer.Users)} users have no customer from now on." };
        var sure = await Dialogs.Confirm(
            $"{who} Past pulls keep the name \"{customer.Name}\", and so do filters and exports. Adding a customer of this name brings it back.",
            "Remove customer?", new ConfirmOptions { OkButtonText = "Remove", CancelButtonText = "Keep", CssClass = "confirm-danger" });
        if (sure != true)
            return;
        try
        {
            await Directory.RemoveCustomerAsync(vendorId, customer.Id, ending.Token);
            Notify("Customer removed", customer.Name);
        }
        catch (InputException exception)
        {
            Notifications.Notify(NotificationSeverity.Error, "Nothing was changed", exception.Message);
        }
    }

    private async Task EditUserAsync(UserRow user)
    {
        if (await OpenAsync<UserDialog>("Edit user", nameof(UserDialog.User), user) is string what)
            Notify("User saved", what);
    }

    private async Task AssignAsync()
    {
        if (await OpenAsync<AssignDialog>("Assign users", nameof(AssignDialog.UserIds), selected.ToList()) is not string what)
            return;
        selected.Clear();
        Notify("Users assigned", what);
    }

    private async Task UploadAsync()
    {
        if (await OpenAsync<UploadDialog>("Upload customers and users", width: "720px") is string what)
            Notify("File applied", what);
    }

    private async Task<object?> OpenAsync<TDialog>(string title, string parameter = nameof(CustomerDialog.VendorId), object? value = null, string width = "460px")
        where TDialog : ComponentBase
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { [parameter] = value, [nameof(CustomerDialog.VendorId)] = vendorId };
        return await Dialogs.OpenAsync<TDialog>(title, parameters, new DialogOptions { Width = width, CloseDialogOnEsc = true, AutoFocusFirstElement = true });
    }

    // Made here or in another window: the list follows, with as many rows as it had at the most.
    private void OnChanged(int changedVendor)
    {
        if (changedVendor == vendorId)
            _ = InvokeAsync(ReloadAsync);
    }

    private async Task ReloadAsync()
    {
        try
        {
            await LoadAsync();
            StateHasChanged();
        }
        catch (OperationCanceledException)
        {
            // the page is gone
        }
    }

    private void OnProgress(int changedVendor)
    {
        if (changedVendor != vendorId)
            return;
        _ = InvokeAsync(async () =>
        {
            var now = PastPulls.Progress(vendorId);
            var ended = progress is not null && now is null;
            progress = now;
            if (ended)
            {
                await ReadLastAsync();
                await ReloadAsync();
            }

            StateHasChanged();
        });
    }

    private void Notify(string summary, string detail) => Notifications.Notify(NotificationSeverity.Success, summary, detail);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A page as it was read.</summary>
    public sealed record PageState(string Shown, CustomerTotals Totals, List<CustomerRow> Customers, List<UserRow> Users, int Matching, bool HasMore);
}
