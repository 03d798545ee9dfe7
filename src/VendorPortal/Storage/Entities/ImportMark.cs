using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>
/// How far an import has come that has not ended. The same content again goes on from there, without looking for what it has stored. A vendor has
/// one, of its latest import; it goes when that ends.
/// </summary>
public sealed class ImportMark : IVendorOwned
{
    public const int ContentBytes = 16;

    public int VendorId { get; set; }

    /// <summary>What the files hold, in whatever order they hold it.</summary>
    public required byte[] Content { get; set; }

    /// <summary>All pulls up to this time are stored, UTC ticks of 100 ns.</summary>
    public long ThroughTicks { get; set; }

    public DateTime WrittenUtc { get; set; }
}

internal sealed class ImportMarkConfiguration : IEntityTypeConfiguration<ImportMark>
{
    public void Configure(EntityTypeBuilder<ImportMark> builder)
    {
        builder.ToTable("ImportMarks");
        builder.HasKey(m => m.VendorId);
        builder.Property(m => m.VendorId).ValueGeneratedNever();
        builder.Property(m => m.Content).HasMaxLength(ImportMark.ContentBytes);
    }
}
