using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>A pull as JSON to take away, in the words of the API.</summary>
internal static class PullJson
{
    // Goes to the clipboard, not into a page: names stay readable.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(PullDetail detail)
    {
        var item = detail.Item;
        return JsonSerializer.Serialize(
            new
            {
                item.Id,
                At = MemberClock.Iso(item.AtUtc),
                Kind = KindNames.Of(item.Kind),
                item.Customer,
                item.User,
                item.Email,
                item.Address,
                item.Artifact,
                item.Version,
                item.Tag,
                item.Digest,
                item.Client,
                item.ClientVersion,
                item.Requests,
                detail.Explanation,
                RegistryRequests = detail.Requests.Select(line => new
                {
                    At = MemberClock.Iso(line.AtUtc),
                    Method = line.Method.ToString().ToUpperInvariant(),
                    line.Reference,
                    line.Digest,
                    line.Status,
                    line.Platform,
                }),
            },
            Options);
    }
}
