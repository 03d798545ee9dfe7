using System.Data.Common;
using System.Globalization;
using VendorPortal.Enrichment;
using VendorPortal.Segments;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports.Overview;

/// <summary>What a value of a breakdown is called, and what else its line tells. <paramref name="IsIdle"/> is false of those that are shown only with downloads.</summary>
internal readonly record struct ActivityName(string Name, string? Artifact = null, KnownKind? Kind = null, string? Person = null, bool IsIdle = true);

/// <summary>Looks up the names of a breakdown: one statement, whatever it has.</summary>
internal static class ActivityNames
{
    // More than this many are found faster by reading all names.
    private const int MaxLookUps = 1000;

    /// <summary>True where not every value can be a line, so that the log is read for those that can.</summary>
    public static bool Narrows(ActivityQuery query) => query.Search is not null || query.Kind is not null || query.Group is ActivityGroup.Tag or ActivityGroup.Digest;

    public static SegmentColumn ColumnOf(ActivityGroup group) => group switch
    {
        ActivityGroup.Artifact => SegmentColumn.Artifact,
        ActivityGroup.Customer => SegmentColumn.Customer,
        ActivityGroup.User => SegmentColumn.User,
        ActivityGroup.Address => SegmentColumn.Address,
        _ => SegmentColumn.Version,
    };

    /// <summary>The names that a query asks for by id; only of some ids where they are given.</summary>
    public static Dictionary<int, ActivityName> Read(DbConnection connection, int vendorId, ActivityQuery query, PullFilter filter, IReadOnlyCollection<int>? ids)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Statement(query.Group) + (ids is null || ids.Count > MaxLookUps ? "" : string.Create(CultureInfo.InvariantCulture, $" AND n.Id IN ({string.Join(',', ids)})"));
        command.Add("@vendor", vendorId);
        if (query.Kind is { } kind)
        {
            command.CommandText += $" AND {ArtifactKinds.KindOf("n")} = @kind";
            command.Add("@kind", (int)kind);
        }

        if (filter.Artifacts is [var artifact] && query.Group is ActivityGroup.Version or ActivityGroup.Tag or ActivityGroup.Digest)
        {
            command.CommandText += " AND a.Name = @artifact";
            command.Add("@artifact", artifact);
        }

        var search = string.IsNullOrWhiteSpace(query.Search) ? null : new NameSearch(query.Search.Trim());
        if (search is not null && Searched(query.Group) is { } searched)
        {
            command.CommandText += $" AND ({searched})";
            command.Add("@pattern", search.Pattern);
        }

        var names = new Dictionary<int, ActivityName>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var name = NameOf(reader, query.Group);
            if (search?.Matches(name.Name) != false || search.Matches(name.Person) || (name.Artifact is { } of && search.Matches($"{of}:{name.Name}")))
                names[reader.GetInt32(0)] = name;
        }

        return names;
    }

    private static string Statement(ActivityGroup group) => group switch
    {
        ActivityGroup.Artifact => $"SELECT n.Id, n.Name, {ArtifactKinds.KindOf("n")}, {ArtifactKinds.SourceOf("n")} FROM Artifacts n WHERE n.VendorId = @vendor",
        ActivityGroup.Customer => "SELECT n.Id, n.Name, n.RemovedUtc IS NULL FROM Customers n WHERE n.VendorId = @vendor",
        ActivityGroup.User => "SELECT n.Id, n.Principal, n.Name FROM Users n WHERE n.VendorId = @vendor",
        ActivityGroup.Address => "SELECT n.Id, n.Value FROM Addresses n WHERE n.VendorId = @vendor",
        ActivityGroup.Tag => $"{Versions} AND instr(n.Name, ':') = 0",
        ActivityGroup.Digest => $"{Versions} AND instr(n.Name, ':') > 0",
        _ => Versions,
    };

    private const string Versions = "SELECT n.Id, n.Name, a.Name FROM Versions n JOIN Artifacts a ON a.VendorId = n.VendorId AND a.Id = n.ArtifactId WHERE n.VendorId = @vendor";

    // Addresses are kept as bytes; their text is looked at here.
    private static string? Searched(ActivityGroup group) => group switch
    {
        ActivityGroup.Artifact or ActivityGroup.Customer => "lower(n.Name) LIKE @pattern ESCAPE '!'",
        ActivityGroup.User => "lower(n.Principal) LIKE @pattern ESCAPE '!' OR lower(n.Name) LIKE @pattern ESCAPE '!'",
        ActivityGroup.Address => null,
        _ => "lower(a.Name || ':' || n.Name) LIKE @pattern ESCAPE '!'",
    };

    private static ActivityName NameOf(DbDataReader reader, ActivityGroup group) => group switch
    {
        ActivityGroup.Artifact => new(reader.GetString(1), Kind: new KnownKind((ArtifactKind)reader.GetInt32(2), (KindSource)reader.GetInt32(3))),
        ActivityGroup.Customer => new(reader.GetString(1), IsIdle: reader.GetBoolean(2)),
        ActivityGroup.User => new(reader.GetString(1), Person: reader.IsDBNull(2) ? null : reader.GetString(2)),
        ActivityGroup.Address => new(IpAddressText.Format(reader.GetFieldValue<byte[]>(1))),
        _ => new(reader.GetString(1), reader.GetString(2)),
    };
}
