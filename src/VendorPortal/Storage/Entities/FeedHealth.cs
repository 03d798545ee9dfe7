using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>What a feed has brought in an hour, by the time it was received. Hours without anything have no row.</summary>
public sealed class FeedHour : IVendorOwned
{
    /// <summary>How long hours are kept, in days.</summary>
    public const int KeptDays = 90;

    public int VendorId { get; set; }

    public int FeedId { get; set; }

    /// <summary>Whole hours since 1970-01-01, UTC.</summary>
    public int Hour { get; set; }

    public long Accepted { get; set; }

    public long Ignored { get; set; }

    public long Duplicates { get; set; }

    public long Rejected { get; set; }

    /// <summary>The number of the hour in which a time lies.</summary>
    public static int Of(DateTime utc) => (int)((utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerHour);

    /// <summary>When an hour begins, UTC.</summary>
    public static DateTime StartOf(int hour) => DateTime.UnixEpoch.AddHours(hour);
}

/// <summary>How often a feed's events were refused for a reason, with the beginnings of a few of them.</summary>
public sealed class FeedRejection : IVendorOwned
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReason = 200;

    /// <summary>Reasons kept of a feed; what comes beyond is counted under <see cref="Other"/>.</summary>
    public const int MaxReasons = 50;

    /// <summary>Samples kept of a reason, the newest ones.</summary>
    public const int MaxSamples = 3;

    public const string Other = "other reasons";

    public int VendorId { get; set; }

    public int FeedId { get; set; }

    public required string Reason { get; set; }

    public long Count { get; set; }

    public DateTime LastUtc { get; set; }

    /// <summary>Beginnings of refused events, newest first, clamped and with secrets masked; a JSON array of strings.</summary>
    public required string Samples { get; set; }
}

internal sealed class FeedHourConfiguration : IEntityTypeConfiguration<FeedHour>
{
    public void Configure(EntityTypeBuilder<FeedHour> builder)
    {
        builder.ToTable("FeedHours");
        builder.HasKey(h => new { h.VendorId, h.FeedId, h.Hour });
    }
}

internal sealed class FeedRejectionConfiguration : IEntityTypeConfiguration<FeedRejection>
{
    public void Configure(EntityTypeBuilder<FeedRejection> builder)
    {
        builder.ToTable("FeedRejections");
        builder.HasKey(r => new { r.VendorId, r.FeedId, r.Reason });
        builder.Property(r => r.Reason).HasMaxLength(FeedRejection.MaxReason);
    }
}
