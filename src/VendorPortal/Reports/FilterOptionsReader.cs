using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports;

/// <summary>Option lists with counts under the other filters.</summary>
public sealed class FilterOptionsReader(PortalDatabase database)
{
    /// <summary>What <see cref="PullFilter.None"/> is called where people read it.</summary>
    public const string UnknownLabel = "Unknown";

    private const int FewDigests = 5;

    private static readonly FilterOptionList Nothing = new([], 0);

    /// <summary>
    /// The values of <paramref name="dimension"/> whose text contains <paramref name="search"/>, with the pulls they have under all
    /// other filters of <paramref name="filter"/>; most pulled first, versions newest first in semantic order, all kinds in their own order.
    /// Versions are listed only where exactly the filter's artifacts are given.
    /// </summary>
    public async Task<FilterOptionList> ReadAsync(int vendorId, PullFilter filter, FilterDimension dimension, string? search, int limit, CancellationToken ct) =>
        (await ReadAsync(vendorId, filter, [dimension], search, limit, ct))[dimension];

    /// <summary>The lists of several dimensions, in one pass over the log.</summary>
    public Task<IReadOnlyDictionary<FilterDimension, FilterOptionList>> ReadAsync(
        int vendorId, PullFilter filter, IReadOnlyList<FilterDimension> dimensions, string? search, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return database.ReadLogAsync<IReadOnlyDictionary<FilterDimension, FilterOptionList>>(
            vendorId,
            connection =>
            {
                var counts = Count(connection, vendorId, filter, dimensions.Where(dimension => IsListed(filter, dimension)));
                return List(connection, vendorId, counts, dimensions, search, limit);
            },
            ct);
    }

    /// <summary>
    /// The list of one dimension, and besides the pulls of given values of the filter, whether or not they are in the list: of a CIDR range
    /// those of its addresses, of a name that does not exist none.
    /// </summary>
    public Task<FilterChoices> ReadChoicesAsync(
        int vendorId, PullFilter filter, FilterDimension dimension, FilterValues values, string? search, int limit, CancellationToken ct) =>
        database.ReadLogAsync(
            vendorId,
            connection =>
            {
                var counts = Count(connection, vendorId, filter, [dimension]);
                // All versions are put in order anyway, so that the digests after a cut are at hand.
                var all = IsListed(filter, dimension) ? List(connection, vendorId, counts, [dimension], search, dimension == FilterDimension.Version ? int.MaxValue : limit)[dimension] : Nothing;
                return new FilterChoices(
                    Cut(all, limit), values.ToDictionary(value => value, value => Sum(counts[dimension], PullSelector.Find(connection, vendorId, dimension, value))), DigestsBeyond(all, limit));
            },
            ct);

    private static Dictionary<FilterDimension, FilterOptionList> List(
        DbConnection connection, int vendorId, Dictionary<FilterDimension, long[]> counts, IReadOnlyList<FilterDimension> dimensions, string? search, int limit)
    {
        var facts = FactSums.Read(connection, vendorId, counts);
        var names = new OptionNames(connection, vendorId, search?.Trim());
        return dimensions.ToDictionary(
            dimension => dimension,
            dimension => facts.TryGetValue(dimension, out var sums) ? Cut(Sorted(names.Of(dimension, sums)), limit)
                : counts.TryGetValue(dimension, out var byId) ? Choose(names, dimension, byId, limit) : Nothing);
    }

    // Tags come first: where they fill the list, a few digests say that there are some.
    private static IReadOnlyList<FilterOption> DigestsBeyond(FilterOptionList all, int limit) =>
        [.. all.Options.Skip(limit).Where(option => PullRows.IsDigest(option.Value)).Take(Math.Max(0, FewDigests - all.Options.Take(limit).Count(option => PullRows.IsDigest(option.Value))))];

    // A version says little without its artifact.
    private static bool IsListed(PullFilter filter, FilterDimension dimension) => dimension != FilterDimension.Version || filter.Artifacts.Count > 0;

    private static long Sum(long[] counts, IdBits ids)
    {
        var sum = 0L;
        for (var place = 0; place < counts.Length; place++)
            sum += ids.Contains(place - 1) ? counts[place] : 0;
        return sum;
    }

