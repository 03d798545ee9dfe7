using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Storage;

/// <summary>Sums up what a transaction adds to the log and takes from it, and writes it to the pulls of an artifact on a day.</summary>
internal sealed class DailyRollUp(DbConnection connection) : IDisposable
{
    private readonly PreparedStatement write = new(
        connection,
        "INSERT INTO \"DailyArtifactPulls\" (\"VendorId\", \"ArtifactId\", \"Day\", \"Tag\", \"Digest\", \"Checks\", \"Denied\", \"Labelled\") " +
        "VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7) ON CONFLICT (\"VendorId\", \"ArtifactId\", \"Day\") DO UPDATE SET " +
        "\"Tag\" = \"DailyArtifactPulls\".\"Tag\" + excluded.\"Tag\", \"Digest\" = \"DailyArtifactPulls\".\"Digest\" + excluded.\"Digest\", " +
        "\"Checks\" = \"DailyArtifactPulls\".\"Checks\" + excluded.\"Checks\", \"Denied\" = \"DailyArtifactPulls\".\"Denied\" + excluded.\"Denied\", " +
        "\"Labelled\" = \"DailyArtifactPulls\".\"Labelled\" + excluded.\"Labelled\"", 8);

    private readonly DayChanges changes = new(connection);
    private readonly Dictionary<(int Vendor, int Artifact, int Day), Delta> days = new();

    /// <summary>The transaction the sums belong to; call at its begin.</summary>
    public void Begin(DbTransaction transaction)
    {
        days.Clear();
        changes.Begin(transaction);
        write.Transaction = transaction;
    }

    /// <summary>Counts a row that comes (1) or goes (-1).</summary>
    public void Add(int vendorId, int artifactId, long pullId, PullKind kind, PullLabels labels, int by)
    {
        var key = (vendorId, artifactId, PullIds.DayOf(pullId));
        var delta = days.GetValueOrDefault(key);
        days[key] = labels != PullLabels.None ? delta with { Labelled = delta.Labelled + by } : kind switch
        {
            PullKind.PullByTag => delta with { Tag = delta.Tag + by },
            PullKind.PullByDigest => delta with { Digest = delta.Digest + by },
            PullKind.VersionCheck => delta with { Checks = delta.Checks + by },
            _ => delta with { Denied = delta.Denied + by },
        };
    }

    /// <summary>Writes the sums, before the commit.</summary>
    public void Write()
    {
        foreach (var ((vendorId, artifactId, day), delta) in days)
        {
            write.Execute(vendorId, artifactId, day, delta.Tag, delta.Digest, delta.Checks, delta.Denied, delta.Labelled);
            changes.Touch(vendorId, day);
        }

        changes.Write();
    }

    public void Dispose()
    {
        changes.Dispose();
        write.Dispose();
    }

    private readonly record struct Delta(int Tag, int Digest, int Checks, int Denied, int Labelled);
}
