using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>
/// A range of a vendor's journal that is, or was, classified once more; the newest one of the vendor. Kept in the store, so that whichever
/// process classifies does it, and goes on after a restart.
/// </summary>
public sealed class Reclassification : IVendorOwned
{
    public int VendorId { get; set; }

    /// <summary>First id of the range.</summary>
    public long FromId { get; set; }

    /// <summary>First id after the range; <see cref="long.MaxValue"/> where it is open.</summary>
    public long EndId { get; set; }

    /// <summary>Everything below is done.</summary>
    public long NextId { get; set; }

    /// <summary>Requests looked at.</summary>
    public long Requests { get; set; }

    /// <summary>Rows of the log that came out differently and were written anew.</summary>
    public long Rewritten { get; set; }

    /// <summary>The next day whose roll-up is to be counted; null while requests are left.</summary>
    public int? RollUpDay { get; set; }

    public DateTime StartedUtc { get; set; }

    public DateTime? FinishedUtc { get; set; }
}

internal sealed class ReclassificationConfiguration : IEntityTypeConfiguration<Reclassification>
{
    public void Configure(EntityTypeBuilder<Reclassification> builder)
    {
        builder.ToTable("Reclassifications");
        builder.HasKey(r => r.VendorId);
        builder.Property(r => r.VendorId).ValueGeneratedNever();
        builder.HasOne<Vendor>().WithOne().HasForeignKey<Reclassification>(r => r.VendorId).OnDelete(DeleteBehavior.Cascade);
    }
}
