using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>A person of a vendor who signs in here.</summary>
public sealed class Member : IdentityUser<int>
{
    /// <summary>The vendor this member looked at last; where the next sign-in leads.</summary>
    public int? LastVendorId { get; set; }

    public DateTime CreatedUtc { get; set; }
}

/// <summary>What a member may do for a vendor.</summary>
public enum MemberRole
{
    /// <summary>Everything, including feeds, customers and tokens.</summary>
    Owner = 1,
}

/// <summary>That a member belongs to a vendor.</summary>
public sealed class VendorMember
{
    public int VendorId { get; set; }

    public int MemberId { get; set; }

    public MemberRole Role { get; set; }

    public DateTime JoinedUtc { get; set; }

    /// <summary>The saved view that the Downloads page opens with; no longer in effect where the member can no longer see it.</summary>
    public int? DefaultViewId { get; set; }
}

internal sealed class VendorMemberConfiguration : IEntityTypeConfiguration<VendorMember>
{
    public void Configure(EntityTypeBuilder<VendorMember> builder)
    {
        builder.ToTable("VendorMembers");
        builder.HasKey(m => new { m.VendorId, m.MemberId });
        builder.HasOne<Vendor>().WithMany().HasForeignKey(m => m.VendorId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Member>().WithMany().HasForeignKey(m => m.MemberId).OnDelete(DeleteBehavior.Cascade);
    }
}
