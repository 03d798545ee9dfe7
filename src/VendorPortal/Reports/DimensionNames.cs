using System.Data.Common;
using System.Globalization;

namespace VendorPortal.Reports;

/// <summary>What ids of a dimension are called.</summary>
internal static class DimensionNames
{
    // More than this many are found faster by reading all names.
    private const int MaxLookUps = 1000;

    /// <summary>The names of <paramref name="ids"/> in a table of the dimensions that has <c>Id</c> and <c>Name</c>.</summary>
    public static Dictionary<int, string> Read(DbConnection connection, int vendorId, string table, IReadOnlyCollection<int> ids)
    {
        var names = new Dictionary<int, string>(ids.Count);
        if (ids.Count == 0)
            return names;
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT Id, Name FROM {table} WHERE VendorId = @vendor";
        if (ids.Count <= MaxLookUps)
            command.CommandText += string.Create(CultureInfo.InvariantCulture, $" AND Id IN ({string.Join(',', ids)})");
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            names[reader.GetInt32(0)] = reader.GetString(1);
        return names;
    }
}
