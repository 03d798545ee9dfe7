using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>The file that a feed is read from, and how far. Written after the commit of what was read, so it may be behind and never ahead.</summary>
public sealed class FollowedFile : IVendorOwned
{
    public const int MaxPath = 4_096;

    public const int MaxProblem = 500;

    public const int MaxIdentity = 100;

    public int VendorId { get; set; }

    public int FeedId { get; set; }

    /// <summary>Absolute.</summary>
    public required string Path { get; set; }

    /// <summary>Which file it was, as the system tells files apart; null where it does not, or before the first look.</summary>
    public string? Identity { get; set; }

    /// <summary>Bytes that are read: the start of the next line.</summary>
    public long Position { get; set; }

    /// <summary>Hash of the bytes before the position.</summary>
    public byte[]? Tail { get; set; }

    /// <summary>What tells apart lines of one time: needed to give the next lines the keys and dates they would have had.</summary>
    public byte[]? Memory { get; set; }

    /// <summary>When the file had last been written, by the file system's clock.</summary>
    public DateTime? WrittenUtc { get; set; }

    /// <summary>Why nothing can be read now; null where all is well, or before the first look.</summary>
    public string? Problem { get; set; }
}

internal sealed class FollowedFileConfiguration : IEntityTypeConfiguration<FollowedFile>
{
    public void Configure(EntityTypeBuilder<FollowedFile> builder)
    {
        builder.ToTable("FollowedFiles");
        builder.HasKey(f => new { f.VendorId, f.FeedId });
        builder.Property(f => f.Path).HasMaxLength(FollowedFile.MaxPath);
        builder.Property(f => f.Identity).HasMaxLength(FollowedFile.MaxIdentity);
        builder.Property(f => f.Problem).HasMaxLength(FollowedFile.MaxProblem);
        builder.HasOne<Vendor>().WithMany().HasForeignKey(f => f.VendorId).OnDelete(DeleteBehavior.Cascade);
    }
}
