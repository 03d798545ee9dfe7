using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VendorPortal.Classification;

namespace VendorPortal.Storage.Entities;

/// <summary>The journal: one registry request as a feed reported it, and the pull it became part of.</summary>
public sealed class JournalRequest : IVendorOwned
{
    /// <summary><see cref="PullId"/> of a request that is kept but can never be part of a pull.</summary>
    public const long NoPull = 0;

    public int VendorId { get; set; }

    /// <summary>Time-ordered, see <see cref="PullIds"/>; unique within the vendor.</summary>
    public long Id { get; set; }

    public int FeedId { get; set; }

    /// <summary>What repeats are known by, see <see cref="Journal.EventIds"/>.</summary>
    public required byte[] EventId { get; set; }

    /// <summary>Start time minus the time of <see cref="Id"/>, in ticks of 100 ns.</summary>
    public int TicksOffset { get; set; }

    public RequestMethod Method { get; set; }

    public int ArtifactId { get; set; }

    /// <summary>What the client asked for: a tag or a digest.</summary>
    public int VersionId { get; set; }

    /// <summary>What it resolved to, where the feed knows.</summary>
    public int? DigestId { get; set; }

    public int Status { get; set; }

    public int? AddressId { get; set; }

    public int? UserId { get; set; }

    public int? ClientId { get; set; }

    /// <summary>Null until classified; <see cref="NoPull"/> where not eligible.</summary>
    public long? PullId { get; set; }
}

/// <summary>A row of the log: one pull, or one version check. Clustered by vendor and time, without any other index.</summary>
public sealed class Pull : IVendorOwned
{
    public int VendorId { get; set; }

    /// <summary>The id of the request that started it; carries the time.</summary>
    public long Id { get; set; }

    public PullKind Kind { get; set; }

    public int ArtifactId { get; set; }

    /// <summary>What the starting request asked for: a tag or a digest.</summary>
    public int VersionId { get; set; }

    /// <summary>What it resolved to.</summary>
    public int? DigestId { get; set; }

    /// <summary>The customer at the time of the pull.</summary>
    public int? CustomerId { get; set; }

    public int? UserId { get; set; }

    public int? AddressId { get; set; }

    public int? ClientId { get; set; }

    /// <summary>Number of registry requests folded into this row.</summary>
    public int Requests { get; set; }

    public PullRule Rule { get; set; }

    public PullLabels Labels { get; set; }

    public int Ruleset { get; set; }
}

/// <summary>What is known of a pull beside its kind.</summary>
[Flags]
public enum PullLabels
{
    None = 0,

    /// <summary>Made by an account that pushes to the repository: not a download of a customer.</summary>
    Publisher = 1,

    /// <summary>Of a signature, attestation or SBOM tag: looked up by tools that verify, never asked for by a person.</summary>
    Auxiliary = 2,
}

/// <summary>Pulls of an artifact on a day (UTC), a column a kind; labelled ones apart. Written in the log's transaction.</summary>
public sealed class DailyArtifactPulls : IVendorOwned
{
    public int VendorId { get; set; }

    public int ArtifactId { get; set; }

    /// <summary><see cref="DateOnly.DayNumber"/> of the UTC day.</summary>
    public int Day { get; set; }

    public int Tag { get; set; }

    public int Digest { get; set; }

    public int Checks { get; set; }

    public int Denied { get; set; }

    /// <summary>Pulls with a label, which are no downloads of a customer.</summary>
    public int Labelled { get; set; }
}

internal sealed class JournalRequestConfiguration : IEntityTypeConfiguration<JournalRequest>
{
    public void Configure(EntityTypeBuilder<JournalRequest> builder)
    {
        builder.ToTable("RegistryRequests");
        builder.HasKey(r => new { r.VendorId, r.Id });
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.HasIndex(r => new { r.VendorId, r.FeedId, r.EventId }).IsUnique().HasDatabaseName("UX_RegistryRequests_Event");
        builder.HasIndex(r => new { r.VendorId, r.Id }).HasFilter("\"PullId\" IS NULL").HasDatabaseName("IX_RegistryRequests_Pending");
    }
}

internal sealed class PullConfiguration : IEntityTypeConfiguration<Pull>
{
    public void Configure(EntityTypeBuilder<Pull> builder)
    {
        builder.ToTable("Pulls");
        builder.HasKey(p => new { p.VendorId, p.Id });
        builder.Property(p => p.Id).ValueGeneratedNever();
    }
}

internal sealed class DailyArtifactPullsConfiguration : IEntityTypeConfiguration<DailyArtifactPulls>
{
    public void Configure(EntityTypeBuilder<DailyArtifactPulls> builder)
    {
        builder.ToTable("DailyArtifactPulls");
        builder.HasKey(d => new { d.VendorId, d.ArtifactId, d.Day });
    }
}
