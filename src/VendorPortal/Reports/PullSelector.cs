using System.Data.Common;
using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Storage;

namespace VendorPortal.Reports;

/// <summary>Looks up the names of a filter in the dimensions. What is unknown there keeps nothing.</summary>
internal static class PullSelector
{
    public static PullSelection Select(DbConnection connection, int vendorId, PullFilter filter)
    {
        var artifacts = ByName(connection, vendorId, "artifact", "SELECT Id FROM Artifacts WHERE VendorId = @vendor AND Name IN", filter.Artifacts, mayBeUnknown: false);
        return new PullSelection
        {
            VendorId = vendorId,
            FirstId = filter.FromUtc is { } from ? PullIds.Bound(from) : 0,
            EndId = filter.ToUtc is { } to ? PullIds.Bound(to) : long.MaxValue,
            Customers = ByName(connection, vendorId, "customer", "SELECT Id FROM Customers WHERE VendorId = @vendor AND Name IN", filter.Customers, mayBeUnknown: true),
            Users = ByName(connection, vendorId, "user", "SELECT Id FROM Users WHERE VendorId = @vendor AND Principal IN", filter.Users, mayBeUnknown: true),
            Addresses = ByRange(connection, vendorId, filter.Addresses),
            Artifacts = artifacts,
            Versions = ByName(connection, vendorId, "version", $"SELECT Id FROM Versions WHERE VendorId = @vendor{Within(artifacts)} AND Name IN", filter.Versions, mayBeUnknown: false),
            Kinds = filter.Kinds.Count == 0 ? null : filter.Kinds.Select(Kind).ToList(),
            Publishers = filter.Publishers,
        };
    }

    /// <summary>The filter without one of its dimensions: what the options of that dimension are counted under.</summary>
    public static PullFilter Without(this PullFilter filter, FilterDimension dimension) => dimension switch
    {
        FilterDimension.Customer => filter with { Customers = FilterValues.Empty },
        FilterDimension.User => filter with { Users = FilterValues.Empty },
        FilterDimension.Address => filter with { Addresses = FilterValues.Empty },
        FilterDimension.Artifact => filter with { Artifacts = FilterValues.Empty },
        FilterDimension.Version => filter with { Versions = FilterValues.Empty },
        _ => filter with { Kinds = FilterValues.Empty },
    };

    private static PullKind Kind(string name) =>
        KindNames.TryParse(name, out var kind) ? kind : throw new ArgumentException($"'{name}' is not the wire name of a kind.", nameof(name));

    private static IdSet? ByName(DbConnection connection, int vendorId, string prefix, string query, FilterValues names, bool mayBeUnknown)
    {
        if (names.Count == 0)
            return null;
        var parameters = names.Select((name, i) => KeyValuePair.Create(Parameter(prefix, i), (object)name)).ToList();
        var ids = ReadIds(connection, vendorId, $"{query} ({string.Join(',', parameters.Select(p => p.Key))})", parameters);
        return new IdSet(ids, mayBeUnknown && names.Contains(PullFilter.None));
    }

    // Each range is one walk along the index; together in one statement they would be a scan.
    private static IdSet? ByRange(DbConnection connection, int vendorId, FilterValues addresses)
    {
        if (addresses.Count == 0)
            return null;
        var ids = new SortedSet<int>();
        foreach (var text in addresses.Where(text => text != PullFilter.None))
        {
            var range = IpRange.Parse(text) ?? throw new ArgumentException($"'{text}' is neither an address nor a CIDR range.", nameof(addresses));
            ids.UnionWith(ReadIds(
                connection, vendorId, "SELECT Id FROM Addresses WHERE VendorId = @vendor AND Value BETWEEN @first AND @last",
                [KeyValuePair.Create("@first", (object)range.First), KeyValuePair.Create("@last", (object)range.Last)]));
        }

        return new IdSet([.. ids], addresses.Contains(PullFilter.None));
    }

    // A tag such as "latest" is a version of many artifacts; with the artifact known only its own are taken.
    private static string Within(IdSet? artifacts) =>
        artifacts is { Ids.Length: > 0 } ? $" AND ArtifactId IN ({string.Join(',', artifacts.Ids)})" : "";

    private static string Parameter(string prefix, int index) => string.Create(CultureInfo.InvariantCulture, $"@{prefix}{index}");

    private static int[] ReadIds(DbConnection connection, int vendorId, string query, List<KeyValuePair<string, object>> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        command.Add("@vendor", vendorId);
        foreach (var (name, value) in parameters)
            command.Add(name, value);
        using var reader = command.ExecuteReader();
        var ids = new List<int>();
        while (reader.Read())
            ids.Add(reader.GetInt32(0));
        return [.. ids.Distinct().Order()];
    }
}
