using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using VendorPortal.Classification;
using VendorPortal.Enrichment;

namespace VendorPortal.Journal;

/// <summary>
/// A request as the portal has read it from a feed, for people who connect one: what the feed does not tell is null. Secrets that found their
/// way into account or user agent are masked, long texts clamped.
/// </summary>
public sealed record ReceivedRequest(
    DateTime At, string Method, string Repository, string? Tag, string? Digest, int Status, string? Address, string? User, string? UserAgent, bool Push,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? GivenKind = null)
{
    // Goes into the store and through encoders of its own from there: names stay readable.
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    public static ReceivedRequest Of(RegistryRequest request) => new(
        request.AtUtc, request.Method == RequestMethod.Head ? "HEAD" : "GET", Sample(request.Repository)!, request.Tag, request.Digest, request.Status,
        request.Address is { } address ? IpAddressText.Format(address) : null, Sample(request.User), Sample(request.UserAgent), request.IsPush,
        request.GivenKind is { } kind ? JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()) : null);

    /// <summary>Reads what <see cref="ToJson"/> has written; null where there is nothing.</summary>
    public static ReceivedRequest? Parse(string? json) => json is null ? null : JsonSerializer.Deserialize<ReceivedRequest>(json, Compact);

    public string ToJson(bool indented = false) => JsonSerializer.Serialize(this, indented ? Indented : Compact);

    private static string? Sample(string? text) => text is null ? null : EventSample.Of(Encoding.UTF8.GetBytes(text));
}
