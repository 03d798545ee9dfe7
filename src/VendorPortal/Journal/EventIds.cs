using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VendorPortal.Journal;

/// <summary>
/// What repeats of a request are known by: the first 10 bytes of SHA-256 of the feed's event id. Of a thousand million requests kept from
/// one feed, the next one is taken for a repeat by mistake with a chance of 1 in 10¹⁵.
/// </summary>
internal static class EventIds
{
    public const int Size = 10;

    public static byte[] Of(string eventId) => SHA256.HashData(Encoding.UTF8.GetBytes(eventId))[..Size];

    /// <summary>The same as a number that sorts as the bytes do.</summary>
    public static UInt128 ToNumber(ReadOnlySpan<byte> eventId)
    {
        Span<byte> padded = stackalloc byte[16];
        eventId[..Math.Min(eventId.Length, padded.Length)].CopyTo(padded);
        return BinaryPrimitives.ReadUInt128BigEndian(padded);
    }
}
