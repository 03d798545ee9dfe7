using System.Runtime.InteropServices;
using System.Text.Json;

namespace VendorPortal.Feeds;

/// <summary>Reading JSON whose fields may be missing or of the wrong type: both are "not there".</summary>
internal static class JsonFields
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 16 };

    /// <summary>Reads a whole body.</summary>
    /// <exception cref="FeedFormatException">It is not JSON.</exception>
    public static JsonDocument Open(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Limits);
        }
        catch (JsonException error)
        {
            throw new FeedFormatException($"The body is not JSON: {error.Message}") { Reason = "The body is not JSON." };
        }
    }

    /// <summary>The element as it was sent.</summary>
    public static ReadOnlySpan<byte> Bytes(JsonElement element) => JsonMarshal.GetRawUtf8Value(element);

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

    /// <summary>Whole seconds since 1970, within what a date can hold.</summary>
    public static bool TryGetSeconds(this JsonElement value, out long seconds)
    {
        seconds = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out seconds) && seconds is >= 0 and < 253_402_300_800;
    }
}
