using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Security;

/// <summary>
/// The short-lived bearer tokens that <c>/v2/users/login</c> answers with. One that was given for a password ends with the password and the membership, one that was
/// given for an API token ends with that token.
/// </summary>
public sealed class Sessions(SignedTokens signed, TokenDirectory tokens)
{
    /// <summary>How long a session holds; scripts log in again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string Purpose = "session";
    private const string MemberClaim = "sub";
    private const string VendorClaim = "vendor";
    private const string StampClaim = "stamp";
    private const string TokenClaim = "token";

    /// <summary>For a member who has shown who they are, one of their vendors, and <see cref="StampAsync"/>.</summary>
    internal string Create(Member member, int vendorId, string stamp) => signed.Create(
        Purpose,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [MemberClaim] = Text(member.Id),
            [VendorClaim] = Text(vendorId),
            [StampClaim] = stamp,
        },
        Lifetime);

    /// <summary>For an API token.</summary>
    internal string Create(TokenOwner owner) => signed.Create(
        Purpose,
        new Dictionary<string, string>(StringComparer.Ordinal) { [VendorClaim] = Text(owner.Membership.VendorId), [TokenClaim] = Text(owner.TokenId) },
        Lifetime);

    /// <summary>Who a session is of; null where it is none, or what it was given for no longer holds.</summary>
    internal async Task<ClaimsPrincipal?> FindAsync(string text, IServiceProvider services, CancellationToken ct)
    {
        if (await signed.ReadAsync(Purpose, text) is not { } claims || !int.TryParse(claims.GetValueOrDefault(VendorClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var vendorId))
            return null;
        if (claims.TryGetValue(TokenClaim, out var tokenId))
            return await tokens.FindAsync(vendorId, int.Parse(tokenId, CultureInfo.InvariantCulture), ct) is { } owner ? TokenAuthentication.PrincipalOf(owner) : null;
        var members = services.GetRequiredService<UserManager<Member>>();
        if (await members.FindByIdAsync(claims.GetValueOrDefault(MemberClaim) ?? "") is not { } member || await StampAsync(members, member) != claims.GetValueOrDefault(StampClaim))
            return null;
        var memberships = await services.GetRequiredService<MemberAccounts>().MembershipsAsync(member.Id, ct);
        return memberships.Find(m => m.VendorId == vendorId) is { } membership ? PrincipalOf(member, membership) : null;
    }

    /// <summary>What changes with a member's password. Bearers read what is signed, and the security stamp itself is nobody's business.</summary>
    internal static async Task<string> StampAsync(UserManager<Member> members, Member member) => Convert.ToHexStringLower(Secrets.Hash(await members.GetSecurityStampAsync(member)));

    private static ClaimsPrincipal PrincipalOf(Member member, Membership membership)
    {
        var identity = new ClaimsIdentity(TokenAuthentication.SchemeName, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, member.UserName!));
        identity.AddClaim(new Claim(ClaimTypes.Email, member.Email!));
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, Text(member.Id)));
        PortalClaimsFactory.AddVendor(identity, membership);
        return new ClaimsPrincipal(identity);
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
