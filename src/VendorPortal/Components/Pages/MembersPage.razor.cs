using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Radzen;
using VendorPortal.Components.Insights;
using VendorPortal.Components.ProductUse;
using VendorPortal.Enrichment;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Usage;

namespace VendorPortal.Components.Pages;

/// <summary>The people of customers: lists of members, and who was seen besides. <c>?customer=</c> and <c>q</c> say what is shown.</summary>
public sealed partial class MembersPage : IDisposable
{
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource ending = new();
    private CancellationTokenSource typing = new();
    private IReadOnlyList<CustomerRow> customers = [];
    private List<MemberRow>? rows;
    private (string? Customer, string? Search)? asked;
    private MemberRow? undo;
    private int? customerId;
    private int matching;
    private int vendorId;

    [Inject]
    public required ProductMembers Members { get; init; }

    [Inject]
    public required UsageErasure Erasure { get; init; }

    [Inject]
    public required CustomerReader Reader { get; init; }

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
    public string? Customer { get; set; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    public void Dispose()
    {
        Members.Changed -= OnChanged;
        ending.Cancel();
        ending.Dispose();
        typing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        vendorId = (await SignedIn).User.Vendor().Id;
        if (RendererInfo.IsInteractive)
            Members.Changed += OnChanged;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (vendorId != 0 && asked != (Customer, Q))
            await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var wanted = (Customer, Q);
        asked = wanted;
        var all = await Reader.ReadAllCustomersAsync(vendorId, ending.Token);
        var id = all.FirstOrDefault(one => one.Name == Customer)?.Id;
        int? of = Customer is null ? null : id ?? -1; // a customer that is not there has nobody
        var page = await Members.ListAsync(vendorId, of, Q, null, ProductMembers.PageRows, ending.Token);
        var count = await Members.CountAsync(vendorId, of, Q, ending.Token);
        if (asked == wanted)
            (customers, customerId, rows, matching) = (all, id, [.. page], count);
    }

    private async Task MoreAsync()
    {
        var last = rows![^1];
        rows.AddRange(await Members.ListAsync(vendorId, Customer is null ? null : customerId, Q, (last.Facts.Username.ToLowerInvariant(), last.Id), ProductMembers.PageRows, ending.Token));
    }

    private void Show(string? customer, string? search) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        "/usage/members", new Dictionary<string, object?>(StringComparer.Ordinal) { ["customer"] = string.IsNullOrEmpty(customer) ? null : customer, ["q"] = string.IsNullOrWhiteSpace(search) ? null : search }));

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

    private async Task EditAsync(MemberRow? row)
    {
        undo = null;
        var (of, name) = (row?.CustomerId ?? customerId!.Value, row?.Customer ?? Customer);
        if (await OpenAsync<MemberDialog>(row is { IsListed: true } ? "Edit member" : $"Add member of {name}", 460, (nameof(MemberDialog.CustomerId), of), (nameof(MemberDialog.Row), row)) is string username)
            Notify("Member saved", username);
    }

    private async Task UploadAsync()
    {
        undo = null;
        if (await OpenAsync<MemberUploadDialog>($"Upload members of {Customer}", 640, (nameof(MemberUploadDialog.CustomerId), customerId!.Value)) is string what)
            Notify("File applied", what);
    }

    private async Task RemoveAsync(MemberRow row)
    {
        if (await Members.UnlistAsync(vendorId, row.Id, ending.Token))
            undo = row;
    }

    private async Task UndoAsync()
    {
        if (undo is not { } row)
            return;
        undo = null;
        try
        {
            await Members.SaveAsync(vendorId, row.CustomerId, [row.Facts], ending.Token);
        }
        catch (InputException exception)
        {
            Notifications.Notify(NotificationSeverity.Error, "Nothing was changed", exception.Message);
        }
    }

    private async Task EraseAsync(MemberRow row)
    {
        undo = null;
        if (await Erasure.PreviewAsync(vendorId, row.Id, ending.Token) is not { } what)
            return;
        var sure = await Dialogs.Confirm(
            $"This takes away {InsightsWords.Number(what.Events)} events on {InsightsWords.Number(what.Days)} days, {InsightsWords.Number(what.Extensions)} extensions and all that lists say of \"{what.Username}\", also from past figures. " +
            (what.IsOptedOut ? "That they opted out is forgotten as well: if the product goes on sending, they count again as a new person. " : "") + "It cannot be undone.",
            "Erase this person?", new ConfirmOptions { OkButtonText = "Erase", CancelButtonText = "Keep", CssClass = "confirm-danger" });
        if (sure != true)
            return;
        // Not cancelled with the page: what was asked for is done.
        await Erasure.EraseAsync(vendorId, row.Id, CancellationToken.None);
        Notify("Person erased", $"{InsightsWords.Number(what.Events)} events are gone");
        await ReloadAsync();
    }

    private async Task<object?> OpenAsync<TDialog>(string title, int width, params (string Name, object? Value)[] parameters)
        where TDialog : ComponentBase =>
        await Dialogs.OpenAsync<TDialog>(
            title, parameters.Append((nameof(MemberDialog.VendorId), vendorId)).ToDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal),
            new DialogOptions { Width = FormattableString.Invariant($"{width}px"), CloseDialogOnEsc = true, AutoFocusFirstElement = true });

    // Made here or in another window: the list follows.
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

    private void Notify(string summary, string detail) => Notifications.Notify(NotificationSeverity.Success, summary, detail);
}
