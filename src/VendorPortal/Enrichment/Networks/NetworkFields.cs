using System.Collections.Frozen;
using System.Globalization;
using VendorPortal.Feeds;

namespace VendorPortal.Enrichment.Networks;

/// <summary>
/// Reads the named fields of a record, which each publisher calls otherwise: MaxMind and DB-IP nest them, IPinfo does not, and in
/// IPinfo Lite and Core <c>country</c> is a name, not a code.
/// </summary>
internal static class NetworkFields
{
    private static readonly string[] CountryNames = ["country.iso_code", "country_code", "country"];
    private static readonly string[] AsnNames = ["asn", "autonomous_system_number", "traits.autonomous_system_number"];
    private static readonly string[] DomainNames = ["domain", "traits.domain", "as_domain"];
    private static readonly string[] TypeNames = ["type", "traits.user_type"];
    private static readonly string[] HostingNames = ["is_hosting", "is_hosting_provider", "hosting"];
    private static readonly string[] OrganisationNames =
    [
        "organization", "traits.organization", "name", "as_name", "autonomous_system_organization", "traits.autonomous_system_organization", "isp", "traits.isp",
    ];

    /// <summary>The names of all fields that tell something, as columns of a CSV would be called.</summary>
    public static readonly FrozenSet<string> Columns = new[] { CountryNames, AsnNames, DomainNames, TypeNames, HostingNames, OrganisationNames, ["as_type"] }
        .SelectMany(names => names).Where(name => !name.Contains('.', StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The record behind <paramref name="field"/>, which gives the value of a name (nested with dots) or null.</summary>
    public static NetworkRecord Read(Func<string, object?> field) => new()
    {
        Country = First(CountryNames, name => Countries.Code(field(name) as string)),
        Organisation = First(OrganisationNames, name => Organisation(field(name) as string)),
        Domain = First(DomainNames, name => RequestFields.Clean(field(name) as string, 255)),
        Asn = Asn(field),
        NetworkType = Type(field),
    };

    public static string? Organisation(string? text) => RequestFields.Clean(text, NetworkRecord.MaxOrganisation);

    /// <summary><c>13335</c> or <c>AS13335</c>.</summary>
    public static uint? Asn(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("AS", StringComparison.OrdinalIgnoreCase))
            text = text[2..];
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }

    private static uint? Asn(Func<string, object?> field)
    {
        foreach (var name in AsnNames)
        {
            if (field(name) is ulong and > 0 and <= uint.MaxValue and var number)
                return (uint)number;
            if (field(name) is string text && Asn(text.AsSpan()) is { } written)
                return written;
        }

        return null;
    }

    // What the address is used for says more than what the autonomous system as a whole is.
    private static string? Type(Func<string, object?> field)
    {
        if (First(TypeNames, name => field(name) as string is { Length: > 0 } told ? told : null) is { } type)
            return NetworkTypes.Of(type);
        if (Array.Exists(HostingNames, name => field(name) is true or "true" or "1"))
            return NetworkTypes.Hosting;
        return field("as_type") is string ofSystem ? NetworkTypes.Of(ofSystem) : null;
    }

    private static string? First(string[] names, Func<string, string?> read)
    {
        foreach (var name in names)
        {
            if (read(name) is { } value)
                return value;
        }

        return null;
    }
}
