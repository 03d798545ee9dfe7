using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Security;

/// <summary>Puts the vendor a member works for into the sign-in: the one they looked at last, else their first.</summary>
internal sealed class PortalClaimsFactory(UserManager<Member> members, IOptions<IdentityOptions> options, MemberAccounts accounts)
    : UserClaimsPrincipalFactory<Member>(members, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Member user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        var memberships = await accounts.MembershipsAsync(user.Id, CancellationToken.None);
        var current = memberships.Find(m => m.VendorId == user.LastVendorId) ?? memberships.FirstOrDefault();
        if (current is not null)
            AddVendor(identity, current);
        return identity;
    }

    internal static void AddVendor(ClaimsIdentity identity, Membership membership)
    {
        identity.AddClaim(new Claim(PortalClaims.VendorId, membership.VendorId.ToString(CultureInfo.InvariantCulture)));
        identity.AddClaim(new Claim(PortalClaims.VendorSlug, membership.Slug));
        identity.AddClaim(new Claim(PortalClaims.VendorName, membership.Name));
        identity.AddClaim(new Claim(PortalClaims.Role, membership.Role.ToString()));
    }
}
