using System.Buffers.Binary;
using System.Globalization;

namespace VendorPortal.Enrichment.Networks;

/// <summary>Addresses as numbers: the stored 16 bytes, IPv4 mapped into IPv6, so that a network is one range.</summary>
internal static class IpNumber
{
    private static readonly UInt128 FourBase = (UInt128)0xFFFF << 32;

    public static UInt128 Of(ReadOnlySpan<byte> stored) => BinaryPrimitives.ReadUInt128BigEndian(stored);

    public static bool IsFour(UInt128 address) => (address >> 32) == 0xFFFF;

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
