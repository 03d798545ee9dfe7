using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VendorPortal.Segments;

/// <summary>A stored column that cannot be believed: wrong version, length or check sum. It is dropped and built anew.</summary>
public sealed class SegmentDamagedException(string message) : Exception(message)
{
    /// <summary>Where the segment begins; null where that is not known yet.</summary>
    public long? FirstId { get; init; }
}

/// <summary>
/// How a column is written: 16 bytes of head (magic with version, column, rows, CRC-32C of what follows), then the payload. All numbers
/// are little-endian. docs/decisions/ADR-007 tells the why.
/// </summary>
internal static class SegmentFormat
{
    /// <summary>"VPS" and the version of the format.</summary>
    public const uint Magic = 0x31_53_50_56;

    public const int HeadBytes = 16;

    /// <summary>Puts the head before a payload that starts at <see cref="HeadBytes"/>.</summary>
    public static void WriteHead(Span<byte> blob, SegmentColumn column, int rows)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(blob, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(blob[4..], (int)column);
        BinaryPrimitives.WriteInt32LittleEndian(blob[8..], rows);
        BinaryPrimitives.WriteUInt32LittleEndian(blob[12..], Checksum(blob[HeadBytes..]));
    }

    /// <summary>The payload of a column that was checked.</summary>
    /// <exception cref="SegmentDamagedException">It is not what was written.</exception>
    public static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> blob, SegmentColumn column, int rows)
    {
        if (blob.Length < HeadBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(blob) != Magic
            || BinaryPrimitives.ReadInt32LittleEndian(blob[4..]) != (int)column
            || BinaryPrimitives.ReadInt32LittleEndian(blob[8..]) != rows
            || BinaryPrimitives.ReadUInt32LittleEndian(blob[12..]) != Checksum(blob[HeadBytes..]))
            throw new SegmentDamagedException($"The column {column} of a segment of {rows} pulls is damaged.");
        return blob[HeadBytes..];
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in data[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
