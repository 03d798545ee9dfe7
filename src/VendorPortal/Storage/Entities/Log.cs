using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VendorPortal.Classification;

namespace VendorPortal.Storage.Entities;

/// <summary>The journal: one registry request as a feed reported it, and the pull it became part of.</summary>
public sealed class JournalRequest : IVendorOwned
{
    /// <summary><see cref="PullId"/> of a request that is kept but, by its status, can never be part of a row.</summary>
    public const long NoPull = 0;

    /// <summary><see cref="PullId"/> of a refused request whose client was let in right after: settled without a row.</summary>
    public const long Forgiven = -1;

    /// <summary><see cref="PullId"/> of a request that is part of a push.</summary>
    public const long PartOfPush = -2;

    public int VendorId { get; set; }

    /// <summary>Time-ordered, see <see cref="PullIds"/>; unique within the vendor.</summary>
    public long Id { get; set; }

    public int FeedId { get; set; }

    /// <summary>What repeats are known by, see <see cref="Journal.EventKey"/>.</summary>
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

    /// <summary>The kind that the source has given it; null where the rules decide.</summary>
    public PullKind? GivenKind { get; set; }

    /// <summary>The row it became part of; null until classified; <see cref="NoPull"/>, <see cref="Forgiven"/> or <see cref="PartOfPush"/> where it made none.</summary>
    public long? PullId { get; set; }
}

/// <summary>A row of the log: one pull, version check or denied try. Clustered by vendor and time, without any other index.</summary>
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

    /// <summary>The HTTP status that a denied client was left with; null for all other kinds.</summary>
    public int? Status { get; set; }
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
        // Planners that know no figures of a table prefer its key to an index of a part of it, unless that holds all they look for.
        builder.HasIndex(r => new { r.VendorId, r.PullId, r.Id, r.FeedId }).HasFilter("\"PullId\" IS NULL").HasDatabaseName("IX_RegistryRequests_Pending");
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
