using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Security;

/// <summary>A vendor a member belongs to, and what they may do there.</summary>
public sealed record Membership(int VendorId, string Slug, string Name, MemberRole Role);

/// <summary>Members and the vendors they belong to.</summary>
public sealed class MemberAccounts(PortalDbContext context, UserManager<Member> members, TimeProvider time)
{
    /// <summary>True once anybody can sign in.</summary>
    public Task<bool> AnyAsync(CancellationToken ct) => context.Users.AnyAsync(ct);

    /// <summary>The vendors of a member, by name.</summary>
    public Task<List<Membership>> MembershipsAsync(int memberId, CancellationToken ct) =>
        (from membership in context.VendorMembers
         join vendor in context.Vendors on membership.VendorId equals vendor.Id
         where membership.MemberId == memberId
         orderby vendor.Name, vendor.Id
         select new Membership(vendor.Id, vendor.Slug, vendor.Name, membership.Role)).AsNoTracking().ToListAsync(ct);

    /// <summary>True while the member belongs to the vendor.</summary>
    public Task<bool> IsMemberAsync(int memberId, int vendorId, CancellationToken ct) =>
        context.VendorMembers.AnyAsync(m => m.MemberId == memberId && m.VendorId == vendorId, ct);

    /// <summary>
    /// Makes an owner, and their vendor where none has this slug yet: both or neither. The result carries what is wrong with
    /// the e-mail address or the password.
    /// </summary>
    public async Task<IdentityResult> CreateOwnerAsync(string vendorName, string vendorSlug, string email, string password, CancellationToken ct)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(ct);
        var now = time.GetUtcNow().UtcDateTime;
        var vendor = await context.Vendors.FirstOrDefaultAsync(v => v.Slug == vendorSlug, ct);
        if (vendor is null)
        {
            vendor = new Vendor { Slug = vendorSlug, Name = vendorName, CreatedUtc = now };
            context.Vendors.Add(vendor);
            await context.SaveChangesAsync(ct);
        }

        // A sample that was loaded before anybody could sign in is there to be looked at first.
        var sampleId = await context.Vendors.Where(v => v.IsSample).Select(v => (int?)v.Id).FirstOrDefaultAsync(ct);
        var member = new Member { UserName = email, Email = email, EmailConfirmed = true, LastVendorId = sampleId ?? vendor.Id, CreatedUtc = now };
        var result = await members.CreateAsync(member, password);
        if (!result.Succeeded)
            return result;
        if (sampleId is { } sample && sample != vendor.Id)
            context.VendorMembers.Add(new VendorMember { VendorId = sample, MemberId = member.Id, Role = MemberRole.Owner, JoinedUtc = now });
        context.VendorMembers.Add(new VendorMember { VendorId = vendor.Id, MemberId = member.Id, Role = MemberRole.Owner, JoinedUtc = now });
        await context.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return result;
    }

    /// <summary>The slug a vendor's name suggests: lower-case letters, digits and dashes; <c>vendor</c> where nothing is left.</summary>
    public static string SlugOf(string name)
    {
        var slug = new StringBuilder();
        foreach (var character in name.Normalize(NormalizationForm.FormKD).ToLowerInvariant())
        {
            if (slug.Length == Vendor.MaxSlug)
                break;
            if (char.IsAsciiLetterOrDigit(character))
                slug.Append(character);
            else if (slug.Length > 0 && slug[^1] != '-' && (char.IsWhiteSpace(character) || char.IsPunctuation(character)))
                slug.Append('-');
        }

        var text = slug.ToString().Trim('-');
        return text.Length > 0 ? text : "vendor";
    }
}
