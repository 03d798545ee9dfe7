using System.Globalization;
using System.Text;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Storage;

namespace VendorPortal.Benchmarks.Distr;

/// <summary>The generated pulls in Distr's schema: one row a reference with its manifest, ids by which queries can name them.</summary>
internal static class DistrLog
{
    private const int ManifestBytes = 1600;

    /// <summary>Makes the schema and loads the same pulls as the portal's store holds.</summary>
    public static async Task LoadAsync(PostgresCluster cluster, BenchmarkStore store, CancellationToken ct)
    {
        await cluster.RunAsync(Script("schema"), ct);
        await cluster.RunAsync(
            async output =>
            {
                await using var writer = new StreamWriter(output, new UTF8Encoding(false), 1 << 20) { NewLine = "\n" };
                await writer.WriteLineAsync(Script("before-load"));
                var world = new World();
                WriteNames(writer, world);
                WritePulls(writer, world, store, ct);
            },
            ct);
        await cluster.RunAsync(Script("after-load"), ct);
    }

    public static string Script(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Distr", $"{name}.sql"));

    public static string Organization { get; } = Id(1, 1);

    public static string User(int id) => Id(2, id);

    public static string Customer(int id) => Id(3, id);

    public static string Artifact(int id) => Id(4, id);

    public static string Version(int id) => Id(5, id);

    public static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string Id(int kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind:x8}-0000-4000-8000-{number:x12}");

    private static void WriteNames(StreamWriter writer, World world)
    {
        Copy(writer, "organization (id, name, slug, features)", [$"{Organization}\tVendor\tvendor\t{{licensing}}"]);
        Copy(writer, "customerorganization (id, organization_id, name)", Ids(World.Customers).Select(id => $"{Customer(id)}\t{Organization}\t{World.Customer(id)}"));
        Copy(
            writer, "useraccount (id, email, email_verified_at, filler_1, filler_2, name)",
            Ids(World.Users).Select(id => $"{User(id)}\t{world.User(id)}\t{Time(Traffic.StartUtc)}\t{Bytes(32, id)}\t{Bytes(16, id)}\tUser {id}"));
        Copy(writer, "artifact (id, name, organization_id)", Ids(World.Artifacts).Select(id => $"{Artifact(id)}\t{World.Artifact(id)}\t{Organization}"));
        Copy(
            writer, "artifactversion (id, created_at, name, manifest_blob_digest, manifest_content_type, artifact_id, manifest_blob_size, manifest_data)",
            Ids(World.Versions).Select(id =>
            {
                var name = World.Version(id);
                var digest = World.IsDigest(id) ? name : World.Version(World.Digest(World.ArtifactOfVersion(id), 0));
                return $"{Version(id)}\t{Time(Traffic.StartUtc)}\t{name}\t{digest}\tapplication/vnd.oci.image.index.v1+json\t{Artifact(World.ArtifactOfVersion(id))}\t{ManifestBytes}\t{Bytes(ManifestBytes, id)}";
            }));
    }

    private static void WritePulls(StreamWriter writer, World world, BenchmarkStore store, CancellationToken ct)
    {
        var versions = Texts(World.Versions, Version);
        var users = Texts(World.Users, User);
        var customers = Texts(World.Customers, Customer);
        var addresses = Texts(World.Addresses, world.AddressText);
        Copy(
            writer, "artifactversionpull (created_at, artifact_version_id, useraccount_id, remote_address, customer_organization_id)",
            Traffic.Of(world, store.Facts.Pulls, store.Seed).Select(row =>
            {
                ct.ThrowIfCancellationRequested();
                return $"{Time(PullIds.TimeOf(row.Id))}\t{versions[row.Version]}\t{users[row.User]}\t{addresses[row.Address]}\t{customers[row.Customer]}";
            }));
    }

    private static void Copy(StreamWriter writer, string into, IEnumerable<string> rows)
    {
        writer.WriteLine($"COPY {into} FROM stdin;");
        foreach (var row in rows)
            writer.WriteLine(row);
        writer.WriteLine(@"\.");
    }

    private static IEnumerable<int> Ids(int count) => Enumerable.Range(1, count);

    // By id; what is unknown, 0, is NULL.
    private static string[] Texts(int count, Func<int, string> text) => [@"\N", .. Ids(count).Select(text)];

    private static string Bytes(int count, int seed)
    {
        var dice = new Dice((ulong)seed);
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)dice.NextBits();
        return @"\\x" + Convert.ToHexStringLower(bytes);
    }
}
