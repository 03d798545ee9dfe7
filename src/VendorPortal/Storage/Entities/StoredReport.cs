using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VendorPortal.Analytics;

namespace VendorPortal.Storage.Entities;

/// <summary>A part of a report that is kept as a file.</summary>
public sealed class StoredReport : IVendorOwned
{
    public int VendorId { get; set; }

    public required string Namespace { get; set; }

    public ReportTimespan Timespan { get; set; }

    /// <summary>The week-year of a week, the year of a month.</summary>
    public int Year { get; set; }

    public int Number { get; set; }

    public ReportView View { get; set; }

    /// <summary>1 for the first.</summary>
    public int Part { get; set; }

    public long Rows { get; set; }

    public long Bytes { get; set; }

    public required byte[] Sha256 { get; set; }

    /// <summary>Grows where a report comes out differently than before.</summary>
    public int Revision { get; set; }

    public DateTime ProducedUtc { get; set; }

    /// <summary>The ruleset that the portal classified by then.</summary>
    public int Ruleset { get; set; }

    /// <summary>The sum of <see cref="DailyChanges.Changes"/> over the days of the period, in the state the report was made of.</summary>
    public long Changes { get; set; }
}

/// <summary>How often pulls of a day were written, changed or deleted. Counted in the transactions that do it, so that whoever knows the sum over some days knows whether they are as before.</summary>
public sealed class DailyChanges : IVendorOwned
{
    public int VendorId { get; set; }

    /// <summary><see cref="DateOnly.DayNumber"/> of the UTC day.</summary>
    public int Day { get; set; }

    /// <summary>Transactions.</summary>
    public long Changes { get; set; }
}

internal sealed class StoredReportConfiguration : IEntityTypeConfiguration<StoredReport>
{
    public void Configure(EntityTypeBuilder<StoredReport> builder)
    {
        builder.ToTable("Reports");
        builder.HasKey(r => new { r.VendorId, r.Namespace, r.Timespan, r.Year, r.Number, r.View, r.Part });
        builder.Property(r => r.Namespace).HasMaxLength(Artifact.MaxName);
    }
}

internal sealed class DailyChangesConfiguration : IEntityTypeConfiguration<DailyChanges>
{
    public void Configure(EntityTypeBuilder<DailyChanges> builder)
    {
        builder.ToTable("DailyChanges");
        builder.HasKey(d => new { d.VendorId, d.Day });
    }
}
