using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Radzen;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Pages;

/// <summary>API tokens of the vendor, and the account of who looks.</summary>
public sealed partial class Settings : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private IReadOnlyList<TokenSummary>? tokens;
    private CurrentVendor? vendor;
    private NewToken? made;
    private string madeName = "";
    private string name = "";
    private string? nameError;
    private string email = "";
    private TokenKind newKind;
    private int? memberId;
    private bool busy;

    [Inject]
    public required TokenDirectory Tokens { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    [Inject]
    public required NotificationService Notifications { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> SignedIn { get; set; }

    [CascadingParameter]
    public ViewerZone Viewer { get; set; } = ViewerZone.Utc;

    /// <summary>How the change of the password went; see the account endpoints.</summary>
    [SupplyParameterFromQuery]
    public string? Password { get; set; }

    private (string Kind, string Text) passwordNotice => Password switch
    {
        "changed" => ("good", "The password is changed. Every other device is signed out."),
        "wrong" => ("error", "The current password is wrong. Nothing was changed."),
        "weak" => ("error", "The new password needs at least 12 characters, five of them different. Nothing was changed."),
        "locked" => ("error", "Too many wrong passwords. Try again in five minutes."),
        _ => ("", ""),
    };

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        var user = (await SignedIn).User;
        vendor = user.Vendor();
        memberId = user.FindMemberId();
        email = user.FindFirstValue(ClaimTypes.Email) ?? "";
        tokens = await Tokens.ListAsync(vendor.Id, ending.Token);
    }

    private async Task AddAsync()
    {
        nameError = name.Trim().Length switch
        {
            0 => "Give the token a name, to know later what it is for.",
            > ApiToken.MaxName => $"A token's name has at most {ApiToken.MaxName} characters.",
            _ => null,
        };
        if (nameError is not null || busy)
            return;
        busy = true;
        try
        {
            madeName = name.Trim();
            made = await Tokens.AddAsync(vendor!.Id, madeName, newKind == TokenKind.Telemetry ? null : memberId, newKind, ending.Token);
            (name, newKind) = ("", TokenKind.Api);
            tokens = await Tokens.ListAsync(vendor.Id, ending.Token);
        }
        finally
        {
            busy = false;
        }
    }

    private async Task RevokeAsync(TokenSummary token)
    {
        var sure = await Dialogs.Confirm(
            $"Whatever uses the token \"{token.Name}\" gets no more answers, at once. This cannot be undone.",
            "Revoke token?", new ConfirmOptions { OkButtonText = "Revoke", CancelButtonText = "Keep", CssClass = "danger" });
        if (sure != true)
            return;
        await Tokens.RevokeAsync(vendor!.Id, token.Id, ending.Token);
        if (made?.Id == token.Id)
            made = null;
        tokens = await Tokens.ListAsync(vendor.Id, ending.Token);
        Notifications.Notify(NotificationSeverity.Success, "Token revoked", token.Name);
    }

    private string Day(DateTime utc) => Viewer.Local(utc).ToString("MMM d, yyyy", CultureInfo.InvariantCulture);

    private string Moment(DateTime utc)
    {
        var local = Viewer.Local(utc);
        return local.Date == Viewer.Local(Time.GetUtcNow().UtcDateTime).Date
            ? local.ToString("'today' HH:mm", CultureInfo.InvariantCulture)
            : local.ToString("MMM d, yyyy HH:mm", CultureInfo.InvariantCulture);
    }

    private static string Utc(DateTime utc) => utc.ToString("ddd yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
