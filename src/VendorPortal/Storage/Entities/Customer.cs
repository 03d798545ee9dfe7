using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>A customer organisation. Removing it hides it; its pulls keep its name.</summary>
public sealed class Customer : IVendorOwned
{
    public const int MaxName = 200;

    public int VendorId { get; set; }

    public int Id { get; set; }

    public required string Name { get; set; }

    public DateTime CreatedUtc { get; set; }

    public DateTime? RemovedUtc { get; set; }
}

/// <summary>An account that authenticates to the registry.</summary>
public sealed class RegistryUser : IVendorOwned
{
    public const int MaxPrincipal = 256;
    public const int MaxName = 200;
    public const int MaxEmail = 254;

    public int VendorId { get; set; }

    public int Id { get; set; }

    /// <summary>The account name as the registry reports it.</summary>
    public required string Principal { get; set; }

    public string? Name { get; set; }

    public string? Email { get; set; }

    /// <summary>The customer this user belongs to now; what a pull shows is the assignment at the time of the pull.</summary>
    public int? CustomerId { get; set; }

    public DateTime CreatedUtc { get; set; }

    /// <summary>True while past pulls of this user wait to be given the customer its assignments say.</summary>
    public bool PastPending { get; set; }
}

/// <summary>From when on a user belongs to a customer. The newest row not after a pull's time says whose pull it was.</summary>
public sealed class CustomerAssignment : IVendorOwned
{
    public int VendorId { get; set; }

    public int UserId { get; set; }

    public DateTime FromUtc { get; set; }

    public int? CustomerId { get; set; }
}

internal sealed class CustomerConfiguration : IEntityTypeConfiguration<Customer>
{
    public void Configure(EntityTypeBuilder<Customer> builder)
    {
        builder.ToTable("Customers");
        builder.HasKey(c => new { c.VendorId, c.Id });
        builder.Property(c => c.Name).HasMaxLength(Customer.MaxName);
        builder.HasIndex(c => new { c.VendorId, c.Name }).IsUnique();
    }
}

internal sealed class RegistryUserConfiguration : IEntityTypeConfiguration<RegistryUser>
{
    public void Configure(EntityTypeBuilder<RegistryUser> builder)
    {
        builder.ToTable("Users");
        builder.HasKey(u => new { u.VendorId, u.Id });
        builder.Property(u => u.Principal).HasMaxLength(RegistryUser.MaxPrincipal);
        builder.Property(u => u.Name).HasMaxLength(RegistryUser.MaxName);
        builder.Property(u => u.Email).HasMaxLength(RegistryUser.MaxEmail);
        builder.HasIndex(u => new { u.VendorId, u.Principal }).IsUnique();
    }
}

internal sealed class CustomerAssignmentConfiguration : IEntityTypeConfiguration<CustomerAssignment>
{
    public void Configure(EntityTypeBuilder<CustomerAssignment> builder)
    {
        builder.ToTable("CustomerAssignments");
        builder.HasKey(a => new { a.VendorId, a.UserId, a.FromUtc });
    }
}
