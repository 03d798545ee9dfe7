using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VendorPortal.Journal;

/// <summary>
/// What repeats of a request are known by within its feed: 80 bits. Where a feed gives its events ids, the first 10 bytes of SHA-256 of
/// the id; where it does not, a hash of the event. Of a thousand million requests kept from one feed, the next one is taken for a repeat by
/// mistake with a chance of 1 in 10¹⁵.
/// </summary>
public readonly record struct EventKey
{
    /// <summary>Bytes of a key in the journal.</summary>
    public const int Size = 10;

    private const int Unused = 8 * (16 - Size);

    /// <summary>Takes the lower 80 bits.</summary>
    public EventKey(UInt128 value) => Value = value << Unused >> Unused;

    public UInt128 Value { get; }

    /// <summary>The key of an event by its id, or by its bytes where it has none.</summary>
    public static EventKey Of(ReadOnlySpan<byte> id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(id, hash);
        return new EventKey(BinaryPrimitives.ReadUInt128BigEndian(hash) >> Unused);
    }

    /// <summary>A key as the journal has it.</summary>
    public static EventKey FromBytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[16];
        bytes.CopyTo(padded[(16 - Size)..]);
        return new EventKey(BinaryPrimitives.ReadUInt128BigEndian(padded));
    }

    public static implicit operator EventKey(string id) => Of(Encoding.UTF8.GetBytes(id));

    /// <summary>As the journal stores it.</summary>
    public byte[] ToBytes()
    {
        Span<byte> padded = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(padded, Value);
        return padded[(16 - Size)..].ToArray();
    }
}
