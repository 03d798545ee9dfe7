namespace VendorPortal.Reports;

/// <summary>Reads the log under a filter: pages, newer rows, counts, all rows. The vendor comes from the verified sign-in.</summary>
public sealed class PullReader
{
    /// <summary>The newest <paramref name="limit"/> pulls below <paramref name="before"/> (an id; null = from the top).</summary>
    public Task<PullPage> ReadPageAsync(int vendorId, PullFilter filter, long? before, int limit, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Pulls above <paramref name="after"/>, newest first, at most <paramref name="limit"/>.</summary>
    public Task<IReadOnlyList<PullItem>> ReadNewerAsync(int vendorId, PullFilter filter, long after, int limit, CancellationToken ct) => throw new NotImplementedException();

    public Task<PullCount> CountAsync(int vendorId, PullFilter filter, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Every pull the filter keeps, newest first, streamed.</summary>
    public IAsyncEnumerable<PullItem> ReadAllAsync(int vendorId, PullFilter filter, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>True once the vendor has any registry request: the first-run page goes away.</summary>
    public Task<bool> AnyRequestsAsync(int vendorId, CancellationToken ct) => throw new NotImplementedException();
}

/// <summary>Opens one pull down to its requests.</summary>
public sealed class PullDetailReader
{
    public Task<PullDetail?> ReadAsync(int vendorId, long id, CancellationToken ct) => throw new NotImplementedException();
}

/// <summary>Option lists with counts under the other filters.</summary>
public sealed class FilterOptionsReader
{
    /// <summary>
    /// The values of <paramref name="dimension"/> whose text contains <paramref name="search"/>, with the pulls they have under all
    /// other filters of <paramref name="filter"/>; most pulled first, versions newest first in semantic order.
    /// Versions are listed only where exactly the filter's artifacts are given.
    /// </summary>
    public Task<FilterOptionList> ReadAsync(int vendorId, PullFilter filter, FilterDimension dimension, string? search, int limit, CancellationToken ct) => throw new NotImplementedException();
}

/// <summary>Pulls over time by kind.</summary>
public sealed class TrendReader
{
    /// <summary>Day buckets in <paramref name="zone"/>'s days (hours where the range is at most two days), from the first to the last with data or the filter's range.</summary>
    public Task<PullTrend> ReadAsync(int vendorId, PullFilter filter, TimeZoneInfo zone, CancellationToken ct) => throw new NotImplementedException();
}
