using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;

namespace VendorPortal.Tests.Testing;

/// <summary>Files of networks under <c>Data/geo</c>, and such as tests write themselves.</summary>
internal static class NetworkSamples
{
    /// <summary>As if nothing came with the portal.</summary>
    public static readonly BuiltInNetworks NothingBuiltIn = new(new BuiltInTable("", default, new RangeTable.Builder().Build()), new BuiltInTable("", default, new RangeTable.Builder().Build()), []);

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Data", "geo");

    public static byte[] Bytes(string path) => File.ReadAllBytes(Path.Combine(Folder, path));

    public static IEnumerable<string> Clouds => Directory.EnumerateFiles(Path.Combine(Folder, "cloud"), "*_merged.txt").Select(path => $"cloud/{Path.GetFileName(path)}").Order(StringComparer.Ordinal);

    /// <summary>The expected answers of a file.</summary>
    public static IEnumerable<JsonElement> Vectors(string key)
    {
        using var all = JsonDocument.Parse(Bytes("lookup_vectors.json"));
        return [.. all.RootElement.GetProperty(key).EnumerateArray().Select(vector => vector.Clone())];
    }

    public static UInt128 Address(string text) => IpNumber.Of(IpAddressText.Parse(text)!);

    public static NetworkFile OfSample(string path) => Of(Path.GetFileName(path), Bytes(path));

    public static NetworkFile Of(string name, string text) => Of(name, Encoding.UTF8.GetBytes(text));

    public static NetworkFile Of(string name, byte[] bytes) => new(name, SHA256.HashData(bytes), NetworkFileContent.Read(name, bytes));

    public static NetworkFacts Find(this NetworkData data, string address) => data.Find(IpAddressText.Parse(address)!);

    public static string? Text(this JsonElement vector, string name) =>
        vector.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
