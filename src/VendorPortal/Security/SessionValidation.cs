using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Security;

/// <summary>
/// Asks at an interval whether a sign-in still holds: the password was not changed since, and the member still belongs to the
/// vendor the sign-in names.
/// </summary>
internal sealed class SessionValidator(
    IOptions<SecurityStampValidatorOptions> options, SignInManager<Member> signIn, MemberAccounts accounts, ILoggerFactory logger)
    : SecurityStampValidator<Member>(options, signIn, logger)
{
    /// <summary>How long a withdrawn sign-in can go on.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task<Member?> VerifySecurityStamp(ClaimsPrincipal? principal)
    {
        var member = await base.VerifySecurityStamp(principal);
        return member is not null && await BelongsAsync(accounts, member, principal, CancellationToken.None) ? member : null;
    }

    protected override Task SecurityStampVerified(Member user, CookieValidatePrincipalContext context)
    {
        // The renewed claims are for the vendor of this browser, not for the one chosen last in another. Not saved.
        user.LastVendorId = context.Principal?.FindVendor()?.Id ?? user.LastVendorId;
        return base.SecurityStampVerified(user, context);
    }

    internal static async Task<bool> BelongsAsync(MemberAccounts accounts, Member member, ClaimsPrincipal? principal, CancellationToken ct) =>
        principal?.FindVendor() is { } vendor && await accounts.IsMemberAsync(member.Id, vendor.Id, ct);
}

/// <summary>The same question for an open circuit, which no request renews.</summary>
internal sealed class CircuitSession(ILoggerFactory logger, IServiceScopeFactory scopes) : RevalidatingServerAuthenticationStateProvider(logger)
{
    protected override TimeSpan RevalidationInterval => SessionValidator.Interval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await HoldsAsync(scope.ServiceProvider, authenticationState.User, cancellationToken);
    }

    internal static async Task<bool> HoldsAsync(IServiceProvider services, ClaimsPrincipal principal, CancellationToken ct)
    {
        var members = services.GetRequiredService<UserManager<Member>>();
        var stampType = members.Options.ClaimsIdentity.SecurityStampClaimType;
        return await members.GetUserAsync(principal) is { } member
            && string.Equals(principal.FindFirstValue(stampType), await members.GetSecurityStampAsync(member), StringComparison.Ordinal)
            && await SessionValidator.BelongsAsync(services.GetRequiredService<MemberAccounts>(), member, principal, ct);
    }
}

/// <summary>Reading a member's id from their sign-in.</summary>
public static class MemberClaims
{
    /// <summary>The member a principal is; null for a token that was made for nobody in particular.</summary>
    public static int? FindMemberId(this ClaimsPrincipal principal) =>
        int.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
