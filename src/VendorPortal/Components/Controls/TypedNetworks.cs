using System.Globalization;
using VendorPortal.Enrichment;

namespace VendorPortal.Components.Controls;

/// <summary>The networks that are offered while an address is typed: those usual around it, the smallest first.</summary>
public static class TypedNetworks
{
    /// <summary>
    /// Of <c>203.0.113.7</c> and of <c>203.0.113.</c> the /24 and the /16, of <c>203.</c> the /8; of an IPv6 address the /64 and the /48. Of a
    /// network that is being typed, those it may become. Canonical text; empty where no address is being typed.
    /// </summary>
    public static IReadOnlyList<string> Of(string typed)
    {
        var slash = typed.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? typed : typed[..slash];
        if (slash >= 0 && IpRange.Parse(host) is null)
            return [];
        var networks = host.Contains(':', StringComparison.Ordinal) ? Six(host, isWhole: slash >= 0) : Four(host);
        var texts = networks.Select(network => IpRange.Parse(network)?.Text).OfType<string>();
        return [.. slash < 0 ? texts : texts.Where(text => text != typed && text.StartsWith(typed, StringComparison.Ordinal))];
    }

    // A part that is typed with the dot behind it, or is the last of four, is whole.
    private static IEnumerable<string> Four(string host)
    {
        var parts = host.Split('.');
        if (parts.Length is < 2 or > 4 || !parts.SkipLast(1).All(IsByte) || (parts[^1].Length > 0 && !IsByte(parts[^1])))
            return [];
        var whole = parts.Length - 1;
        var padded = string.Join('.', parts.Take(whole).Concat(Enumerable.Repeat("0", 4 - whole)));
        return whole switch
        {
            1 => [$"{padded}/8"],
            2 => [$"{padded}/16"],
            _ => [$"{padded}/24", $"{padded}/16"],
        };
    }

    // Likewise a group with its colon; what is complete has a network of 64 bits.
    private static IEnumerable<string> Six(string host, bool isWhole)
    {
        var (address, bits) = (host, 64);
        if (!isWhole && (host.EndsWith("::", StringComparison.Ordinal) || IpRange.Parse(host) is null))
        {
            var groups = host[..host.LastIndexOf(':')].TrimEnd(':');
            (address, bits) = ($"{groups}::", groups.Split(':').Length * 16);
        }

        // An IPv4 address in this form has no such networks.
        return host.Contains('.', StringComparison.Ordinal) ? []
            : ((int[])[64, 48, 32]).Where(size => size <= bits).Take(2).Select(size => string.Create(CultureInfo.InvariantCulture, $"{address}/{size}"));
    }

    private static bool IsByte(string text) => byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
