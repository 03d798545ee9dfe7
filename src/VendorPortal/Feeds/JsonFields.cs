using System.Text.Json;

namespace VendorPortal.Feeds;

/// <summary>Reading JSON whose fields may be missing or of the wrong type: both are "not there".</summary>
internal static class JsonFields
{
    public static JsonElement Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : default;

    public static string? Text(this JsonElement element, string name)
    {
        if (Child(element, name) is not { ValueKind: JsonValueKind.String } value)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // not valid UTF-16 behind an escape
        }
    }
}
