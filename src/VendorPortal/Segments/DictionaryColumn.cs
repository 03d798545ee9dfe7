using System.Runtime.InteropServices;

namespace VendorPortal.Segments;

/// <summary>
/// The values of a column without the pulls: distinct, ascending, each with the number of its pulls. A roll-up of the segment, and its
/// skip index. <see cref="ColumnCodes"/> says which pull has which.
/// </summary>
internal readonly ref struct DictionaryColumn(ReadOnlySpan<int> numbers)
{
    public ReadOnlySpan<int> Values { get; } = numbers[..(numbers.Length / 2)];

    public ReadOnlySpan<int> Counts { get; } = numbers[(numbers.Length / 2)..];

    /// <summary>Writes a column of <paramref name="values"/>, one a pull: codes of no byte where all share one value, else of one or two.</summary>
    public static byte[] Write(SegmentColumn column, ReadOnlySpan<int> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var (distinct, counts) = Distinct(sorted);
        var width = distinct.Length == 1 ? 0 : distinct.Length <= 256 ? 1 : 2;
        var head = new SegmentFormat.Head(column, values.Length, distinct.Length, values.Length * width);
        var blob = SegmentFormat.NewBlob(head);
        var dictionary = MemoryMarshal.Cast<byte, int>(blob.AsSpan(SegmentFormat.HeadBytes, head.DictionaryBytes));
        distinct.CopyTo(dictionary);
        counts.CopyTo(dictionary[distinct.Length..]);
        WriteCodes(blob.AsSpan(SegmentFormat.HeadBytes + head.DictionaryBytes), values, distinct, width);
        return SegmentFormat.Seal(blob, head);
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
