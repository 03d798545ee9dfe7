using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>
/// A run of the log that is kept once more by column. A cache: deleting it is always right. What is written into its range is listed
/// (<see cref="PullSegmentChange"/>), from the moment on that it is announced: while <see cref="Rows"/> is 0 it is being built.
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

/// <summary>
/// A pull that was written, changed or deleted since the segment it falls into was built: the log tells what it is now. Without a segment
/// around it, it means nothing.
/// </summary>
public sealed class PullSegmentChange : IVendorOwned
{
    public int VendorId { get; set; }

    /// <summary>The pull's.</summary>
    public long Id { get; set; }

    /// <summary>Counts the writes, so that one that came while the segment was built anew is told from those before.</summary>
    public int Times { get; set; }
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

internal sealed class PullSegmentChangeConfiguration : IEntityTypeConfiguration<PullSegmentChange>
{
    public void Configure(EntityTypeBuilder<PullSegmentChange> builder)
    {
        builder.ToTable("PullSegmentChanges");
        builder.HasKey(c => new { c.VendorId, c.Id });
    }
}
