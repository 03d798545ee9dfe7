using System.Buffers.Binary;
using System.Globalization;

namespace VendorPortal.Enrichment.Networks;

/// <summary>Addresses as numbers: the stored 16 bytes, IPv4 mapped into IPv6, so that a network is one range.</summary>
internal static class IpNumber
{
    private static readonly UInt128 FourBase = (UInt128)0xFFFF << 32;

    // What the registries of IANA set aside: private, local, for documentation, multicast. Of IPv6 only 2000::/3 is given out.
    private static readonly (UInt128 First, UInt128 Last)[] SetAside =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "2001:db8::/32", "3fff::/20",
        ]).Select(network => ParseNetwork(network)!.Value),
    ];

    public static UInt128 Of(ReadOnlySpan<byte> stored) => BinaryPrimitives.ReadUInt128BigEndian(stored);

    public static bool IsFour(UInt128 address) => (address >> 32) == 0xFFFF;

    /// <summary>False for addresses that belong to nobody in particular; lists of clouds name some of them all the same.</summary>
    public static bool IsPublic(UInt128 address) =>
        (IsFour(address) || (address >> 125) == 1) && !Array.Exists(SetAside, network => network.First <= address && address <= network.Last);

    /// <summary>An address as text, or as the plain number of an IPv4 (below 2^32) or IPv6 address; null where it is neither.</summary>
    public static UInt128? Parse(string text)
    {
        if (IpAddressText.ParseHost(text) is { } address)
            return Of(IpAddressText.ToBytes(address));
        if (!UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        return number <= uint.MaxValue ? FourBase | number : number;
    }

    /// <summary>An address or a network such as <c>10.0.0.0/8</c>; null where it is neither.</summary>
    public static (UInt128 First, UInt128 Last)? ParseNetwork(string text) =>
        IpRange.Parse(text) is { } range ? (Of(range.First), Of(range.Last)) : null;
}
