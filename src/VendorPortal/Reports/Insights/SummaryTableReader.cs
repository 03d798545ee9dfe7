namespace VendorPortal.Reports.Insights;

/// <summary>What a summary is ordered by.</summary>
public enum SummarySort
{
    Name,
    Addresses,
    ByTag,
    ByDigest,
    Checks,
}

/// <summary>Which lines of a summary are asked for: those whose name contains <paramref name="Search"/>, in an order, some of them.</summary>
public sealed record SummaryQuery(SummaryGroup Group, SummarySort Sort, bool Ascending, string? Search, int Skip, int Take);

/// <summary>
/// Some lines of a summary from its line <paramref name="First"/> on, which is 0 for the first one, how many it has, and the sums of all of them; addresses
/// do not add up and have none.
/// </summary>
public sealed record SummaryPage(IReadOnlyList<SummaryLine> Lines, int First, int Total, long ByTag, long ByDigest, long Checks);

/// <summary>The summary as a table: different addresses are counted once for each line over the whole range, whatever page is shown.</summary>
public sealed class SummaryTableReader(SummaryReader summaries)
{
    /// <summary>The lines of <paramref name="query"/> under a filter; the last page for one beyond the end. Lines that are equal in the order come by name.</summary>
    public async Task<SummaryPage> ReadAsync(int vendorId, PullFilter filter, SummaryQuery query, CancellationToken ct)
    {
        var lines = await summaries.ReadAsync(vendorId, filter, query.Group, SummaryPeriod.Month, ct);
        var found = string.IsNullOrWhiteSpace(query.Search) ? lines : [.. lines.Where(line => Matches(line, new NameSearch(query.Search.Trim())))];
        var ordered = query.Sort == SummarySort.Name
            ? query.Ascending ? found : found.Reverse()
            : query.Ascending ? found.OrderBy(line => Number(line, query.Sort)) : found.OrderByDescending(line => Number(line, query.Sort));
        var first = PageStart.Of(query.Skip, query.Take, found.Count);
        return new SummaryPage(
            [.. ordered.Skip(first).Take(query.Take)], first, found.Count, found.Sum(line => line.Whole.ByTag), found.Sum(line => line.Whole.ByDigest), found.Sum(line => line.Whole.Checks));
    }

    private static bool Matches(SummaryLine line, NameSearch search) =>
        search.Matches(line.Artifact ?? line.Namespace) || search.Matches(line.Version) || search.Matches($"{line.Artifact}:{line.Version}");

    private static long Number(SummaryLine line, SummarySort sort) => sort switch
    {
        SummarySort.Addresses => line.Whole.UniqueAddresses,
        SummarySort.ByTag => line.Whole.ByTag,
        SummarySort.ByDigest => line.Whole.ByDigest,
        _ => line.Whole.Checks,
    };
}
