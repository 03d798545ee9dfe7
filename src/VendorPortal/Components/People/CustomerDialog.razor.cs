using Microsoft.AspNetCore.Components;
using Radzen;
using VendorPortal.Enrichment;
using VendorPortal.Hosting;

namespace VendorPortal.Components.People;

/// <summary>Names a new customer or renames one; closes with the name.</summary>
public sealed partial class CustomerDialog
{
    private string name = "";
    private string? error;
    private bool busy;

    [Inject]
    public required CustomerDirectory Directory { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    /// <summary>From the verified sign-in of the page that opens this.</summary>
    [Parameter, EditorRequired]
    public required int VendorId { get; set; }

    /// <summary>Null for a new one.</summary>
    [Parameter]
    public CustomerRow? Customer { get; set; }

    protected override void OnInitialized() => name = Customer?.Name ?? "";

    private async Task SaveAsync()
    {
        if (busy)
            return;
        busy = true;
        try
        {
            // Not cancelled with the dialog: what was asked for is done.
            if (Customer is null)
                await Directory.CreateCustomerAsync(VendorId, name, CancellationToken.None);
            else
                await Directory.RenameCustomerAsync(VendorId, Customer.Id, name, CancellationToken.None);
            Dialogs.Close(name.Trim());
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
