using Microsoft.AspNetCore.Components;
using Radzen;
using VendorPortal.Enrichment;
using VendorPortal.Hosting;

namespace VendorPortal.Components.People;

/// <summary>Says who an account is and to which customer it belongs; closes with a sentence.</summary>
public sealed partial class UserDialog
{
    private CustomerChoice? choice;
    private string? name;
    private string? email;
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
    public required UserRow User { get; set; }

    protected override void OnInitialized() => (name, email) = (User.Name, User.Email);

    private async Task SaveAsync()
    {
        if (busy || choice is null)
            return;
        busy = true;
        error = null;
        try
        {
            CustomerDirectory.CheckEmail(email); // before a new customer is made
            var customerId = await choice.ResolveAsync();
            await Directory.UpdateUserAsync(VendorId, User.Id, new UserEdit(name, email, customerId, choice.Past), CancellationToken.None);
            Dialogs.Close(choice.ChosenName is { } customer ? $"{User.Principal} belongs to {customer}" : User.Principal);
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
