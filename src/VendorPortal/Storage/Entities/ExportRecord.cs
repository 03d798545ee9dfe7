using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VendorPortal.Storage.Entities;

/// <summary>How an export ended.</summary>
public enum ExportResult
{
    /// <summary>It has not ended; where the portal ended first, it never will.</summary>
    Running = 0,

    Complete = 1,

    /// <summary>Its reader went away.</summary>
    Cancelled = 2,

    Failed = 3,
}

/// <summary>That somebody took a file of pulls or people along: who, which, how much of it. Written before the first row leaves.</summary>
public sealed class ExportRecord : IVendorOwned
{
    public const int MaxWho = 256;
    public const int MaxQuery = 16_384;

    /// <summary><see cref="Format"/> of the people who use the product; <see cref="Query"/> is then one of the page Usage.</summary>
    public const string UsersFormat = "users.csv";

    public int VendorId { get; set; }

    /// <summary>Grows with every export of the vendor.</summary>
    public int Id { get; set; }

    /// <summary>The member who signed in, or for whom the token was made.</summary>
    public int? MemberId { get; set; }

    /// <summary>The API token, where one was presented.</summary>
    public int? TokenId { get; set; }

    /// <summary>The member's or token's name at the time, or <c>command line</c>.</summary>
    public required string Who { get; set; }

    public DateTime StartedUtc { get; set; }

    public DateTime? EndedUtc { get; set; }

    /// <summary>The filter as the query of an address.</summary>
    public required string Query { get; set; }

    /// <summary><c>csv</c>, <c>ndjson</c> or <c>json</c>, with <c>.gz</c> where packed and <c>breakdown.</c> before it where days are told instead of pulls.</summary>
    public required string Format { get; set; }

    public long Rows { get; set; }

    /// <summary>Bytes that were sent, packed where they were.</summary>
    public long Bytes { get; set; }

    public ExportResult Result { get; set; }
}

internal sealed class ExportRecordConfiguration : IEntityTypeConfiguration<ExportRecord>
{
    public void Configure(EntityTypeBuilder<ExportRecord> builder)
    {
        builder.ToTable("Exports");
        builder.HasKey(e => new { e.VendorId, e.Id });
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Who).HasMaxLength(ExportRecord.MaxWho);
        builder.Property(e => e.Query).HasMaxLength(ExportRecord.MaxQuery);
        builder.Property(e => e.Format).HasMaxLength(20);
    }
}
