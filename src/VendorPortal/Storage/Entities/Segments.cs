using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>
/// A run of the log that is kept once more by column. A cache: deleting it is always right, and a write into its range does so. While
/// <see cref="Rows"/> is 0 it is being built and stands for nothing but "nobody has written here since".
/// </summary>
public sealed class PullSegmentEntry : IVendorOwned
{
    public int VendorId { get; set; }

    /// <summary>First id of the range, inclusive.</summary>
    public long FirstId { get; set; }

    /// <summary>Last id of the range, inclusive.</summary>
    public long LastId { get; set; }

    public int Rows { get; set; }
}

/// <summary>A column of a segment; the bytes are those of the folder Segments.</summary>
public sealed class PullSegmentColumn : IVendorOwned
{
    public int VendorId { get; set; }

    public long FirstId { get; set; }

    public int Column { get; set; }

    public required byte[] Data { get; set; }
}

internal sealed class PullSegmentEntryConfiguration : IEntityTypeConfiguration<PullSegmentEntry>
{
    public void Configure(EntityTypeBuilder<PullSegmentEntry> builder)
    {
        builder.ToTable("PullSegments");
        builder.HasKey(s => new { s.VendorId, s.FirstId });
    }
}

internal sealed class PullSegmentColumnConfiguration : IEntityTypeConfiguration<PullSegmentColumn>
{
    public void Configure(EntityTypeBuilder<PullSegmentColumn> builder)
    {
        // A rowid table with its key as an index: the blobs stay out of the tree that is searched.
        builder.ToTable("PullSegmentColumns");
        builder.HasKey(c => new { c.VendorId, c.Column, c.FirstId });
    }
}
