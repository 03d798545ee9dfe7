using Microsoft.AspNetCore.Components;
using Radzen;
using VendorPortal.Hosting;
using VendorPortal.Usage;

namespace VendorPortal.Components.ProductUse;

/// <summary>Adds a member of a customer, or says who one is; closes with the user name.</summary>
public sealed partial class MemberDialog
{
    private string? username;
    private string? name;
    private string? email;
    private string? type;
    private string? role;
    private string? teams;
    private DateOnly? joined;
    private string? error;
    private bool busy;

    [Inject]
    public required ProductMembers Members { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    /// <summary>From the verified sign-in of the page that opens this.</summary>
    [Parameter, EditorRequired]
    public required int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required int CustomerId { get; set; }

    /// <summary>Null where somebody is added.</summary>
    [Parameter]
    public MemberRow? Row { get; set; }

    protected override void OnInitialized()
    {
        if (Row is not { Facts: var facts })
            return;
        (username, name, email, type, role, teams) = (facts.Username, facts.Name, facts.Email, facts.Type, facts.Role, facts.Teams);
        joined = facts.JoinedUtc is { } at ? DateOnly.FromDateTime(at) : null;
    }

    private async Task SaveAsync()
    {
        if (busy)
            return;
        busy = true;
        error = null;
        try
        {
            // The day as it was keeps its time.
            var was = Row?.Facts.JoinedUtc;
            var joinedUtc = was is { } at && DateOnly.FromDateTime(at) == joined ? was : joined?.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
            var facts = new MemberFacts(username ?? "", name, email, type, role, teams, joinedUtc, Row?.Facts.LastLogInUtc).Clean();
            await Members.SaveAsync(VendorId, CustomerId, [facts], CancellationToken.None);
            Dialogs.Close(facts.Username);
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
