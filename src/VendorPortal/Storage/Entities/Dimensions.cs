using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VendorPortal.Enrichment.Networks;

namespace VendorPortal.Storage.Entities;

/// <summary>A repository, <c>namespace/name</c>.</summary>
public sealed class Artifact : IVendorOwned
{
    public const int MaxName = 255;

    public int VendorId { get; set; }

    public int Id { get; set; }

    /// <summary><c>namespace/name</c>; some registries have names without a namespace.</summary>
    public required string Name { get; set; }

    /// <summary>The kinds that manifests of it have told, a bit each (<see cref="BitOf"/>): the same whatever came first.</summary>
    public int ToldKinds { get; set; }

    /// <summary>What a member has said it is; null leaves it to the manifests.</summary>
    public ArtifactKind? ChosenKind { get; set; }

    public static int BitOf(ArtifactKind kind) => 1 << (int)kind;

    /// <summary>What stands before the first slash of a name; the empty text where there is none.</summary>
    public static string NamespaceOf(string name) => name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? name[..slash] : "";
}

/// <summary>A tag or a digest of an artifact, as clients ask for it.</summary>
public sealed class ArtifactVersion : IVendorOwned
{
    public const int MaxName = 200;

    public int VendorId { get; set; }

    public int Id { get; set; }

    public int ArtifactId { get; set; }

    public required string Name { get; set; }
}

/// <summary>A client address: 16 bytes, IPv4 mapped, so that a CIDR is one range; and what is known of its network, null where unknown.</summary>
public sealed class Address : IVendorOwned
{
    /// <summary>The <see cref="NetworkStamp"/> of facts that were told with the address: they are not looked up.</summary>
    public const int ToldStamp = -1;

    public int VendorId { get; set; }

    public int Id { get; set; }

    public required byte[] Value { get; set; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; set; }

    /// <summary>Who runs the network.</summary>
    public string? Organisation { get; set; }

    /// <summary>The cloud it belongs to: <c>aws</c>, <c>gcp</c>, …</summary>
    public string? Host { get; set; }

    /// <summary><c>business</c>, <c>isp</c>, <c>hosting</c> or <c>education</c>.</summary>
    public string? NetworkType { get; set; }

    /// <summary>Which data the facts are of; 0 where none was asked yet.</summary>
    public int NetworkStamp { get; set; }
}

/// <summary>A user agent, and what it says of the tool.</summary>
public sealed class Client : IVendorOwned
{
    public const int MaxUserAgent = 512;

    public int VendorId { get; set; }

    public int Id { get; set; }

    public required string UserAgent { get; set; }

    /// <summary>The tool's name, lower case where it is a known one; null where nothing can be said.</summary>
    public string? Tool { get; set; }

    public string? ToolVersion { get; set; }
}

/// <summary>That an account was seen pushing to a repository: its own pulls there are not downloads.</summary>
public sealed class ArtifactPublisher : IVendorOwned
{
    public int VendorId { get; set; }

    public int ArtifactId { get; set; }

    public int UserId { get; set; }

    /// <summary>True while earlier pulls of the pair wait to be labelled.</summary>
    public bool PastPending { get; set; }
}

/// <summary>
/// A manifest the portal has learned of. Content-addressed, so never wrong and never deleted with its artifact.
/// <see cref="ChildrenKnown"/> is false for an index whose children no event has told.
/// </summary>
public sealed class Manifest : IVendorOwned
{
    public const int MaxMediaType = 200;

    public int VendorId { get; set; }

    public required string Digest { get; set; }

    public string? MediaType { get; set; }

    public bool ChildrenKnown { get; set; }

    /// <summary>True while pulls that were made before its children were known wait to be classified once more.</summary>
    public bool PastPending { get; set; }
}

/// <summary>That a manifest is listed in an index.</summary>
public sealed class ManifestChild : IVendorOwned
{
    public int VendorId { get; set; }

