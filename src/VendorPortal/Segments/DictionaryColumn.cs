using System.Runtime.InteropServices;

namespace VendorPortal.Segments;

/// <summary>
/// A column of numbers: the distinct values (sorted) with their counts, and for each pull the place of its value, in no, one or two
/// bytes. The counts are a roll-up of the segment, the values its skip index.
/// </summary>
internal readonly ref struct DictionaryColumn
{
    private const int LengthBytes = 8;

    private DictionaryColumn(ReadOnlySpan<int> values, ReadOnlySpan<int> counts, ReadOnlySpan<byte> codes, int width)
    {
        Values = values;
        Counts = counts;
        Codes = codes;
        Width = width;
    }

    /// <summary>Distinct values, ascending.</summary>
    public ReadOnlySpan<int> Values { get; }

    /// <summary>Pulls of each value.</summary>
    public ReadOnlySpan<int> Counts { get; }

    /// <summary>Bytes of a code: 0 where all pulls share the one value.</summary>
    public int Width { get; }

    /// <summary>The codes where <see cref="Width"/> is 1.</summary>
    public ReadOnlySpan<byte> Codes { get; }

    /// <summary>The codes where <see cref="Width"/> is 2.</summary>
    public ReadOnlySpan<ushort> WideCodes => MemoryMarshal.Cast<byte, ushort>(Codes);

    /// <exception cref="SegmentDamagedException">The blob is not what was written.</exception>
    public static DictionaryColumn Read(ReadOnlySpan<byte> blob, SegmentColumn column, int rows)
    {
        var payload = SegmentFormat.Payload(blob, column, rows);
        if (payload.Length < LengthBytes)
            throw new SegmentDamagedException($"The column {column} is too short.");
        var (size, width) = (MemoryMarshal.Read<int>(payload), MemoryMarshal.Read<int>(payload[4..]));
        if (size is < 1 or > SegmentLimits.MaxRows || width is < 0 or > 2 || payload.Length != LengthBytes + (8 * size) + (rows * width))
            throw new SegmentDamagedException($"The column {column} has lengths that do not fit.");
        var numbers = MemoryMarshal.Cast<byte, int>(payload.Slice(LengthBytes, 8 * size));
        return new DictionaryColumn(numbers[..size], numbers[size..], payload[(LengthBytes + (8 * size))..], width);
    }

    /// <summary>Reads the codes of some pulls, told by their places.</summary>
    public void CodesOf(ReadOnlySpan<int> rows, Span<int> codes)
    {
        switch (Width)
        {
            case 0:
                codes[..rows.Length].Clear();
                break;
            case 1:
                for (var i = 0; i < rows.Length; i++)
                    codes[i] = Codes[rows[i]];
                break;
            default:
                var wide = WideCodes;
                for (var i = 0; i < rows.Length; i++)
                    codes[i] = wide[rows[i]];
                break;
        }
    }

    /// <summary>Writes a column of <paramref name="values"/>, one a pull.</summary>
    public static byte[] Write(SegmentColumn column, ReadOnlySpan<int> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var (distinct, counts) = Distinct(sorted);
        var width = distinct.Length == 1 ? 0 : distinct.Length <= 256 ? 1 : 2;
        var blob = new byte[SegmentFormat.HeadBytes + LengthBytes + (8 * distinct.Length) + (values.Length * width)];
        var payload = blob.AsSpan(SegmentFormat.HeadBytes);
        MemoryMarshal.Write(payload, distinct.Length);
        MemoryMarshal.Write(payload[4..], width);
        MemoryMarshal.AsBytes(distinct.AsSpan()).CopyTo(payload[LengthBytes..]);
        MemoryMarshal.AsBytes(counts.AsSpan()).CopyTo(payload[(LengthBytes + (4 * distinct.Length))..]);
        WriteCodes(payload[(LengthBytes + (8 * distinct.Length))..], values, distinct, width);
        SegmentFormat.WriteHead(blob, column, values.Length);
        return blob;
    }

    private static (int[] Distinct, int[] Counts) Distinct(int[] sorted)
    {
        var distinct = new List<int>();
        var counts = new List<int>();
        foreach (var value in sorted)
        {
            if (distinct.Count == 0 || distinct[^1] != value)
            {
                distinct.Add(value);
                counts.Add(0);
            }

            counts[^1]++;
        }

        return ([.. distinct], [.. counts]);
    }

    private static void WriteCodes(Span<byte> codes, ReadOnlySpan<int> values, int[] distinct, int width)
    {
        if (width == 0)
            return;
        var wide = MemoryMarshal.Cast<byte, ushort>(codes);
        for (var i = 0; i < values.Length; i++)
        {
            var code = Array.BinarySearch(distinct, values[i]);
            if (width == 1)
                codes[i] = (byte)code;
            else
                wide[i] = (ushort)code;
        }
    }
}
