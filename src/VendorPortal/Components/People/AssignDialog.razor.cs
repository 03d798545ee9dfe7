using System.Globalization;
using Microsoft.AspNetCore.Components;
using Radzen;
using VendorPortal.Enrichment;
using VendorPortal.Hosting;

namespace VendorPortal.Components.People;

/// <summary>Puts several users under one customer; closes with a sentence.</summary>
public sealed partial class AssignDialog
{
    private CustomerChoice? choice;
    private string? error;
    private bool busy;

    [Inject]
    public required CustomerDirectory Directory { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    /// <summary>From the verified sign-in of the page that opens this.</summary>
    [Parameter, EditorRequired]
    public required int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<int> UserIds { get; set; }

    private async Task SaveAsync()
    {
        if (busy || choice is null)
            return;
        busy = true;
        error = null;
        try
        {
            var customerId = await choice.ResolveAsync();
            var count = await Directory.AssignAsync(VendorId, UserIds, customerId, choice.Past, CancellationToken.None);
            var who = count == 1 ? "One user" : $"{count.ToString("N0", CultureInfo.InvariantCulture)} users";
            Dialogs.Close(choice.ChosenName is { } customer ? $"{who} to {customer}" : $"{who} to no customer");
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
}
