using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Storage;
using VendorPortal.Storage.Sqlite;

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
        return database.ReadAsync(
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
        var (column, names, text) = dimension switch
        {
            FilterDimension.Customer => ("CustomerId", "Customers", "d.Name, NULL"),
            FilterDimension.User => ("UserId", "Users", "d.Principal, d.Name"),
            FilterDimension.Address => ("AddressId", "Addresses", "d.Value, NULL"),
            FilterDimension.Artifact => ("ArtifactId", "Artifacts", "d.Name, NULL"),
            FilterDimension.Version => ("VersionId", "Versions", "d.Name, NULL"),
            _ => ("Kind", null, "NULL, NULL"),
        };
        var join = names is null ? "" : $"LEFT JOIN {names} d ON d.VendorId = @vendor AND d.Id = g.Id";
        using var command = PullSql.Command(connection, selection, where =>
            $"SELECT g.Id, g.Pulls, {text} FROM (SELECT p.{column} AS Id, count(*) AS Pulls FROM Pulls p WHERE {where} GROUP BY p.{column}) g {join}");
        using var reader = command.ExecuteReader();
        var options = new Dictionary<string, FilterOption>(StringComparer.Ordinal);
        while (reader.Read())
        {
            var option = Read(reader, dimension);
            // The same tag of two artifacts is one value of the filter.
            options[option.Value] = options.TryGetValue(option.Value, out var same) ? same with { Count = same.Count + option.Count } : option;
        }

        return [.. options.Values];
    }

    private static FilterOption Read(DbDataReader reader, FilterDimension dimension)
    {
        var count = reader.GetInt64(1);
        if (dimension == FilterDimension.Kind)
        {
            var kind = (PullKind)reader.GetInt32(0);
            return new FilterOption(KindNames.Of(kind), KindLabel(kind), count);
        }

        if (reader.IsDBNull(2))
            return new FilterOption(PullFilter.None, UnknownLabel, count);
        var value = dimension == FilterDimension.Address ? IpAddressText.Format(reader.GetFieldValue<byte[]>(2)) : reader.GetString(2);
        return new FilterOption(value, Label(value, reader.IsDBNull(3) ? null : reader.GetString(3), dimension), count);
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
