using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components.Layout;

/// <summary>Leaves the circuit for the sign-in page and comes back after it.</summary>
public sealed class GoToSignIn : ComponentBase
{
    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override void OnInitialized()
    {
        var here = "/" + Navigation.ToBaseRelativePath(Navigation.Uri);
        Navigation.NavigateTo("/sign-in?ReturnUrl=" + Uri.EscapeDataString(here), forceLoad: true);
    }
}
