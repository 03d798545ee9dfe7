using System.Text.Json;

namespace VendorPortal.Feeds;

/// <summary>Reading JSON whose fields may be missing or of the wrong type: both are "not there".</summary>
internal static class JsonFields
{
    /// <summary>The reason that <paramref name="read"/> gives; a reason too where it meets text that is not valid Unicode.</summary>
    public static string? Guard(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return "the event has text that is not valid Unicode"; // in a name: values are guarded one by one
        }
    }

    public static JsonElement Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : default;

    public static string? Text(this JsonElement element, string name) => Child(element, name).Text();

    public static string? Text(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // not valid UTF-8, or half a surrogate pair behind an escape
        }
    }

    /// <summary>A time of RFC 3339 as UTC. Without an offset it could be any time, so it is none.</summary>
    public static DateTime? Time(this JsonElement element, string name)
    {
        var value = Child(element, name);
        return Text(value) is { } text && text.AsSpan()[Math.Min(text.Length, 10)..].ContainsAny("Zz+-") && value.TryGetDateTimeOffset(out var at) ? at.UtcDateTime : null;
    }
}
