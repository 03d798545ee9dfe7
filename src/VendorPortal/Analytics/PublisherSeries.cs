using VendorPortal.Reports;

namespace VendorPortal.Analytics;

/// <summary>What a series has a line for in each period.</summary>
public enum SeriesGroup
{
    Repo,
    Namespace,
    Country,
}

/// <summary>Which series: its periods, how many months back, and its lines.</summary>
public sealed record SeriesQuery(ReportTimespan Timespan, int Months, SeriesGroup Group);

/// <summary>Downloads in a period, and the different addresses they came from. What a line is not of is empty.</summary>
public sealed record SeriesPoint(ReportPeriod Period, string Namespace, string Repository, string Country, long Pulls, long Addresses);

/// <summary>
/// Downloads of a namespace or repository by complete week or month: pulls by tag and by digest, without version checks. Different addresses are counted for each line by
/// itself, and never add up.
/// </summary>
public sealed class PublisherSeries(SummaryReader summaries, ReportCalendar calendar, TimeProvider time)
{
    /// <summary>The periods with downloads of these artifacts of a namespace, oldest first; weeks from the first that begins within the months on, months as many as are given.</summary>
    public async Task<IReadOnlyList<SeriesPoint>> ReadAsync(int vendorId, string ns, IReadOnlyList<string> artifacts, SeriesQuery query, CancellationToken ct)
    {
        var first = FirstDay(query);
        var complete = (await calendar.PeriodsAsync(vendorId, ns, query.Timespan, ct)).Where(p => p.IsComplete && p.Period.FirstDay >= first).Select(p => p.Period).ToDictionary(p => p.FirstDay);
        if (complete.Count == 0 || artifacts.Count == 0)
            return [];
        var filter = new PullFilter
        {
            FromUtc = complete.Values.Min(p => p.FromUtc),
            ToUtc = complete.Values.Max(p => p.ToUtc),
            Artifacts = FilterValues.From(artifacts),
            Kinds = [KindNames.PullByTag, KindNames.PullByDigest],
        };
        var lines = await summaries.ReadAsync(vendorId, filter, GroupOf(query.Group), query.Timespan == ReportTimespan.Weeks ? SummaryPeriod.Week : SummaryPeriod.Month, ct);
        return
        [
            .. from line in lines
               from part in line.Periods
               where complete.ContainsKey(part.Start)
               orderby part.Start
               select new SeriesPoint(
                   complete[part.Start], ns, query.Group == SeriesGroup.Repo ? ArtifactNames.RepositoryOf(line.Artifact!) : "", line.Country ?? "",
                   part.Sums.ByTag + part.Sums.ByDigest, part.Sums.UniqueAddresses),
        ];
    }

    private DateOnly FirstDay(SeriesQuery query)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return (query.Timespan == ReportTimespan.Months ? today.AddDays(1 - today.Day) : today).AddMonths(-query.Months);
    }

    private static SummaryGroup GroupOf(SeriesGroup group) => group switch
    {
        SeriesGroup.Namespace => SummaryGroup.Namespace,
        SeriesGroup.Country => SummaryGroup.Country,
        _ => SummaryGroup.Artifact,
    };
}
