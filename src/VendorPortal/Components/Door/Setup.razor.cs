using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Door;

/// <summary>The first start: whoever holds the code of the console makes the vendor and its owner.</summary>
public sealed partial class Setup
{
    private List<string> errors = [];
    private bool codeGiven;

    [Inject]
    public required FirstOwner Owner { get; init; }

    [Inject]
    public required SetupCode OpenCode { get; init; }

    [Inject]
    public required SignInManager<Member> Accounts { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromQuery]
    public string? Code { get; set; }

    [SupplyParameterFromForm(FormName = "setup")]
    public SetupInput? Input { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Input ??= new SetupInput { Code = Code?.Length <= 64 ? Code : "" };

        // A code that came with the link and is right needs no field; a wrong one can be corrected.
        codeGiven = Code is not null && string.Equals(Input.Code, Code, StringComparison.Ordinal) && OpenCode.Matches(Code);
        if (!await Owner.IsMissingAsync(HttpContext.RequestAborted))
            Navigation.NavigateTo("/sign-in");
    }

    private async Task SubmitAsync()
    {
        var email = Input!.Email.Trim();
        var result = await Owner.CreateAsync(Input.Code, Input.Vendor.Trim(), email, Input.Password, HttpContext.RequestAborted);
        if (result is null)
        {
            errors = ["The setup code is wrong. The console where the portal was started shows it; a restart prints a new one."];
        }
        else if (!result.Succeeded)
        {
            errors = [.. result.Errors.Where(e => e.Code != nameof(IdentityErrorDescriber.DuplicateUserName)).Select(e => e.Description)];
        }
        else if (await Accounts.UserManager.FindByEmailAsync(email) is { } member)
        {
            await Accounts.SignInAsync(member, isPersistent: true);
            Navigation.NavigateTo("/overview");
        }
    }
}

/// <summary>What the setup form sends.</summary>
public sealed class SetupInput
{
    [Required(ErrorMessage = "Enter the setup code."), MaxLength(64, ErrorMessage = "The setup code is shorter.")]
    public string Code { get; set; } = "";

    [Required(ErrorMessage = "Enter the vendor's name."), MaxLength(Storage.Entities.Vendor.MaxName, ErrorMessage = "A vendor's name has at most 200 characters.")]
    public string Vendor { get; set; } = "";

    [Required(ErrorMessage = "Enter your e-mail address."), EmailAddress(ErrorMessage = "That is not an e-mail address."), MaxLength(254, ErrorMessage = "That is longer than an e-mail address can be.")]
    public string Email { get; set; } = "";

    [Required(ErrorMessage = "Choose a password."), MinLength(SecurityServices.MinPassword, ErrorMessage = "The password needs at least 12 characters."), MaxLength(200, ErrorMessage = "A password has at most 200 characters.")]
    public string Password { get; set; } = "";
}
