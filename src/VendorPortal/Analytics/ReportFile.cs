namespace VendorPortal.Analytics;

/// <summary>How a report stands.</summary>
public enum ReportState
{
    /// <summary>Its period goes on, or what is received of it is not all counted: told as it is now, and not kept.</summary>
    Incomplete = 1,

    /// <summary>Its period is over; it is produced when it is asked for first.</summary>
    Waiting,

    /// <summary>Produced once, and kept.</summary>
    Complete,

    /// <summary>Pulls of its period have changed since it was produced: it is produced again once they have come to rest for a minute.</summary>
    Outdated,

    /// <summary>Produced again, as pulls of its period had changed and it came out differently.</summary>
    Reproduced,
}

/// <summary>A part of a report: a whole CSV file with a header. <paramref name="Path"/> is the address of this revision of it for who is signed in.</summary>
public sealed record ReportPart(int Number, long Rows, long Bytes, string Sha256, string FileName, string Path);

/// <summary>A report as it is listed.</summary>
/// <param name="View">What it tells.</param>
/// <param name="State">How it stands.</param>
/// <param name="Revision">1 for what was produced first; 0 where nothing is kept.</param>
/// <param name="ProducedUtc">When what is kept was produced.</param>
/// <param name="Ruleset">The ruleset that the portal classified by then; 0 where nothing is kept.</param>
/// <param name="Path">The address of its first part for who is signed in, also where nothing is kept yet.</param>
/// <param name="Parts">What is kept; large reports have several parts.</param>
public sealed record ReportFile(ReportView View, ReportState State, int Revision, DateTime? ProducedUtc, int Ruleset, string Path, IReadOnlyList<ReportPart> Parts)
{
    public long Rows => Parts.Sum(part => part.Rows);

    public long Bytes => Parts.Sum(part => part.Bytes);
}

/// <summary>The reports of a week or month, one for each view.</summary>
public sealed record ReportPeriodFiles(ReportPeriod Period, bool IsComplete, IReadOnlyList<ReportFile> Files);
