using System.Data.Common;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>What a group of a summary is called; what it does not tell apart is null.</summary>
internal readonly record struct GroupName(string Namespace, string? Artifact, string? Version)
{
    public SummaryLine Line(PullSums whole, IReadOnlyList<PeriodSums> periods) => new(Namespace, Artifact, Version, whole, periods);
}

/// <summary>A vendor's namespaces, numbered for the loops over the log.</summary>
internal sealed class ArtifactNamespaces
{
    private readonly List<string> names = [];

    private ArtifactNamespaces()
    {
    }

    /// <summary>For each artifact's id the place of its namespace.</summary>
    public int[] PlaceOf { get; private set; } = [];

    public static ArtifactNamespaces Read(DbConnection connection, int vendorId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id, Name FROM Artifacts WHERE VendorId = @vendor ORDER BY Id";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        var (read, places, placeOf) = (new ArtifactNamespaces(), new Dictionary<string, int>(StringComparer.Ordinal), Array.Empty<int>());
        while (reader.Read())
        {
            var (id, name) = (reader.GetInt32(0), Artifact.NamespaceOf(reader.GetString(1)));
            if (places.TryAdd(name, read.names.Count))
                read.names.Add(name);
            if (id >= placeOf.Length)
                Array.Resize(ref placeOf, Math.Max(id + 1, 2 * placeOf.Length));
            placeOf[id] = places[name];
        }

        read.PlaceOf = placeOf;
        return read;
    }

    public Dictionary<int, GroupName> NamesOf(IEnumerable<int> places) => places.ToDictionary(place => place, place => new GroupName(names[place], null, null));
}
