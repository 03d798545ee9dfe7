namespace VendorPortal.Enrichment.Networks;

/// <summary>What is known of the network an address belongs to. Null is "unknown", never invented.</summary>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="Organisation">Who runs the network, as the data calls it.</param>
/// <param name="Host">The cloud it belongs to: <c>aws</c>, <c>gcp</c>, <c>azure</c>, …, lower case.</param>
/// <param name="NetworkType">One of <see cref="NetworkTypes"/>.</param>
public sealed record NetworkFacts(string? Country, string? Organisation, string? Host, string? NetworkType)
{
    public static readonly NetworkFacts Unknown = new(null, null, null, null);
}

/// <summary>What kind of network an address belongs to.</summary>
public static class NetworkTypes
{
    public const string Business = "business";
    public const string Isp = "isp";
    public const string Hosting = "hosting";
    public const string Education = "education";

    public static readonly IReadOnlyList<string> All = [Business, Isp, Hosting, Education];

    // Left: what databases write. Government, military and the like are neither of the four: unknown.
    internal static string? Of(string told) => told.ToLowerInvariant() switch
    {
        Business => Business,
        Isp or "residential" or "cellular" or "dialup" => Isp,
        Hosting or "content_delivery_network" => Hosting,
        Education or "college" or "school" => Education,
        _ => null,
    };
}

/// <summary>What one source says of one network, before sources are put together.</summary>
internal sealed record NetworkRecord
{
    public const int MaxOrganisation = 200;
    public const int MaxHost = 32;

    public static readonly NetworkRecord Nothing = new();

    public string? Country { get; init; }

    public string? Organisation { get; init; }

    public string? Domain { get; init; }

    public uint? Asn { get; init; }

    public string? Host { get; init; }

    public string? NetworkType { get; init; }
}

/// <summary>Something that knows networks: a table of ranges, or the tree of an MMDB file. Immutable, any number of threads.</summary>
internal interface INetworkSource
{
    /// <summary>Networks it tells of.</summary>
    int Networks { get; }

    /// <summary>
    /// The most specific network around an address (16 bytes as a number, IPv4 mapped). <paramref name="bits"/> is the length of its prefix
    /// of 128; a range that is no prefix counts as the shortest prefix that is as wide.
    /// </summary>
    bool TryFind(UInt128 address, out NetworkRecord record, out int bits);
}

/// <summary>A file of networks cannot be used; the message says what is wrong with it and where.</summary>
public sealed class NetworkFileException(string message) : Exception(message);
