using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>A release or a note that a vendor has put on the time line.</summary>
public sealed class TimelineMark : IVendorOwned
{
    public const int MaxText = 120;

    public int VendorId { get; set; }

    public int Id { get; set; }

    /// <summary>A day of UTC.</summary>
    public DateOnly Day { get; set; }

    public required string Text { get; set; }

    /// <summary>A release; otherwise a note.</summary>
    public bool IsRelease { get; set; }
}

internal sealed class TimelineMarkConfiguration : IEntityTypeConfiguration<TimelineMark>
{
    public void Configure(EntityTypeBuilder<TimelineMark> builder)
    {
        builder.ToTable("TimelineMarks");
        builder.HasKey(m => new { m.VendorId, m.Id });
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Text).HasMaxLength(TimelineMark.MaxText);
        builder.HasIndex(m => new { m.VendorId, m.Day });
        builder.HasOne<Vendor>().WithMany().HasForeignKey(m => m.VendorId).OnDelete(DeleteBehavior.Cascade);
    }
}
