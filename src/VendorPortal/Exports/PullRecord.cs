using System.ComponentModel;
using System.Globalization;
using VendorPortal.Reports;

namespace VendorPortal.Exports;

/// <summary>A pull as scripts see it, in the API and in NDJSON. What is unknown is null.</summary>
public record PullRecord
{
    [Description("Identifies the pull. A number beyond what JavaScript counts exactly, therefore text.")]
    public required string Id { get; init; }

    [Description("When the first request of the pull began: RFC 3339, UTC, milliseconds.")]
    public required DateTime At { get; init; }

    [Description("pull_by_tag, pull_by_digest, version_check or denied.")]
    public required string Kind { get; init; }

    [Description("The customer organisation at the time of the pull.")]
    public string? Customer { get; init; }

    [Description("The account that authenticated to the registry.")]
    public string? User { get; init; }

    [Description("The e-mail address the vendor has recorded for the user.")]
    public string? Email { get; init; }

    [Description("The client's IP address.")]
    public string? Address { get; init; }

    [Description("The repository, namespace/name.")]
    public required string Artifact { get; init; }

    [Description("What the client asked for: a tag or a digest.")]
    public required string Version { get; init; }

    [Description("The tag, where the client asked by tag.")]
    public string? Tag { get; init; }

    [Description("The digest it resolved to.")]
    public string? Digest { get; init; }

    [Description("The tool, as its user agent says.")]
    public string? Client { get; init; }

    public string? ClientVersion { get; init; }

    [Description("The country of the address: ISO 3166-1 alpha-2.")]
    public string? Country { get; init; }

    [Description("The cloud the address belongs to, such as aws, gcp or azure.")]
    public string? Host { get; init; }

    [Description("What kind of network the address belongs to: business, isp, hosting or education.")]
    public string? NetworkType { get; init; }

    [Description("Number of registry requests folded into this pull.")]
    public required int Requests { get; init; }

    public static PullRecord Of(PullItem item) => new()
    {
        Id = IdText(item.Id),
        At = item.AtUtc,
        Kind = KindNames.Of(item.Kind),
        Customer = item.Customer,
        User = item.User,
        Email = item.Email,
        Address = item.Address,
        Artifact = item.Artifact,
        Version = item.Version,
        Tag = item.Tag,
        Digest = item.Digest,
        Client = item.Client,
        ClientVersion = item.ClientVersion,
        Country = item.Country,
        Host = item.Host,
        NetworkType = item.NetworkType,
        Requests = item.Requests,
    };

    public static string IdText(long id) => id.ToString(CultureInfo.InvariantCulture);
}
