using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VendorPortal.Enrichment;

/// <summary>
/// Client addresses between text and the 16 bytes they are stored as: IPv4 mapped into IPv6, so that bytes sort as addresses do
/// and a CIDR is one range.
/// </summary>
public static class IpAddressText
{
    /// <summary>Length of the stored form.</summary>
    public const int Size = 16;

    // "[v6 with zone]:port" is the longest form that can be meant seriously.
    private const int MaxText = 100;

    /// <summary>
    /// Reads what feeds report: <c>ip</c>, <c>ip:port</c>, <c>v6</c>, <c>[v6]</c> or <c>[v6]:port</c>, a zone index ignored. IPv4-mapped
    /// IPv6 becomes IPv4. Null where the text is no address: empty, a host name, <c>unix:</c>, shortened or octal IPv4.
    /// </summary>
    public static byte[]? Parse(string? text)
    {
        if (text is null || text.Length > MaxText)
            return null;
        var host = WithoutPort(text.AsSpan().Trim());
        return ParseHost(host) is { } address ? ToBytes(address) : null;
    }

    /// <summary>Canonical text of a stored address: dotted IPv4, or IPv6 as of RFC 5952.</summary>
    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public static string Format(ReadOnlySpan<byte> value)
    {
        if (value.Length != Size)
            throw new ArgumentException("An address is stored as 16 bytes.", nameof(value));
        var address = new IPAddress(value);
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    /// <summary>Reads a bare address without a port, as people and scripts write it; null where it is none.</summary>
    internal static IPAddress? ParseHost(ReadOnlySpan<char> host)
    {
        if (host.Contains(':'))
        {
            var zone = host.IndexOf('%');
            if (zone >= 0)
                host = host[..zone];
            if (!IPAddress.TryParse(host, out var six) || six.AddressFamily != AddressFamily.InterNetworkV6)
                return null;
            return six.IsIPv4MappedToIPv6 ? six.MapToIPv4() : six;
        }

        return IsDottedQuad(host) && IPAddress.TryParse(host, out var four) ? four : null;
    }

    internal static byte[] ToBytes(IPAddress address) => address.MapToIPv6().GetAddressBytes();

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("["))
        {
            var close = text.IndexOf(']');
            return close > 0 && IsPortOrNothing(text[(close + 1)..]) ? text[1..close] : default;
        }

        var colon = text.IndexOf(':');
        var single = colon >= 0 && colon == text.LastIndexOf(':');
        if (!single)
            return text;
        return IsPortOrNothing(text[colon..]) ? text[..colon] : default;
    }

    private static bool IsPortOrNothing(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] == ':' && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _));

    // The platform also reads "1", "127.1" and "0177.0.0.1"; in a log these are noise, not addresses.
    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0') || part.ContainsAnyExceptInRange('0', '9'))
                return false;
            parts++;
        }

        return parts == 4;
    }
}
