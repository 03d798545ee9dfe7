using System.IO.Compression;
using System.Text.Json;
using VendorPortal.Security;

namespace VendorPortal.Components.Controls;

/// <summary>
/// What a prerendered page hands to its circuit, packed. The browser sends it back in the message that starts the circuit, which
/// is refused whole beyond <see cref="MaxMessage"/>: rows repeat themselves, so they pack well, and what does not is rather read again.
/// </summary>
internal static class Carried
{
    /// <summary>The largest message a browser may send, in bytes: room for two packed values, each written in base 64 twice, and for the address of the page.</summary>
    public const int MaxMessage = (96 * 1024) + SecurityServices.MaxRequestLine;

    private const int Most = 26 * 1024;

    /// <summary>The packed value; null where it is too large to be carried.</summary>
    public static byte[]? Pack<T>(T value)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            JsonSerializer.Serialize(brotli, value);
        return packed.Length <= Most ? packed.ToArray() : null;
    }

    /// <summary>The value; default where there is none.</summary>
    public static T? Unpack<T>(byte[]? packed)
    {
        if (packed is null)
            return default;
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<T>(brotli);
    }
}
