using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VendorPortal.Feeds.AccessLogs;

/// <summary>The text of a logged value.</summary>
internal static class LogText
{
    /// <summary>Undoes the escaping. What is not valid UTF-8 becomes U+FFFD, as elsewhere.</summary>
    public static string Of(ReadOnlySpan<byte> value, LogEscape escape)
    {
        if (escape == LogEscape.None || value.IndexOf((byte)'\\') < 0)
            return Encoding.UTF8.GetString(value);
        return escape == LogEscape.Json ? Json(value) : Default(value);
    }

    private static string Json(ReadOnlySpan<byte> value)
    {
        var quoted = new byte[value.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        value.CopyTo(quoted.AsSpan(1));
        try
        {
            var reader = new Utf8JsonReader(quoted);
            return reader.Read() ? reader.GetString() ?? "" : "";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Encoding.UTF8.GetString(value); // half a surrogate pair behind an escape
        }
    }

    private static string Default(ReadOnlySpan<byte> value)
    {
        var bytes = new ArrayBufferWriter<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            var b = value[i];
            if (b == '\\' && i + 1 < value.Length)
            {
                if (value[i + 1] == 'x' && i + 3 < value.Length && byte.TryParse(value.Slice(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                {
                    b = code;
                    i += 3;
                }
                else
                {
                    b = value[++i] switch { (byte)'n' => (byte)'\n', (byte)'t' => (byte)'\t', (byte)'r' => (byte)'\r', (byte)'b' => (byte)'\b', (byte)'v' => (byte)'\v', var other => other };
                }
            }

            bytes.GetSpan(1)[0] = b;
            bytes.Advance(1);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
