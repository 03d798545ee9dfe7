using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Segments;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>What a summary has a line for.</summary>
public enum SummaryGroup
{
    /// <summary>All artifacts of a namespace (<see cref="Storage.Entities.Artifact.NamespaceOf"/>) together: an address that pulled two of them counts once.</summary>
    Namespace,
    Artifact,

    /// <summary>Tags and digests as clients asked for them.</summary>
    Version,

    /// <summary>Countries of the addresses, ISO 3166-1 alpha-2; empty where unknown.</summary>
    Country,
}

/// <summary>What a summary is cut into, in UTC: weeks begin on Monday.</summary>
public enum SummaryPeriod
{
    Week,
    Month,
}

/// <summary>Pulls by kind, and the different addresses they came from, each counted once.</summary>
public sealed record PullSums(long ByTag, long ByDigest, long Checks, long Denied, long UniqueAddresses);

/// <summary>The part of a line that falls into the week or month beginning at <paramref name="Start"/>.</summary>
public sealed record PeriodSums(DateOnly Start, PullSums Sums);

/// <summary>
/// A namespace, an artifact of it, one of its versions, or a country; what a line does not tell apart is null. Over the whole range, and in each period with
/// pulls, oldest first.
/// </summary>
public sealed record SummaryLine(string Namespace, string? Artifact, string? Version, PullSums Whole, IReadOnlyList<PeriodSums> Periods)
{
    /// <summary>Only where lines are countries; empty for addresses of which none is known.</summary>
    public string? Country { get; init; }
}

/// <summary>Sums by namespace, artifact or version and week or month, with different addresses: what one pass over the log tells.</summary>
public sealed class SummaryReader(PortalDatabase database)
{
    private const int MaxRanges = 6;

    // More than this many are found faster by reading all names.
    private const int MaxLookUps = 1000;

    // Ids end in 2037, with the 47 bits of their times.
    private static readonly DateOnly End = new(2038, 1, 1);
    private static readonly DateOnly[] Weeks = [.. Starts(new DateOnly(2019, 12, 30), start => start.AddDays(7))];
    private static readonly DateOnly[] Months = [.. Starts(new DateOnly(2020, 1, 1), start => start.AddMonths(1))];

    /// <summary>A line for each namespace, artifact, version or country with pulls under <paramref name="filter"/>, in the order of their names.</summary>
    public Task<IReadOnlyList<SummaryLine>> ReadAsync(int vendorId, PullFilter filter, SummaryGroup group, SummaryPeriod period, CancellationToken ct) =>
        database.ReadLogAsync(vendorId, connection => Read(connection, vendorId, filter, group, period), ct);

    /// <summary>The same on a connection whose snapshot the caller chose.</summary>
    internal static IReadOnlyList<SummaryLine> Read(DbConnection connection, int vendorId, PullFilter filter, SummaryGroup group, SummaryPeriod period)
    {
        var selection = PullSelector.Select(connection, vendorId, filter);
        if (selection.KeepsNothing)
            return [];
        var starts = period == SummaryPeriod.Week ? Weeks : Months;
        var firstGrains = Array.ConvertAll(starts, start => Math.Max(0, PullIds.Bound(start.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)) / SegmentLimits.Grain));
        var ranges = Ranges(connection, selection, Array.ConvertAll(firstGrains, grain => grain * SegmentLimits.Grain));
        if (ranges.Count == 0)
            return [];
        var fold = FoldOf(connection, vendorId, group);
        GroupSummary[] parts = [.. ranges.Select(_ => new GroupSummary(ColumnOf(group), firstGrains, fold?.GroupOf))];
        try
        {
            LogScan.EachRange(connection, selection, ranges, parts, (part, scan, segment) => scan.Summarize(segment, part), part => part.Close());
            return Lines(starts, parts[0].Finish(parts[1..]), ids => fold?.Names ?? Names(connection, vendorId, group, ids));
        }
        finally
        {
            foreach (var part in parts)
                part.Dispose();
        }
    }

    private static SummaryFold? FoldOf(DbConnection connection, int vendorId, SummaryGroup group) => group switch
    {
        SummaryGroup.Namespace => SummaryFold.OfNamespaces(connection, vendorId),
        SummaryGroup.Country => SummaryFold.OfCountries(connection, vendorId),
        _ => null,
    };

    private static SegmentColumn ColumnOf(SummaryGroup group) => group switch
    {
        SummaryGroup.Version => SegmentColumn.Version,
        SummaryGroup.Country => SegmentColumn.Address,
        _ => SegmentColumn.Artifact,
    };

    // Whole periods that are summed up apart, the newest first.
    private static List<(long FirstId, long EndId)> Ranges(DbConnection connection, PullSelection selection, long[] firstIds)
    {
        var ranges = new List<(long, long)>();
        if (SegmentStore.Bounds(connection, selection.VendorId, selection.Filter.FirstId, selection.Filter.EndId) is not var (first, last))
            return ranges;
        var inside = Array.FindAll(firstIds, id => id > first && id <= last);
        var end = last + 1;
        for (var part = MaxRanges - 1; part > 0; part--)
        {
            var from = inside.Length * part / MaxRanges is var at and > 0 ? inside[at] : first;
            if (from <= first || from >= end)
                continue;
            ranges.Add((from, end));
            end = from;
        }

        ranges.Add((first, end));
        return ranges;
    }

    // The sums come newest first, the whole last.
    private static List<SummaryLine> Lines(DateOnly[] starts, IReadOnlyList<GroupSums> sums, Func<int[], Dictionary<int, GroupName>> read)
    {
        var lines = new Dictionary<int, (PullSums Whole, List<PeriodSums> Periods)>();
        foreach (var part in sums.Reverse())
        {
            var pulls = new PullSums(
                part.Pulls[(int)PullKind.PullByTag], part.Pulls[(int)PullKind.PullByDigest], part.Pulls[(int)PullKind.VersionCheck], part.Pulls[(int)PullKind.Denied], part.Addresses);
            if (part.Period is { } place)
                lines[part.Group].Periods.Add(new PeriodSums(starts[place], pulls));
            else
                lines.Add(part.Group, (pulls, []));
        }

        var names = read([.. lines.Keys]);
        return [.. lines
            .Select(line => names[line.Key].Line(line.Value.Whole, line.Value.Periods))
            .OrderBy(line => line.Country ?? line.Artifact ?? line.Namespace, StringComparer.Ordinal).ThenBy(line => line.Version, StringComparer.Ordinal)];
    }

    private static Dictionary<int, GroupName> Names(DbConnection connection, int vendorId, SummaryGroup group, int[] ids)
    {
        using var command = connection.CreateCommand();
        command.CommandText = group == SummaryGroup.Artifact
            ? "SELECT n.Id, n.Name, NULL FROM Artifacts n WHERE n.VendorId = @vendor"
            : "SELECT n.Id, a.Name, n.Name FROM Versions n JOIN Artifacts a ON a.VendorId = n.VendorId AND a.Id = n.ArtifactId WHERE n.VendorId = @vendor";
        if (ids.Length <= MaxLookUps)
            command.CommandText += $" AND n.Id IN ({string.Join(',', ids)})";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        var names = new Dictionary<int, GroupName>();
        while (reader.Read())
            names[reader.GetInt32(0)] = new GroupName(Artifact.NamespaceOf(reader.GetString(1)), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2));
        return names;
    }

    private static IEnumerable<DateOnly> Starts(DateOnly first, Func<DateOnly, DateOnly> next)
    {
        for (var start = first; start < End; start = next(start))
            yield return start;
    }
}
