using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>
/// A person of a customer: on its list of members, or seen using the product. All that a person has done counts for the customer they belong to
/// now.
/// </summary>
public sealed class ProductUser : IVendorOwned
{
    /// <summary><see cref="CustomerId"/> of a person whose customer is not known.</summary>
    public const int Unassigned = 0;

    public const int MaxUsername = 256;
    public const int MaxName = 200;
    public const int MaxEmail = 254;
    public const int MaxType = 100;
    public const int MaxRole = 100;
    public const int MaxTeams = 1000;

    public int VendorId { get; set; }

    public int Id { get; set; }

    /// <summary>The customer, or <see cref="Unassigned"/>.</summary>
    public int CustomerId { get; set; }

    /// <summary>What events name the person by, as it was first told.</summary>
    public required string Username { get; set; }

    /// <summary><see cref="Username"/> in lower case: what is compared.</summary>
    public required string UserKey { get; set; }

    public string? Email { get; set; }

    /// <summary><see cref="Email"/> in lower case; events may name the person by it as well.</summary>
    public string? EmailKey { get; set; }

    public string? Name { get; set; }

    public string? Type { get; set; }

    public string? Role { get; set; }

    /// <summary>Names with commas between them.</summary>
    public string? Teams { get; set; }

    public DateTime? JoinedUtc { get; set; }

    /// <summary>When the person last signed in on the vendor's own site, as the list of members says.</summary>
    public DateTime? LastLogInUtc { get; set; }

    /// <summary>True for who is on the list of members; false for who was only seen.</summary>
    public bool IsListed { get; set; }

    public DateTime CreatedUtc { get; set; }

    /// <summary>When the product was last used; null for who was never seen, and for who opted out.</summary>
    public DateTime? LastSeenUtc { get; set; }

    /// <summary>The version that the newest <c>active</c> event told.</summary>
    public int? LastVersionId { get; set; }

    public DateTime? LastVersionUtc { get; set; }

    /// <summary>True for who opted out of analytics: nothing of them counts.</summary>
    public bool IsOptedOut { get; set; }

    /// <summary>Set for who opted out and in again: only what happened from then on counts.</summary>
    public DateTime? CountsFromUtc { get; set; }

    /// <summary>True while events that no longer count wait to be deleted.</summary>
    public bool EventsPending { get; set; }

    /// <summary>True for a person that was erased, until the last of their events is gone.</summary>
    public bool IsErased { get; set; }
}

/// <summary>That a person opted out of analytics, or in again. Kept as long as the person.</summary>
public sealed class UsageConsent : IVendorOwned
{
    public int VendorId { get; set; }

    public int UserId { get; set; }

    public DateTime AtUtc { get; set; }

    public bool IsOut { get; set; }

    /// <summary>What a repeat is known by, as of other events: its time may be that of the receipt, which differs.</summary>
    public required byte[] EventId { get; set; }
}

/// <summary>The newest that is known of an extension of a person.</summary>
public sealed class UsageExtension : IVendorOwned
{
    public int VendorId { get; set; }

    public int UserId { get; set; }

    public int NameId { get; set; }

    public DateTime AtUtc { get; set; }

    public bool IsInstalled { get; set; }
}

internal sealed class ProductUserConfiguration : IEntityTypeConfiguration<ProductUser>
{
    public void Configure(EntityTypeBuilder<ProductUser> builder)
    {
        builder.ToTable("ProductUsers");
        builder.HasKey(u => new { u.VendorId, u.Id });
        builder.Property(u => u.Id).ValueGeneratedNever();
        builder.Property(u => u.Username).HasMaxLength(ProductUser.MaxUsername);
        builder.Property(u => u.UserKey).HasMaxLength(ProductUser.MaxUsername);
        builder.Property(u => u.Email).HasMaxLength(ProductUser.MaxEmail);
        builder.Property(u => u.EmailKey).HasMaxLength(ProductUser.MaxEmail);
        builder.Property(u => u.Name).HasMaxLength(ProductUser.MaxName);
        builder.Property(u => u.Type).HasMaxLength(ProductUser.MaxType);
        builder.Property(u => u.Role).HasMaxLength(ProductUser.MaxRole);
        builder.Property(u => u.Teams).HasMaxLength(ProductUser.MaxTeams);
        // An event names a person with or without a customer.
        builder.HasIndex(u => new { u.VendorId, u.UserKey, u.CustomerId }).IsUnique();
        builder.HasIndex(u => new { u.VendorId, u.EmailKey });
        builder.HasIndex(u => new { u.VendorId, u.CustomerId, u.IsOptedOut, u.IsErased }).HasDatabaseName("IX_ProductUsers_Counted");
    }
}

internal sealed class UsageConsentConfiguration : IEntityTypeConfiguration<UsageConsent>
{
    public void Configure(EntityTypeBuilder<UsageConsent> builder)
    {
        builder.ToTable("UsageConsents");
        builder.HasKey(c => new { c.VendorId, c.UserId, c.AtUtc, c.IsOut });
        builder.HasIndex(c => new { c.VendorId, c.EventId }).HasDatabaseName("IX_UsageConsents_Event");
    }
}

internal sealed class UsageExtensionConfiguration : IEntityTypeConfiguration<UsageExtension>
{
    public void Configure(EntityTypeBuilder<UsageExtension> builder)
    {
        builder.ToTable("UsageExtensions");
        builder.HasKey(e => new { e.VendorId, e.UserId, e.NameId });
    }
}
