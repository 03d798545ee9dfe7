using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;

namespace VendorPortal.Enrichment;

/// <summary>One address or a CIDR block as the range of stored 16-byte addresses it covers, ends included.</summary>
public sealed class IpRange
{
    private IpRange(byte[] first, byte[] last, string text)
    {
        First = first;
        Last = last;
        Text = text;
    }

    /// <summary>The lowest stored address of the range.</summary>
    public byte[] First { get; }

    /// <summary>The highest stored address of the range.</summary>
    public byte[] Last { get; }

    /// <summary>Canonical text: host bits cleared, IPv4-mapped folded, a range of one address written as the address.</summary>
    public string Text { get; }

    /// <summary>Reads <c>203.0.113.7</c>, <c>203.0.113.0/24</c>, <c>2001:db8::1</c> or <c>2001:db8::/32</c>; null where it is neither.</summary>
    public static IpRange? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? text : text[..slash];
        if (IpAddressText.ParseHost(host) is not { } address)
            return null;
        var isFour = address.AddressFamily == AddressFamily.InterNetwork;
        var bits = IpAddressText.Size * 8;
        if (slash >= 0)
        {
            if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits))
                return null;
            var writtenAsFour = !host.Contains(':', StringComparison.Ordinal);
            if (bits > (writtenAsFour ? 32 : 128))
                return null;
            if (writtenAsFour)
                bits += 96;
        }

        var value = BinaryPrimitives.ReadUInt128BigEndian(IpAddressText.ToBytes(address));
        var hostMask = bits == 0 ? UInt128.MaxValue : (UInt128.One << (128 - bits)) - 1;
        var first = ToBytes(value & ~hostMask);
        var last = ToBytes(value | hostMask);
        return new IpRange(first, last, Describe(first, bits, isFour && bits >= 96));
    }

    private static string Describe(byte[] first, int bits, bool isFour)
    {
        var address = IpAddressText.Format(first);
        return bits == 128 ? address : string.Create(CultureInfo.InvariantCulture, $"{address}/{(isFour ? bits - 96 : bits)}");
    }

    private static byte[] ToBytes(UInt128 value)
    {
        var bytes = new byte[IpAddressText.Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes;
    }
}