    // For each dimension the pulls of each id + 1, the unknown first. Facts of addresses that are under the same filters share one count.
    private static Dictionary<FilterDimension, long[]> Count(DbConnection connection, int vendorId, PullFilter filter, IEnumerable<FilterDimension> dimensions)
    {
        var selection = PullSelector.Select(connection, vendorId, filter, eachAlone: true);
        var columnOf = dimensions.ToDictionary(dimension => dimension, dimension => new OptionColumn(PullSelector.ColumnOf(dimension), selection.Filtered.GetValueOrDefault(dimension)));
        OptionColumn[] columns = [.. columnOf.Values.Distinct()];
        var counts = ColumnCounts.Read(connection, selection, columns);
        return columnOf.ToDictionary(pair => pair.Key, pair => counts[Array.IndexOf(columns, pair.Value)]);
    }

    private static FilterOptionList Choose(OptionNames names, FilterDimension dimension, long[] counts, int limit)
    {
        if (dimension == FilterDimension.Kind)
            return Cut(Kinds(counts).Where(names.Matches).ToList(), limit);
        if (dimension == FilterDimension.Version)
            return Cut(Versions(names, counts), limit);
        var found = new List<int>();
        for (var place = 0; place < counts.Length; place++)
        {
            if (counts[place] > 0)
                found.Add(place - 1);
        }

        // Names are looked up only of what may be shown, unless the names decide.
        var candidates = names.IsSearching ? found : Largest(found, counts, limit);
        var options = Sorted(names.Read(dimension, candidates, counts));
        return names.IsSearching ? Cut(options, limit) : Cut(options, limit) with { Total = found.Count };
    }

    private static FilterOptionList Cut(FilterOptionList list, int limit) => list.Options.Count <= limit ? list : list with { Options = [.. list.Options.Take(limit)] };

    private static FilterOptionList Cut(List<FilterOption> options, int limit) =>
        new(options.Count <= limit ? options : options.GetRange(0, limit), options.Count);

    // The ids with the most pulls, with all that have as many as the last of them.
    private static List<int> Largest(List<int> ids, long[] counts, int limit)
    {
        if (ids.Count <= limit || limit == 0)
            return limit == 0 ? [] : ids;
        var largest = new PriorityQueue<int, long>();
        foreach (var id in ids)
        {
            if (largest.Count < limit)
                largest.Enqueue(id, counts[id + 1]);
            else
                largest.EnqueueDequeue(id, counts[id + 1]);
        }

        var least = counts[largest.Peek() + 1];
        return ids.FindAll(id => counts[id + 1] >= least);
    }

    private static List<FilterOption> Sorted(List<FilterOption> options)
    {
        options.Sort((a, b) =>
        {
            var order = b.Count.CompareTo(a.Count);
            order = order != 0 ? order : StringComparer.OrdinalIgnoreCase.Compare(a.Label, b.Label);
            return order != 0 ? order : string.CompareOrdinal(a.Value, b.Value);
        });
        return options;
    }

    // The same tag of two artifacts is one value of the filter.
    private static List<FilterOption> Versions(OptionNames names, long[] counts)
    {
        var ids = Enumerable.Range(0, Math.Max(0, counts.Length - 1)).Where(id => counts[id + 1] > 0).ToList();
        var merged = new Dictionary<string, FilterOption>(StringComparer.Ordinal);
        foreach (var option in names.Read(FilterDimension.Version, ids, counts))
            merged[option.Value] = merged.TryGetValue(option.Value, out var same) ? same with { Count = same.Count + option.Count } : option;
        return [.. merged.Values.OrderBy(option => option.Value, VersionOrder.NewestFirst)];
    }

    // A short and fixed list: what is not there is told by its zero.
    private static IEnumerable<FilterOption> Kinds(long[] counts)
    {
        foreach (var kind in Enum.GetValues<PullKind>())
            yield return new FilterOption(KindNames.Of(kind), KindLabel(kind), (int)kind + 1 < counts.Length ? counts[(int)kind + 1] : 0);
    }

    private static string KindLabel(PullKind kind) => kind switch
    {
        PullKind.PullByTag => "Pull by tag",
        PullKind.PullByDigest => "Pull by digest",
        PullKind.VersionCheck => "Version check",
        _ => "Denied",
    };
}