    public required string ParentDigest { get; set; }

    public required string ChildDigest { get; set; }

    /// <summary><c>os/architecture[/variant]</c>, where the event told it.</summary>
    public string? Platform { get; set; }
}

internal sealed class ArtifactConfiguration : IEntityTypeConfiguration<Artifact>
{
    public void Configure(EntityTypeBuilder<Artifact> builder)
    {
        builder.ToTable("Artifacts");
        builder.HasKey(a => new { a.VendorId, a.Id });
        builder.Property(a => a.Name).HasMaxLength(Artifact.MaxName);
        builder.Property(a => a.ToldKinds).HasDefaultValue(0);
        builder.HasIndex(a => new { a.VendorId, a.Name }).IsUnique();
    }
}

internal sealed class ArtifactVersionConfiguration : IEntityTypeConfiguration<ArtifactVersion>
{
    public void Configure(EntityTypeBuilder<ArtifactVersion> builder)
    {
        builder.ToTable("Versions");
        builder.HasKey(v => new { v.VendorId, v.Id });
        builder.Property(v => v.Name).HasMaxLength(ArtifactVersion.MaxName);
        builder.HasIndex(v => new { v.VendorId, v.Name, v.ArtifactId }).IsUnique();
    }
}

internal sealed class AddressConfiguration : IEntityTypeConfiguration<Address>
{
    public void Configure(EntityTypeBuilder<Address> builder)
    {
        builder.ToTable("Addresses");
        builder.HasKey(a => new { a.VendorId, a.Id });
        builder.Property(a => a.Country).HasMaxLength(2);
        builder.Property(a => a.Organisation).HasMaxLength(NetworkRecord.MaxOrganisation);
        builder.Property(a => a.Host).HasMaxLength(NetworkRecord.MaxHost);
        builder.Property(a => a.NetworkType).HasMaxLength(NetworkRecord.MaxHost);
        builder.Property(a => a.NetworkStamp).HasDefaultValue(0);
        builder.HasIndex(a => new { a.VendorId, a.Value }).IsUnique();
    }
}

internal sealed class ClientConfiguration : IEntityTypeConfiguration<Client>
{
    public void Configure(EntityTypeBuilder<Client> builder)
    {
        builder.ToTable("Clients");
        builder.HasKey(c => new { c.VendorId, c.Id });
        builder.Property(c => c.UserAgent).HasMaxLength(Client.MaxUserAgent);
        builder.HasIndex(c => new { c.VendorId, c.UserAgent }).IsUnique();
    }
}

internal sealed class ArtifactPublisherConfiguration : IEntityTypeConfiguration<ArtifactPublisher>
{
    public void Configure(EntityTypeBuilder<ArtifactPublisher> builder)
    {
        builder.ToTable("ArtifactPublishers");
        builder.HasKey(p => new { p.VendorId, p.ArtifactId, p.UserId });
    }
}

internal sealed class ManifestConfiguration : IEntityTypeConfiguration<Manifest>
{
    public void Configure(EntityTypeBuilder<Manifest> builder)
    {
        builder.ToTable("Manifests");
        builder.HasKey(m => new { m.VendorId, m.Digest });
        builder.Property(m => m.Digest).HasMaxLength(ArtifactVersion.MaxName);
        builder.Property(m => m.MediaType).HasMaxLength(Manifest.MaxMediaType);
    }
}

internal sealed class ManifestChildConfiguration : IEntityTypeConfiguration<ManifestChild>
{
    public void Configure(EntityTypeBuilder<ManifestChild> builder)
    {
        builder.ToTable("ManifestChildren");
        builder.HasKey(c => new { c.VendorId, c.ParentDigest, c.ChildDigest });
        builder.Property(c => c.ParentDigest).HasMaxLength(ArtifactVersion.MaxName);
        builder.Property(c => c.ChildDigest).HasMaxLength(ArtifactVersion.MaxName);
    }
}
