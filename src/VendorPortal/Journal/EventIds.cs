using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VendorPortal.Journal;

/// <summary>What repeats of an event are known by: the first 16 bytes of SHA-256 of its id.</summary>
internal static class EventIds
{
    public const int Bytes = 16;

    private const int StackBytes = 1_024; // an id of the longest accepted length fits

    /// <summary>The bytes as the journal stores them.</summary>
    public static byte[] Hash(string eventId)
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Number(eventId));
        return bytes;
    }

    /// <summary>The same as a number, which orders as the bytes do.</summary>
    public static UInt128 Number(string eventId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> text = stackalloc byte[StackBytes];
        if (!Encoding.UTF8.TryGetBytes(eventId, text, out var length))
            SHA256.HashData(Encoding.UTF8.GetBytes(eventId), hash);
        else
            SHA256.HashData(text[..length], hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
