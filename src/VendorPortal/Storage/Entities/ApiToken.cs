using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>What a token opens. The numbers are stored.</summary>
public enum TokenKind
{
    /// <summary>The API.</summary>
    Api = 0,

    /// <summary>The intake of usage events, and nothing else: it may be handed out with a product.</summary>
    Telemetry = 1,
}

/// <summary>A bearer token of the API. Only the hash of its secret is stored.</summary>
public sealed class ApiToken : IVendorOwned
{
    public const int MaxName = 100;

    public int VendorId { get; set; }

    public int Id { get; set; }

    public required string Name { get; set; }

    public TokenKind Kind { get; set; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; set; }

    /// <summary>The member it was made for, where it was made for one.</summary>
    public int? MemberId { get; set; }

    public DateTime CreatedUtc { get; set; }

    public DateTime? LastUsedUtc { get; set; }

    public DateTime? RevokedUtc { get; set; }
}

internal sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("ApiTokens");
        builder.HasKey(t => new { t.VendorId, t.Id });
        builder.Property(t => t.Name).HasMaxLength(ApiToken.MaxName);
        builder.HasOne<Vendor>().WithMany().HasForeignKey(t => t.VendorId).OnDelete(DeleteBehavior.Cascade);
    }
}
