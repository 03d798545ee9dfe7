using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VendorPortal.Journal;

/// <summary>
/// What repeats of a request are known by within its feed: 128 bits. Where a feed gives its events ids, the first 16 bytes of SHA-256 of
/// the id; where it does not, a hash of the event.
/// </summary>
public readonly record struct EventKey(UInt128 Value)
{
    /// <summary>The key of an event by its id, or by its bytes where it has none.</summary>
    public static EventKey Of(ReadOnlySpan<byte> id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(id, hash);
        return new EventKey(BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    public static implicit operator EventKey(string id) => Of(Encoding.UTF8.GetBytes(id));

    /// <summary>As the journal stores it: 16 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }
}
