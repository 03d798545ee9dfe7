using System.Text.Encodings.Web;
using System.Text.Json;
using VendorPortal.Api;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>A pull as JSON to take away: what the API answers, indented.</summary>
internal static class PullJson
{
    // Goes to the clipboard, not into a page: names stay readable.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(PullDetail detail) => JsonSerializer.Serialize(new PullDetailBody(detail), Options);
}
