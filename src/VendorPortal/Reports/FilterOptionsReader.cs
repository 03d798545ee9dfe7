using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports;

/// <summary>Option lists with counts under the other filters.</summary>
public sealed class FilterOptionsReader(PortalDatabase database)
{
    /// <summary>What <see cref="PullFilter.None"/> is called where people read it.</summary>
    public const string UnknownLabel = "Unknown";

    private const int ShownDigits = 12;

    private static readonly FilterOptionList Nothing = new([], 0);

    /// <summary>
    /// The values of <paramref name="dimension"/> whose text contains <paramref name="search"/>, with the pulls they have under all
    /// other filters of <paramref name="filter"/>; most pulled first, versions newest first in semantic order, all kinds in their own order.
    /// Versions are listed only where exactly the filter's artifacts are given.
    /// </summary>
    public Task<FilterOptionList> ReadAsync(int vendorId, PullFilter filter, FilterDimension dimension, string? search, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        if (dimension == FilterDimension.Version && filter.Artifacts.Count == 0)
            return Task.FromResult(Nothing);
        return database.ReadLogAsync(
            vendorId,
            connection =>
            {
                var selection = PullSelector.Select(connection, vendorId, filter.Without(dimension));
                var options = selection.KeepsNothing ? [] : ReadOptions(connection, selection, dimension);
                return Choose(Order(options, dimension), search?.Trim(), limit);
            },
            ct);
    }

    private static List<FilterOption> ReadOptions(DbConnection connection, PullSelection selection, FilterDimension dimension)
    {
        var counts = new long[1][] { [] };
        SegmentColumn[] wanted = [ColumnOf(dimension)];
        LogScan.Each(connection, selection, (scan, segment) => scan.Options(segment, wanted, counts));
        var options = new Dictionary<string, FilterOption>(StringComparer.Ordinal);
        foreach (var option in Named(connection, selection.VendorId, dimension, counts[0]))
        {
            // The same tag of two artifacts is one value of the filter.
            options[option.Value] = options.TryGetValue(option.Value, out var same) ? same with { Count = same.Count + option.Count } : option;
        }

        return [.. options.Values];
    }

    private static SegmentColumn ColumnOf(FilterDimension dimension) => dimension switch
    {
        FilterDimension.Customer => SegmentColumn.Customer,
        FilterDimension.User => SegmentColumn.User,
        FilterDimension.Address => SegmentColumn.Address,
        FilterDimension.Artifact => SegmentColumn.Artifact,
        FilterDimension.Version => SegmentColumn.Version,
        _ => SegmentColumn.Kind,
    };

    // Counts are indexed by id + 1, the unknown first.
    private static IEnumerable<FilterOption> Named(DbConnection connection, int vendorId, FilterDimension dimension, long[] counts)
    {
        long Count(int id) => id + 1 < counts.Length ? counts[id + 1] : 0;
        if (dimension == FilterDimension.Kind)
        {
            foreach (var kind in Enum.GetValues<PullKind>().Where(kind => Count((int)kind) > 0))
                yield return new FilterOption(KindNames.Of(kind), KindLabel(kind), Count((int)kind));
            yield break;
        }

        if (Count(SegmentLimits.Unknown) > 0)
            yield return new FilterOption(PullFilter.None, UnknownLabel, Count(SegmentLimits.Unknown));
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id, " + dimension switch
        {
            FilterDimension.Customer => "Name, NULL FROM Customers",
            FilterDimension.User => "Principal, Name FROM Users",
            FilterDimension.Address => "Value, NULL FROM Addresses",
            FilterDimension.Artifact => "Name, NULL FROM Artifacts",
            _ => "Name, NULL FROM Versions",
        } + " WHERE VendorId = @vendor";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (Count(reader.GetInt32(0)) is not (> 0 and var count))
                continue;
            var value = dimension == FilterDimension.Address ? IpAddressText.Format(reader.GetFieldValue<byte[]>(1)) : reader.GetString(1);
            yield return new FilterOption(value, Label(value, reader.IsDBNull(2) ? null : reader.GetString(2), dimension), count);
        }
    }

    private static string Label(string value, string? name, FilterDimension dimension) => dimension switch
    {
        _ when value == PullFilter.None => UnknownLabel,
        FilterDimension.User when !string.IsNullOrEmpty(name) => $"{name} ({value})",
        FilterDimension.Version when PullRows.IsDigest(value) => ShortDigest(value),
        _ => value,
    };

    private static string ShortDigest(string digest)
    {
        var end = digest.IndexOf(':', StringComparison.Ordinal) + 1 + ShownDigits;
        return end < digest.Length ? digest[..end] + "…" : digest;
    }

    private static string KindLabel(PullKind kind) => kind switch
    {
        PullKind.PullByTag => "Pull by tag",
        PullKind.PullByDigest => "Pull by digest",
        PullKind.VersionCheck => "Version check",
        _ => "Denied",
    };

    private static IEnumerable<FilterOption> Order(List<FilterOption> options, FilterDimension dimension) => dimension switch
    {
        // A short and fixed list: what is not there is told by its zero.
        FilterDimension.Kind => Enum.GetValues<PullKind>()
            .Select(kind => options.Find(option => option.Value == KindNames.Of(kind)) ?? new FilterOption(KindNames.Of(kind), KindLabel(kind), 0)),
        FilterDimension.Version => options.OrderBy(option => option.Value, VersionOrder.NewestFirst),
        _ => options.OrderByDescending(option => option.Count)
            .ThenBy(option => option.Label, StringComparer.OrdinalIgnoreCase).ThenBy(option => option.Value, StringComparer.Ordinal),
    };

    private static FilterOptionList Choose(IEnumerable<FilterOption> options, string? search, int limit)
    {
        var found = string.IsNullOrEmpty(search) ? options.ToList() : options.Where(option => Contains(option.Label) || Contains(option.Value)).ToList();
        return new FilterOptionList(found.Count <= limit ? found : found.GetRange(0, limit), found.Count);

        bool Contains(string text) => text.Contains(search, StringComparison.OrdinalIgnoreCase);
    }
}
