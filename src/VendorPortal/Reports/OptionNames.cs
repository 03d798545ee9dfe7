using System.Data.Common;
using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Segments;

namespace VendorPortal.Reports;

/// <summary>Makes options of ids: their names from the dimensions, of which a search keeps those that contain its text.</summary>
internal sealed class OptionNames(DbConnection connection, int vendorId, string? search)
{
    // More than this many are found faster by reading all names.
    private const int MaxLookUps = 1000;
    private const int ShownDigits = 12;

    private readonly NameSearch? search = string.IsNullOrEmpty(search) ? null : new NameSearch(search);

    public bool IsSearching => search is not null;

    public bool Matches(FilterOption option) => search is null || search.Matches(option.Label) || search.Matches(option.Value);

    /// <summary>The options of ascending <paramref name="ids"/>, in no order; counts are indexed by id + 1.</summary>
    public List<FilterOption> Read(FilterDimension dimension, List<int> ids, long[] counts)
    {
        var options = new List<FilterOption>(ids.Count);
        if (ids.Count > 0 && ids[0] == SegmentLimits.Unknown)
            Add(options, new FilterOption(PullFilter.None, FilterOptionsReader.UnknownLabel, counts[0]));
        var known = ids.FindAll(id => id != SegmentLimits.Unknown);
        if (known.Count == 0)
            return options;
        using var command = connection.CreateCommand();
        command.CommandText = Query(dimension) + (known.Count <= MaxLookUps ? $" AND Id IN ({string.Join(',', known)})" : "");
        command.Add("@vendor", vendorId);
        var wanted = IdBits.Of([.. known]);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var id = reader.GetInt32(0);
            if (wanted.Contains(id))
                Add(options, Option(reader, dimension, counts[id + 1]));
        }

        return options;
    }

    /// <summary>The options of values that need no looking up, in no order.</summary>
    public List<FilterOption> Of(FilterDimension dimension, IReadOnlyDictionary<string, long> counts)
    {
        var options = new List<FilterOption>(counts.Count);
        foreach (var (value, count) in counts)
            Add(options, new FilterOption(value, Label(dimension, value), count));
        return options;
    }

    /// <summary>A value as people read it, where that needs no looking up.</summary>
    public static string Label(FilterDimension dimension, string value) => (dimension, value) switch
    {
        (_, PullFilter.None) => FilterOptionsReader.UnknownLabel,
        (FilterDimension.Country, _) => Countries.Name(value),
        (FilterDimension.NetworkType, NetworkTypes.Isp) => "ISP",
        (FilterDimension.NetworkType, _) => char.ToUpperInvariant(value[0]) + value[1..],
        _ => value,
    };

    private void Add(List<FilterOption> options, FilterOption option)
    {
        if (Matches(option))
            options.Add(option);
    }

    private static string Query(FilterDimension dimension) => dimension switch
    {
        FilterDimension.Customer => "SELECT Id, Name, NULL FROM Customers WHERE VendorId = @vendor",
        FilterDimension.User => "SELECT Id, Principal, Name FROM Users WHERE VendorId = @vendor",
        FilterDimension.Address => "SELECT Id, Value, NULL FROM Addresses WHERE VendorId = @vendor",
        FilterDimension.Artifact => "SELECT Id, Name, NULL FROM Artifacts WHERE VendorId = @vendor",
        _ => "SELECT Id, Name, NULL FROM Versions WHERE VendorId = @vendor",
    };

    private static FilterOption Option(DbDataReader reader, FilterDimension dimension, long count)
    {
        if (dimension == FilterDimension.Address)
        {
            var address = IpAddressText.Format(reader.GetFieldValue<byte[]>(1));
            return new FilterOption(address, address, count);
        }

        var value = reader.GetString(1);
        var label = dimension switch
        {
            FilterDimension.User when !reader.IsDBNull(2) && reader.GetString(2) is { Length: > 0 } name => $"{name} ({value})",
            FilterDimension.Version when PullRows.IsDigest(value) => ShortDigest(value),
            _ => value,
        };
        return new FilterOption(value, label, count);
    }

    private static string ShortDigest(string digest)
    {
        var end = digest.IndexOf(':', StringComparison.Ordinal) + 1 + ShownDigits;
        return end < digest.Length ? digest[..end] + "…" : digest;
    }
}
