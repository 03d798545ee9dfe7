using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>The format a feed speaks.</summary>
public enum FeedKind
{
    /// <summary>Notifications of CNCF Distribution.</summary>
    Distribution = 1,

    /// <summary>The portal's own newline-delimited JSON, one registry request a line.</summary>
    Ndjson = 2,

    /// <summary>The access log of a proxy in front of a registry; its format is in the options.</summary>
    AccessLog = 3,

    /// <summary>Webhooks of Harbor.</summary>
    Harbor = 4,

    /// <summary>Registry events as CloudEvents.</summary>
    CloudEvents = 5,

    /// <summary>Raw data of Docker Hub's publisher insights: classified already.</summary>
    DvpCsv = 6,
}

/// <summary>A configured source of registry requests. Its requests outlive it.</summary>
public sealed class Feed : IVendorOwned
{
    public const int MaxName = 100;

    public const int MaxOptions = 8_000;

    public int VendorId { get; set; }

    public int Id { get; set; }

    public required string Name { get; set; }

    public FeedKind Kind { get; set; }

    /// <summary>What the kind needs to be told, as JSON; null where nothing.</summary>
    public string? Options { get; set; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; set; }

    public DateTime CreatedUtc { get; set; }

    public DateTime? RemovedUtc { get; set; }

    /// <summary>When the portal last received something from this feed.</summary>
    public DateTime? LastReceivedUtc { get; set; }

    /// <summary>Requests and pushes taken, events of no use, repeats and refusals since the feed was made.</summary>
    public long Accepted { get; set; }

    public long Ignored { get; set; }

    public long Duplicates { get; set; }

    public long Rejected { get; set; }

    /// <summary>The reason of the newest refusal, where there was one.</summary>
    public string? LastRejection { get; set; }

    /// <summary>Start of the newest request the feed has told of, UTC.</summary>
    public DateTime? NewestEventUtc { get; set; }

    /// <summary>When the portal last received requests from this feed.</summary>
    public DateTime? LastRequestUtc { get; set; }

    /// <summary>One of the last requests received, as parsed: a <see cref="Journal.ReceivedRequest"/> as JSON.</summary>
    public string? LastRequest { get; set; }
}

internal sealed class FeedConfiguration : IEntityTypeConfiguration<Feed>
{
    public void Configure(EntityTypeBuilder<Feed> builder)
    {
        builder.ToTable("Feeds");
        builder.HasKey(f => new { f.VendorId, f.Id });
        builder.Property(f => f.Name).HasMaxLength(Feed.MaxName);
        builder.Property(f => f.Options).HasMaxLength(Feed.MaxOptions);
        builder.HasOne<Vendor>().WithMany().HasForeignKey(f => f.VendorId).OnDelete(DeleteBehavior.Cascade);
    }
}
