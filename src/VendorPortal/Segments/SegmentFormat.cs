using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VendorPortal.Segments;

/// <summary>A stored column that cannot be believed: wrong version, length or check sum. It is dropped and built anew.</summary>
public sealed class SegmentDamagedException(string message) : Exception(message)
{
    /// <summary>Where the segment begins.</summary>
    public required long FirstId { get; init; }
}

/// <summary>
/// How a column is written: a head, the dictionary (distinct values, then their counts), the body (a code a pull, or numbers of variable
/// length). Dictionary and body have check sums of their own, so that either can be read without the other. All numbers are little-endian.
/// docs/decisions/ADR-007 tells the why.
/// </summary>
internal static class SegmentFormat
{
    /// <summary>"VPS" and the version of the format.</summary>
    public const uint Magic = 0x32_53_50_56;

    /// <summary>Magic, check sums of head with dictionary and of body, column, rows, size of the dictionary, bytes of the body.</summary>
    public const int HeadBytes = 28;

    // The first check sum covers what follows it.
    private const int SummedFrom = 8;

    public readonly record struct Head(SegmentColumn Column, int Rows, int Size, int BodyBytes)
    {
        public int DictionaryBytes => 2 * sizeof(int) * Size;
    }

    /// <summary>A column with its dictionary and body still to be written, to be finished with <see cref="Seal"/>.</summary>
    public static byte[] NewBlob(Head head)
    {
        var blob = new byte[HeadBytes + head.DictionaryBytes + head.BodyBytes];
        MemoryMarshal.Write(blob, Magic);
        ReadOnlySpan<int> fields = [(int)head.Column, head.Rows, head.Size, head.BodyBytes];
        MemoryMarshal.AsBytes(fields).CopyTo(blob.AsSpan(12));
        return blob;
    }

    /// <summary>Puts the check sums in.</summary>
    public static byte[] Seal(byte[] blob, Head head)
    {
        var body = blob.AsSpan(HeadBytes + head.DictionaryBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(8), Checksum(body));
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(4), Checksum(blob.AsSpan(SummedFrom, blob.Length - body.Length - SummedFrom)));
        return blob;
    }

    /// <summary>
    /// Makes the check sum of the head one of the column's place, too, so that neither a column of another segment nor a range that has
    /// changed is believed. Done when a column is stored; done once more it is taken back.
    /// </summary>
    public static void Bind(Span<byte> head, int vendorId, long firstId, long lastId)
    {
        var place = BitOperations.Crc32C(BitOperations.Crc32C(BitOperations.Crc32C(uint.MaxValue, (uint)vendorId), (ulong)firstId), (ulong)lastId);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) ^ place);
    }

    /// <summary>Reads a head; nothing of it may be believed before <see cref="IsWhole(ReadOnlySpan{byte})"/> said so, but its lengths are within bounds.</summary>
    /// <exception cref="SegmentDamagedException">It is not the head of this column.</exception>
    public static Head ReadHead(ReadOnlySpan<byte> bytes, SegmentColumn column, int rows, long firstId)
    {
        var fields = MemoryMarshal.Cast<byte, int>(bytes[12..HeadBytes]);
        var head = new Head((SegmentColumn)fields[0], fields[1], fields[2], fields[3]);
        if (MemoryMarshal.Read<uint>(bytes) != Magic || head.Column != column || head.Rows != rows
            || head.Size is < 0 or > SegmentLimits.MaxRows || head.BodyBytes is < 0 or > SegmentLimits.MaxBodyBytes)
            throw new SegmentDamagedException($"The column {column} of a segment of {rows} pulls at {firstId} has a damaged head.") { FirstId = firstId };
        return head;
    }

    /// <summary>True where head and dictionary are what was written.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> headAndDictionary) =>
        BinaryPrimitives.ReadUInt32LittleEndian(headAndDictionary[4..]) == Checksum(headAndDictionary[SummedFrom..]);

    /// <summary>True where the body is the one the head was written with.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body) =>
        BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) == Checksum(body);

    // CRC-32C of every fourth word, four side by side: one alone would wait for itself.
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        var (a, b, c, d) = (uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue);
        while (words.Length >= 4)
        {
            a = BitOperations.Crc32C(a, words[0]);
            b = BitOperations.Crc32C(b, words[1]);
            c = BitOperations.Crc32C(c, words[2]);
            d = BitOperations.Crc32C(d, words[3]);
            words = words[4..];
        }

        foreach (var word in words)
            a = BitOperations.Crc32C(a, word);
        foreach (var rest in data[(data.Length & ~7)..])
            a = BitOperations.Crc32C(a, rest);
        return ~BitOperations.Crc32C(BitOperations.Crc32C(BitOperations.Crc32C(a, b), c), d);
    }
}
