using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using VendorPortal.Security;

namespace VendorPortal.Components.Layout;

/// <summary>The frame of every page behind the sign-in: vendor, pages, title, zone, theme, account.</summary>
public sealed partial class MainLayout : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private List<Membership> memberships = [];
    private ErrorBoundary? boundary;
    private CurrentVendor? vendor;
    private string email = "";
    private string skipTo = "#content";

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Inject]
    public required IServiceScopeFactory Scopes { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public Task<AuthenticationState>? SignedIn { get; set; }

    [CascadingParameter]
    public ViewerZone Viewer { get; set; } = ViewerZone.Utc;

    protected override async Task OnInitializedAsync()
    {
        if (SignedIn is null)
            return;
        var user = (await SignedIn).User;
        vendor = user.FindVendor();
        email = user.FindFirstValue(ClaimTypes.Email) ?? user.Identity?.Name ?? "";
        if (user.FindMemberId() is not { } memberId)
            return;
        await using var scope = Scopes.CreateAsyncScope();
        memberships = await scope.ServiceProvider.GetRequiredService<MemberAccounts>().MembershipsAsync(memberId, ending.Token);
    }

    protected override void OnParametersSet()
    {
        // With a base address, "#content" alone would lead to the start page.
        skipTo = new Uri(Navigation.Uri).PathAndQuery + "#content";
        boundary?.Recover();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await Script.InvokeVoidAsync("portal.live", ending.Token);
    }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    private void Recover() => boundary?.Recover();
}
