using System.Data.Common;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>What a group of a summary is called; what it does not tell apart is null.</summary>
internal readonly record struct GroupName(string Namespace, string? Artifact, string? Version, string? Country = null)
{
    public SummaryLine Line(PullSums whole, IReadOnlyList<PeriodSums> periods) => new(Namespace, Artifact, Version, whole, periods) { Country = Country };
}

/// <summary>Which values of a column make one group of a summary: the artifacts of a namespace, the addresses of a country.</summary>
/// <param name="GroupOf">The group of each value + 1, the unknown first.</param>
/// <param name="Names">What the groups are called.</param>
internal sealed record SummaryFold(int[] GroupOf, Dictionary<int, GroupName> Names)
{
    public static SummaryFold OfNamespaces(DbConnection connection, int vendorId) =>
        Read(connection, vendorId, "SELECT Id, Name FROM Artifacts WHERE VendorId = @vendor", Artifact.NamespaceOf, name => new GroupName(name, null, null));

    public static SummaryFold OfCountries(DbConnection connection, int vendorId) =>
        Read(connection, vendorId, "SELECT Id, Country FROM Addresses WHERE VendorId = @vendor AND Country IS NOT NULL", country => country, country => new GroupName("", null, null, country));

    private static SummaryFold Read(DbConnection connection, int vendorId, string query, Func<string, string> keyOf, Func<string, GroupName> nameOf)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        var groups = new Dictionary<string, int>(StringComparer.Ordinal) { [""] = 0 };
        var groupOf = new int[1024];
        while (reader.Read())
        {
            var (place, key) = (reader.GetInt32(0) + 1, keyOf(reader.GetString(1)));
            if (!groups.TryGetValue(key, out var group))
                groups.Add(key, group = groups.Count);
            if (place >= groupOf.Length)
                Array.Resize(ref groupOf, Math.Max(place + 1, 2 * groupOf.Length));
            groupOf[place] = group;
        }

        return new SummaryFold(groupOf, groups.ToDictionary(g => g.Value, g => nameOf(g.Key)));
    }
}
