using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;

namespace VendorPortal.Reports;

/// <summary>Counts of clients and addresses, summed by what is known of them: one pass over each of the two tables, none over the log.</summary>
internal static class FactSums
{
    // More than this many are found faster by reading all.
    private const int MaxLookUps = 1000;

    private static readonly FilterDimension[] OfClients = [FilterDimension.Client];
    private static readonly FilterDimension[] OfAddresses = [FilterDimension.Country, FilterDimension.Host, FilterDimension.NetworkType];

    /// <summary>
    /// For each dimension of <paramref name="counts"/> that is such a fact, the pulls of each of its values. Counts are of the ids + 1 of
    /// clients and addresses, the unknown first; what is unknown of a known one is <see cref="PullFilter.None"/> as well.
    /// </summary>
    public static Dictionary<FilterDimension, Dictionary<string, long>> Read(DbConnection connection, int vendorId, IReadOnlyDictionary<FilterDimension, long[]> counts)
    {
        var sums = new Dictionary<FilterDimension, Dictionary<string, long>>();
        foreach (var facts in new[] { OfClients, OfAddresses })
        {
            var wanted = facts.Where(counts.ContainsKey).ToArray();
            if (wanted.Length > 0)
                Add(connection, vendorId, wanted, counts, sums);
        }

        return sums;
    }

    private static void Add(
        DbConnection connection, int vendorId, FilterDimension[] wanted, IReadOnlyDictionary<FilterDimension, long[]> counts, Dictionary<FilterDimension, Dictionary<string, long>> into)
    {
        var byId = Array.ConvertAll(wanted, dimension => counts[dimension]);
        var sums = Array.ConvertAll(wanted, dimension => into[dimension] = new Dictionary<string, long>(StringComparer.Ordinal));
        for (var i = 0; i < wanted.Length; i++)
            Add(sums[i], PullFilter.None, byId[i].Length > 0 ? byId[i][0] : 0);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT Id, {string.Join(", ", wanted.Select(dimension => PullSelector.FactOf(dimension).Column))} FROM {PullSelector.FactOf(wanted[0]).Table} WHERE VendorId = @vendor{Among(byId)}";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var place = reader.GetInt32(0) + 1;
            for (var i = 0; i < wanted.Length; i++)
            {
                if (place < byId[i].Length && byId[i][place] > 0)
                    Add(sums[i], reader.IsDBNull(i + 1) ? PullFilter.None : reader.GetString(i + 1), byId[i][place]);
            }
        }
    }

    private static void Add(Dictionary<string, long> sums, string value, long pulls)
    {
        if (pulls > 0)
            CollectionsMarshal.GetValueRefOrAddDefault(sums, value, out _) += pulls;
    }

    private static string Among(long[][] byId)
    {
        var ids = new HashSet<int>();
        foreach (var pulls in byId.Distinct())
        {
            for (var place = 1; place < pulls.Length; place++)
            {
                if (pulls[place] > 0 && ids.Add(place - 1) && ids.Count > MaxLookUps)
                    return "";
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $" AND Id IN ({string.Join(',', ids)})");
    }
}
