using System.Text.Json;

namespace VendorPortal.Enrichment.Networks;

/// <summary>
/// The lists of prefixes that clouds publish as JSON: Amazon's <c>ip-ranges.json</c>, Google's <c>cloud.json</c>, Microsoft's service tags and Oracle's
/// <c>public_ip_ranges.json</c>, told apart by their members.
/// </summary>
internal static class CloudJson
{
    /// <exception cref="NetworkFileException">It is no JSON, of another form, or a prefix cannot be read.</exception>
    public static NetworkFileContent Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            var root = document.RootElement;
            var (host, prefixes) = Prefixes(root);
            var ranges = new RangeTable.Builder();
            foreach (var prefix in prefixes)
            {
                var (first, last) = IpNumber.ParseNetwork(prefix) ?? throw new NetworkFileException($"Its prefix '{(prefix.Length > 60 ? prefix[..60] : prefix)}' is no network such as 203.0.113.0/24.");
                ranges.Add(first, last, new NetworkRecord { Host = host });
            }

            return ranges.Count > 0
                ? new NetworkFileContent($"Prefixes of {host}") { Source = ranges.Build(), Host = host }
                : throw new NetworkFileException("It lists no prefixes.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter: text with half a surrogate pair
        {
            throw new NetworkFileException($"It is no JSON: {error.Message}");
        }
    }

    private static (string Host, IEnumerable<string> Prefixes) Prefixes(JsonElement root)
    {
        if (Has(root, "values"))
            return ("azure", Members(root, "values").SelectMany(tag => Texts(Member(tag, "properties"), "addressPrefixes")));
        if (Has(root, "regions"))
            return ("oracle", Members(root, "regions").SelectMany(region => Members(region, "cidrs")).Select(cidr => Text(cidr, "cidr")).OfType<string>());
        var all = Members(root, "prefixes").Concat(Members(root, "ipv6_prefixes")).ToList();
        if (all.Exists(prefix => Text(prefix, "ip_prefix") is not null || Text(prefix, "ipv6_prefix") is not null))
            return ("aws", all.Select(prefix => Text(prefix, "ip_prefix") ?? Text(prefix, "ipv6_prefix")).OfType<string>());
        if (all.Exists(prefix => Text(prefix, "ipv4Prefix") is not null || Text(prefix, "ipv6Prefix") is not null))
            return ("gcp", all.Select(prefix => Text(prefix, "ipv4Prefix") ?? Text(prefix, "ipv6Prefix")).OfType<string>());
        throw new NetworkFileException("It is none of the lists that are known: Amazon's ip-ranges.json, Google's cloud.json, Microsoft's service tags, Oracle's public_ip_ranges.json.");
    }

    private static bool Has(JsonElement element, string name) => Member(element, name).ValueKind == JsonValueKind.Array;

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    private static IEnumerable<JsonElement> Members(JsonElement element, string name) => Has(element, name) ? Member(element, name).EnumerateArray() : [];

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        Members(element, name).Select(member => member.ValueKind == JsonValueKind.String ? member.GetString() : null).OfType<string>();

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
