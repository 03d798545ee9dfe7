using System.Data.Common;

namespace VendorPortal.Reports;

/// <summary>Which values of a column make one group of a summary: the artifacts of a namespace, the addresses of a country.</summary>
/// <param name="GroupOfValue">The group of each value + 1, the unknown first.</param>
/// <param name="Names">What the groups are called; in the place of an artifact, as that is what a line is named by.</param>
internal sealed record SummaryFold(int[] GroupOfValue, Dictionary<int, (string Artifact, string? Version)> Names)
{
    /// <summary>Null where each value is a group of its own.</summary>
    public static SummaryFold? Of(DbConnection connection, int vendorId, SummaryGroup group) => group switch
    {
        SummaryGroup.Namespace => Read(connection, vendorId, "SELECT Id, Name FROM Artifacts WHERE VendorId = @vendor", ArtifactNames.NamespaceOf),
        SummaryGroup.Country => Read(connection, vendorId, "SELECT Id, Country FROM Addresses WHERE VendorId = @vendor AND Country IS NOT NULL", country => country),
        _ => null,
    };

    private static SummaryFold Read(DbConnection connection, int vendorId, string query, Func<string, string> nameOf)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        var groups = new Dictionary<string, int>(StringComparer.Ordinal) { [""] = 0 };
        var groupOfValue = new int[1024];
        while (reader.Read())
        {
            var (place, name) = (reader.GetInt32(0) + 1, nameOf(reader.GetString(1)));
            if (!groups.TryGetValue(name, out var group))
                groups.Add(name, group = groups.Count);
            if (place >= groupOfValue.Length)
                Array.Resize(ref groupOfValue, Math.Max(place + 1, 2 * groupOfValue.Length));
            groupOfValue[place] = group;
        }

        return new SummaryFold(groupOfValue, groups.ToDictionary(g => g.Value, g => (g.Key, (string?)null)));
    }
}
