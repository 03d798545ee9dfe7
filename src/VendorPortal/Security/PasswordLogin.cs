using System.Globalization;
using Microsoft.AspNetCore.Identity;
using VendorPortal.Demo;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Security;

/// <summary>How a login of a script ended: with a session, with the wish for a second factor, or with neither.</summary>
public readonly record struct LoginResult(string? Session, string? SecondFactor);

/// <summary>
/// Login by e-mail address and password or API token, and by a second factor where the member has one. Wrong addresses, wrong passwords and locked accounts are answered
/// alike, and take as long.
/// </summary>
public sealed class PasswordLogin(UserManager<Member> members, SignInManager<Member> signIn, MemberAccounts accounts, TokenDirectory tokens, Sessions sessions, SignedTokens signed)
{
    /// <summary>How long the second factor may take.</summary>
    public static readonly TimeSpan SecondFactorLifetime = TimeSpan.FromMinutes(5);

    private const string Purpose = "second-factor";
    private const string MemberClaim = "sub";
    private const string StampClaim = "stamp";

    public async Task<LoginResult> LogInAsync(string username, string password, CancellationToken ct)
    {
        username = username.Trim();
        if (TokenDirectory.IsToken(password))
            return await LogInByTokenAsync(username, password, ct);
        if (await members.FindByEmailAsync(username) is not { } member || await members.IsLockedOutAsync(member))
        {
            // As much work as for an account that may sign in, so that the time of the answer does not tell which do.
            members.PasswordHasher.HashPassword(new Member(), password);
            return default;
        }

        var result = await signIn.CheckPasswordSignInAsync(member, password, lockoutOnFailure: true);
        if (!result.Succeeded)
            return default;
        return await members.GetTwoFactorEnabledAsync(member) ? new LoginResult(null, await SecondFactorAsync(member)) : await SessionAsync(member, ct);
    }

    /// <summary>The second step, with the code of the member's authenticator app. Wrong codes count as wrong passwords do.</summary>
    public async Task<LoginResult> LogInBySecondFactorAsync(string secondFactor, string code, CancellationToken ct)
    {
        if (await signed.ReadAsync(Purpose, secondFactor) is not { } claims
            || await members.FindByIdAsync(claims.GetValueOrDefault(MemberClaim) ?? "") is not { } member
            || await Sessions.StampAsync(members, member) != claims.GetValueOrDefault(StampClaim)
            || await members.IsLockedOutAsync(member))
            return default;
        if (!await members.VerifyTwoFactorTokenAsync(member, TokenOptions.DefaultAuthenticatorProvider, code.Replace(" ", "", StringComparison.Ordinal)))
        {
            await members.AccessFailedAsync(member);
            return default;
        }

        await members.ResetAccessFailedCountAsync(member);
        return await SessionAsync(member, ct);
    }

    // A token of a member goes with their address, one of nobody in particular with the short name of the vendor. It has no second factor: it is one.
    private async Task<LoginResult> LogInByTokenAsync(string username, string token, CancellationToken ct)
    {
        if (await tokens.FindAsync(token, ct) is not { Kind: TokenKind.Api } owner)
            return default;
        var belongs = owner.MemberId is { } memberId
            ? (await members.FindByEmailAsync(username))?.Id == memberId
            : string.Equals(username, owner.Membership.Slug, StringComparison.OrdinalIgnoreCase);
        return belongs ? new LoginResult(sessions.Create(owner), null) : default;
    }

    private async Task<LoginResult> SessionAsync(Member member, CancellationToken ct)
    {
        // A script is to read the same vendor every night, whichever its owner looks at meanwhile: the one they have been of for longest, and made-up data last.
        var memberships = await accounts.MembershipsAsync(member.Id, ct);
        return memberships.OrderBy(m => m.Slug == SampleVendor.Slug).ThenBy(m => m.VendorId).FirstOrDefault() is { } membership
            ? new LoginResult(sessions.Create(member, membership.VendorId, await Sessions.StampAsync(members, member)), null)
            : default;
    }

    private async Task<string> SecondFactorAsync(Member member) => signed.Create(
        Purpose,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [MemberClaim] = member.Id.ToString(CultureInfo.InvariantCulture),
            [StampClaim] = await Sessions.StampAsync(members, member),
        },
        SecondFactorLifetime);
}
