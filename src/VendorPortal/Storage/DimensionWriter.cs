using System.Data.Common;
using System.Globalization;
using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;

namespace VendorPortal.Storage;

/// <summary>
/// Names to the small integer keys of a vendor's dimensions, made where they are new. Belongs to one writer and its transaction;
/// after a rollback <see cref="Forget"/> drops what may not have been stored.
/// </summary>
internal sealed class DimensionWriter : IDisposable
{
    private const int MaxRemembered = 250_000;

    private readonly Dictionary<(int Vendor, Dimension Dimension, int Parent, string Name), int> ids = new();
    private readonly NetworkLookup? networks;
    private readonly PreparedStatement[] finds;
    private readonly PreparedStatement[] adds;

    /// <param name="connection">The writer's connection.</param>
    /// <param name="networks">Tells the facts of new addresses; without it they are filled in later, in the background.</param>
    public DimensionWriter(DbConnection connection, NetworkLookup? networks = null)
    {
        this.networks = networks;
        PreparedStatement Statement(string sql, int parameters) => new(connection, sql, parameters);
        static string NextId(string table) => $"(SELECT COALESCE(MAX(\"Id\"), 0) + 1 FROM \"{table}\" WHERE \"VendorId\" = @p0)";
        finds =
        [
            Statement("SELECT \"Id\" FROM \"Artifacts\" WHERE \"VendorId\" = @p0 AND \"Name\" = @p1", 2),
            Statement("SELECT \"Id\" FROM \"Versions\" WHERE \"VendorId\" = @p0 AND \"ArtifactId\" = @p1 AND \"Name\" = @p2", 3),
            Statement("SELECT \"Id\" FROM \"Users\" WHERE \"VendorId\" = @p0 AND \"Principal\" = @p1", 2),
            Statement("SELECT \"Id\" FROM \"Addresses\" WHERE \"VendorId\" = @p0 AND \"Value\" = @p1", 2),
            Statement("SELECT \"Id\" FROM \"Clients\" WHERE \"VendorId\" = @p0 AND \"UserAgent\" = @p1", 2),
        ];
        adds =
        [
            Statement($"INSERT INTO \"Artifacts\" (\"VendorId\", \"Id\", \"Name\") VALUES (@p0, {NextId("Artifacts")}, @p1) RETURNING \"Id\"", 2),
            Statement($"INSERT INTO \"Versions\" (\"VendorId\", \"Id\", \"ArtifactId\", \"Name\") VALUES (@p0, {NextId("Versions")}, @p1, @p2) RETURNING \"Id\"", 3),
            Statement(
                "INSERT INTO \"Users\" (\"VendorId\", \"Id\", \"Principal\", \"CreatedUtc\", \"PastPending\") " +
                $"VALUES (@p0, {NextId("Users")}, @p1, @p2, 0) RETURNING \"Id\"", 3),
            Statement(
                "INSERT INTO \"Addresses\" (\"VendorId\", \"Id\", \"Value\", \"Country\", \"Organisation\", \"Host\", \"NetworkType\", \"NetworkStamp\") " +
                $"VALUES (@p0, {NextId("Addresses")}, @p1, @p2, @p3, @p4, @p5, @p6) RETURNING \"Id\"", 7),
            Statement(
                "INSERT INTO \"Clients\" (\"VendorId\", \"Id\", \"UserAgent\", \"Tool\", \"ToolVersion\") " +
                $"VALUES (@p0, {NextId("Clients")}, @p1, @p2, @p3) RETURNING \"Id\"", 4),
        ];
    }

    private enum Dimension
    {
        Artifact,
        Version,
        User,
        Address,
        Client,
    }

    public DbTransaction? Transaction
    {
        set
        {
            foreach (var statement in finds)
                statement.Transaction = value;
            foreach (var statement in adds)
                statement.Transaction = value;
        }
    }

    public int Artifact(int vendorId, string name) =>
        Known(vendorId, Dimension.Artifact, 0, name) ?? Resolve(vendorId, Dimension.Artifact, 0, name, [vendorId, name]);

    public int Version(int vendorId, int artifactId, string reference) =>
        Known(vendorId, Dimension.Version, artifactId, reference) ?? Resolve(vendorId, Dimension.Version, artifactId, reference, [vendorId, artifactId, reference]);

    public int? User(int vendorId, string? principal, DateTime firstSeenUtc) =>
        principal is null ? null : Known(vendorId, Dimension.User, 0, principal) ?? Resolve(vendorId, Dimension.User, 0, principal, [vendorId, principal], firstSeenUtc);

    public int? Address(int vendorId, byte[]? address)
    {
        if (address is null)
            return null;
        var name = Convert.ToHexString(address);
        if (Known(vendorId, Dimension.Address, 0, name) is { } known)
            return known;
        var data = networks?.Current;
        var facts = data?.Find(address) ?? NetworkFacts.Unknown;
        return Resolve(
            vendorId, Dimension.Address, 0, name, [vendorId, address],
            facts.Country, facts.Organisation, facts.Host, facts.NetworkType, data?.Stamp ?? 0);
    }

    public int? Client(int vendorId, string? userAgent)
    {
        if (userAgent is null)
            return null;
        if (Known(vendorId, Dimension.Client, 0, userAgent) is { } known)
            return known;
        var (tool, version) = ClientParser.Parse(userAgent);
        return Resolve(vendorId, Dimension.Client, 0, userAgent, [vendorId, userAgent], tool, version);
    }

    public void Forget() => ids.Clear();

    public void Dispose()
    {
        foreach (var statement in finds)
            statement.Dispose();
        foreach (var statement in adds)
            statement.Dispose();
    }

    private int? Known(int vendorId, Dimension dimension, int parent, string name) =>
        ids.TryGetValue((vendorId, dimension, parent, name), out var id) ? id : null;

    private int Resolve(int vendorId, Dimension dimension, int parent, string name, object[] key, params ReadOnlySpan<object?> more)
    {
        var found = finds[(int)dimension].Scalar(key) ?? adds[(int)dimension].Scalar([.. key, .. more]);
        var id = Convert.ToInt32(found, CultureInfo.InvariantCulture);
        if (ids.Count >= MaxRemembered)
            ids.Clear();
        ids[(vendorId, dimension, parent, name)] = id;
        return id;
    }
}
