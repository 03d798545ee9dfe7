using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VendorPortal.Classification;

namespace VendorPortal.Storage.Entities;

/// <summary>A row that belongs to one vendor. The named query filter "Vendor" guards every such type.</summary>
public interface IVendorOwned
{
    int VendorId { get; }
}

/// <summary>A tenant: a software vendor whose artifacts are pulled.</summary>
public sealed class Vendor
{
    public const int MaxSlug = 64;
    public const int MaxName = 200;

    public int Id { get; set; }

    /// <summary>Short name of the command line and of links: lower-case letters, digits and dashes.</summary>
    public required string Slug { get; set; }

    public required string Name { get; set; }

    public DateTime CreatedUtc { get; set; }

    /// <summary>How this vendor's requests are folded into pulls.</summary>
    public ClassificationMode Mode { get; set; }

    /// <summary>
    /// When a request last arrived that is older than requests are kept. What is removed from the journal waits until a day after, so that a
    /// history that is still being brought along is not taken apart.
    /// </summary>
    public DateTime? HistoryUtc { get; set; }

    /// <summary>When events of the product last came in; null where none ever have.</summary>
    public DateTime? UsageUtc { get; set; }

    /// <summary>True for the sample vendor, which can be removed as a whole.</summary>
    public bool IsSample { get; set; }
}

internal sealed class VendorConfiguration : IEntityTypeConfiguration<Vendor>
{
    public void Configure(EntityTypeBuilder<Vendor> builder)
    {
        builder.ToTable("Vendors");
        builder.Property(v => v.Slug).HasMaxLength(Vendor.MaxSlug);
        builder.Property(v => v.Name).HasMaxLength(Vendor.MaxName);
        builder.HasIndex(v => v.Slug).IsUnique();
    }
}
