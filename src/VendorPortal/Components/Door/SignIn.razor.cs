using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Door;

/// <summary>A plain page without a circuit: it writes the sign-in cookie.</summary>
public sealed partial class SignIn
{
    private bool failed;
    private bool homeless;
    private bool secondFactor;

    [Inject]
    public required SignInManager<Member> Accounts { get; init; }

    [Inject]
    public required MemberAccounts Memberships { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")]
    public SignInInput? Input { get; set; }

    protected override void OnInitialized()
    {
        Input ??= new SignInInput();
        if (HttpMethods.IsGet(HttpContext.Request.Method) && HttpContext.User.FindVendor() is not null)
            Navigation.NavigateTo(LocalUrl.Or(ReturnUrl, "/overview"));
    }

    private async Task SubmitAsync()
    {
        var member = await Accounts.UserManager.FindByEmailAsync(Input!.Email.Trim());
        if (member is null)
        {
            // As much work as for an account that exists, so that the time of the answer does not tell which e-mail addresses do.
            Accounts.UserManager.PasswordHasher.HashPassword(new Member(), Input.Password);
            failed = true;
            return;
        }

        var result = await Accounts.CheckPasswordSignInAsync(member, Input.Password, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            failed = true;
        }
        else if ((await Memberships.MembershipsAsync(member.Id, HttpContext.RequestAborted)).Count == 0)
        {
            homeless = true;
        }
        else if (await Accounts.UserManager.GetTwoFactorEnabledAsync(member))
        {
            secondFactor = true; // this page does not ask for codes; a password alone is no sign-in of theirs
        }
        else
        {
            await Accounts.SignInAsync(member, Input.Stay);
            Navigation.NavigateTo(LocalUrl.Or(ReturnUrl, "/overview"));
        }
    }
}

/// <summary>What the sign-in form sends.</summary>
public sealed class SignInInput
{
    [Required(ErrorMessage = "Enter your e-mail address."), MaxLength(254, ErrorMessage = "That is longer than an e-mail address can be.")]
    public string Email { get; set; } = "";

    [Required(ErrorMessage = "Enter your password."), MaxLength(200, ErrorMessage = "A password has at most 200 characters.")]
    public string Password { get; set; } = "";

    /// <summary>True where the sign-in outlives the browser.</summary>
    public bool Stay { get; set; } = true;
}
