using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VendorPortal.Usage;

namespace VendorPortal.Storage.Entities;

/// <summary>An event of the product as it was received. Clustered by day and person, so that both can be taken away by a range.</summary>
public sealed class StoredUsageEvent : IVendorOwned
{
    public int VendorId { get; set; }

    /// <summary><see cref="DateOnly.DayNumber"/> of the UTC day.</summary>
    public int Day { get; set; }

    public int UserId { get; set; }

    /// <summary>What repeats are known by, see <see cref="Journal.EventKey"/>; unique within the vendor.</summary>
    public required byte[] EventId { get; set; }

    /// <summary>Time of the day, in milliseconds.</summary>
    public int Millisecond { get; set; }

    public UsageKind Kind { get; set; }

    /// <summary>Version, image or extension.</summary>
    public int? NameId { get; set; }

    /// <summary>Operating system.</summary>
    public int? SystemId { get; set; }

    /// <summary>Interface, way or success, see <see cref="UsageEvent.How"/>.</summary>
    public int? How { get; set; }

    public long? DurationMs { get; set; }
}

/// <summary>A version, operating system, image or extension that events name.</summary>
public sealed class UsageName : IVendorOwned
{
    public const int MaxName = 255;

    public int VendorId { get; set; }

    public int Id { get; set; }

    public UsageNameKind Kind { get; set; }

    public required string Name { get; set; }
}

/// <summary>What one person has done on one day, a row a measure: the finest roll-up, of which all others are sums.</summary>
public sealed class UsageUserDay : IVendorOwned
{
    public int VendorId { get; set; }

    public int UserId { get; set; }

    public UsageMeasure Measure { get; set; }

    /// <summary>Of which version, image …; a small number where the measure has no names.</summary>
    public int NameId { get; set; }

    /// <summary><see cref="DateOnly.DayNumber"/> of the UTC day; 0 for what holds now, not on a day.</summary>
    public int Day { get; set; }

    public long Count { get; set; }

    /// <summary>Milliseconds, where the measure has some.</summary>
    public long Sum { get; set; }
}

/// <summary>
/// What the people of a customer have done on a day, a row a measure; sums of <see cref="UsageUserDay"/>. Different people of days that end today
/// are the sum of <see cref="LastUsers"/>: each person is in it once, on their last day.
/// </summary>
public sealed class UsageDay : IVendorOwned
{
    /// <summary><see cref="CustomerId"/> of the sums over everyone.</summary>
    public const int Everyone = -1;

    public int VendorId { get; set; }

    public int CustomerId { get; set; }

    public UsageMeasure Measure { get; set; }

    public int NameId { get; set; }

    /// <inheritdoc cref="UsageUserDay.Day"/>
    public int Day { get; set; }

    /// <summary>Different people.</summary>
    public int Users { get; set; }

    /// <summary>Those of them for whom it is the last day so far.</summary>
    public int LastUsers { get; set; }

    public long Count { get; set; }

    public long Sum { get; set; }
}

internal sealed class StoredUsageEventConfiguration : IEntityTypeConfiguration<StoredUsageEvent>
{
    public void Configure(EntityTypeBuilder<StoredUsageEvent> builder)
    {
        builder.ToTable("UsageEvents");
        builder.HasKey(e => new { e.VendorId, e.Day, e.UserId, e.EventId });
        builder.HasIndex(e => new { e.VendorId, e.EventId }).IsUnique().HasDatabaseName("UX_UsageEvents_Event");
    }
}

internal sealed class UsageNameConfiguration : IEntityTypeConfiguration<UsageName>
{
    public void Configure(EntityTypeBuilder<UsageName> builder)
    {
        builder.ToTable("UsageNames");
        builder.HasKey(n => new { n.VendorId, n.Id });
        builder.Property(n => n.Id).ValueGeneratedNever();
        builder.Property(n => n.Name).HasMaxLength(UsageName.MaxName);
        builder.HasIndex(n => new { n.VendorId, n.Kind, n.Name }).IsUnique();
    }
}

internal sealed class UsageUserDayConfiguration : IEntityTypeConfiguration<UsageUserDay>
{
    public void Configure(EntityTypeBuilder<UsageUserDay> builder)
    {
        builder.ToTable("UsageUserDays");
        builder.HasKey(d => new { d.VendorId, d.UserId, d.Measure, d.NameId, d.Day });
    }
}

internal sealed class UsageDayConfiguration : IEntityTypeConfiguration<UsageDay>
{
    public void Configure(EntityTypeBuilder<UsageDay> builder)
    {
        builder.ToTable("UsageDays");
        builder.HasKey(d => new { d.VendorId, d.CustomerId, d.Measure, d.Day, d.NameId });
    }
}
