using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using VendorPortal.Classification;
using VendorPortal.Exports;
using VendorPortal.Reports;

namespace VendorPortal.Api;

/// <summary>A page of pulls, newest first.</summary>
public sealed record PullListBody(
    IReadOnlyList<PullRecord> Items,
    [property: Description("Give it as cursor to get the next page; null at the end.")] string? NextCursor);

/// <summary>What a filter keeps, counted over the whole range.</summary>
public sealed record PullCountBody(
    long Count,
    [property: Description("Different addresses over the whole range.")] long UniqueAddresses,
    KindCounts ByKind);

/// <summary>Pulls of each kind.</summary>
public sealed record KindCounts(
    [property: JsonPropertyName(KindNames.PullByTag)] long PullByTag,
    [property: JsonPropertyName(KindNames.PullByDigest)] long PullByDigest,
    [property: JsonPropertyName(KindNames.VersionCheck)] long VersionCheck,
    [property: JsonPropertyName(KindNames.Denied)] long Denied)
{
    internal static KindCounts Of(PullCount count) => new(
        count.Of(PullKind.PullByTag), count.Of(PullKind.PullByDigest), count.Of(PullKind.VersionCheck), count.Of(PullKind.Denied));
}

/// <summary>The values filters can take, by the parameter that takes them.</summary>
public sealed record FilterOptionsBody(
    FilterOptionList Customer, FilterOptionList User, FilterOptionList Address, FilterOptionList Artifact, FilterOptionList Kind,
    FilterOptionList Client, FilterOptionList Country, FilterOptionList Host, [property: JsonPropertyName("network-type")] FilterOptionList NetworkType)
{
    internal static readonly IReadOnlyList<FilterDimension> Dimensions = [.. Enum.GetValues<FilterDimension>().Where(dimension => dimension != FilterDimension.Version)];

    internal static FilterOptionsBody Of(IReadOnlyDictionary<FilterDimension, FilterOptionList> lists) => new(
        lists[FilterDimension.Customer], lists[FilterDimension.User], lists[FilterDimension.Address], lists[FilterDimension.Artifact], lists[FilterDimension.Kind],
        lists[FilterDimension.Client], lists[FilterDimension.Country], lists[FilterDimension.Host], lists[FilterDimension.NetworkType]);
}

/// <summary>A pull, opened.</summary>
public sealed record PullDetailBody : PullRecord
{
    [SetsRequiredMembers]
    internal PullDetailBody(PullDetail detail)
        : base(Of(detail.Item))
    {
        Status = detail.Item.Status;
        Rule = JsonNamingPolicy.SnakeCaseLower.ConvertName(detail.Rule.ToString());
        Explanation = detail.Explanation;
        UserAgent = detail.UserAgent;
        Organisation = detail.Item.Organisation;
        RegistryRequests = [.. detail.Requests.Select(RegistryRequestBody.Of)];
    }

    [JsonPropertyOrder(1)]
    [Description("The HTTP status that a denied client was left with: 401, 403, 404 or 429. Null for all other kinds.")]
    public int? Status { get; init; }

    [JsonPropertyOrder(1)]
    [Description("The rule of classification that made the requests one pull, such as head_tag_get_children.")]
    public required string Rule { get; init; }

    [JsonPropertyOrder(2)]
    [Description("The rule in words, with the distances between the requests.")]
    public required string Explanation { get; init; }

    [JsonPropertyOrder(3)]
    public string? UserAgent { get; init; }

    [JsonPropertyOrder(4)]
    [Description("Who runs the network of the address.")]
    public string? Organisation { get; init; }

    [JsonPropertyOrder(5)]
    [Description("The requests that are still kept, in order of time.")]
    public required IReadOnlyList<RegistryRequestBody> RegistryRequests { get; init; }
}

/// <summary>One HTTP request on a manifest.</summary>
public sealed record RegistryRequestBody(
    DateTime At, string Method, string Reference, string? Digest, int Status, string Feed, string? MediaType, string? Platform)
{
    internal static RegistryRequestBody Of(PullRequestLine line) =>
        new(line.AtUtc, line.Method == RequestMethod.Head ? "HEAD" : "GET", line.Reference, line.Digest, line.Status, line.Feed, line.MediaType, line.Platform);
}
