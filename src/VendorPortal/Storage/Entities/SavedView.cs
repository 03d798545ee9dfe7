using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>A view of the Downloads page that a member has given a name.</summary>
public sealed class SavedView : IVendorOwned
{
    public const int MaxName = 80;
    public const int MaxQuery = 16_384;

    public int VendorId { get; set; }

    public int Id { get; set; }

    /// <summary>Whose it is: nobody else changes it.</summary>
    public int MemberId { get; set; }

    public required string Name { get; set; }

    /// <summary>The query of the page's address.</summary>
    public required string Query { get; set; }

    /// <summary>True where all members of the vendor see it.</summary>
    public bool IsShared { get; set; }

    public DateTime CreatedUtc { get; set; }
}

internal sealed class SavedViewConfiguration : IEntityTypeConfiguration<SavedView>
{
    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.ToTable("SavedViews");
        builder.HasKey(v => new { v.VendorId, v.Id });
        builder.Property(v => v.Id).ValueGeneratedNever();
        builder.Property(v => v.Name).HasMaxLength(SavedView.MaxName);
        builder.Property(v => v.Query).HasMaxLength(SavedView.MaxQuery);
        builder.HasIndex(v => new { v.VendorId, v.MemberId, v.Name }).IsUnique();
        builder.HasOne<Vendor>().WithMany().HasForeignKey(v => v.VendorId).OnDelete(DeleteBehavior.Cascade);
    }
}
