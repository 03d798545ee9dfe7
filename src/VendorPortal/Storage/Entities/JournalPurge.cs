using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>
/// That the requests of a feed of a day were removed from the journal. Their pulls stay. What the feed tells of that day from now on cannot be
/// compared with what it told before, so it is taken for a repeat.
/// </summary>
public sealed class JournalPurge : IVendorOwned
{
    public int VendorId { get; set; }

    /// <summary><see cref="DateOnly.DayNumber"/> of the UTC day.</summary>
    public int Day { get; set; }

    public int FeedId { get; set; }

    /// <summary>How many were removed.</summary>
    public long Requests { get; set; }

    /// <summary>How long requests were kept, in days.</summary>
    public int AfterDays { get; set; }

    public DateTime RemovedUtc { get; set; }
}

internal sealed class JournalPurgeConfiguration : IEntityTypeConfiguration<JournalPurge>
{
    public void Configure(EntityTypeBuilder<JournalPurge> builder)
    {
        builder.ToTable("JournalPurges");
        builder.HasKey(p => new { p.VendorId, p.Day, p.FeedId });
    }
}
