using System.Numerics;
using System.Runtime.InteropServices;

namespace VendorPortal.Segments;

/// <summary>
/// For each pull the place of its value in the dictionary, in one or two bytes, and the loops over them. Nothing here allocates; each
/// loop is written once and compiled for both widths.
/// </summary>
internal readonly ref struct ColumnCodes(ReadOnlySpan<byte> bytes, int rows)
{
    private readonly ReadOnlySpan<byte> narrow = bytes;
    private readonly bool isWide = bytes.Length > rows;

    private ReadOnlySpan<ushort> Wide => MemoryMarshal.Cast<byte, ushort>(narrow);

    /// <summary>Lists the rows from <paramref name="from"/> on, below <paramref name="to"/>, that the table keeps; returns how many.</summary>
    public int List(ReadOnlySpan<byte> table, int from, int to, Span<ushort> into) =>
        isWide ? List(Wide, table, from, to, into) : List(narrow, table, from, to, into);

    /// <summary>Lists the rows of a range that have one code, or with <paramref name="others"/> those that have another; fast where they are few.</summary>
    public int ListFew(int code, bool others, int from, int to, Span<ushort> into) =>
        isWide ? ListFew(Wide, (ushort)code, others, from, to, into) : ListFew(narrow, (byte)code, others, from, to, into);

    /// <summary>Writes for each row what its code has become.</summary>
    public void Map(ReadOnlySpan<ushort> codes, Span<ushort> into)
    {
        if (isWide)
            Map(Wide, codes, into);
        else
            Map(narrow, codes, into);
    }

    /// <summary>Leaves of listed rows those that the table keeps; returns how many.</summary>
    public int Narrow(ReadOnlySpan<byte> table, Span<ushort> list) => isWide ? Narrow(Wide, table, list) : Narrow(narrow, table, list);

    /// <summary>Sets 1 where the table keeps a row.</summary>
    public void SetWhere(ReadOnlySpan<byte> table, Span<byte> mask)
    {
        if (isWide)
            SetWhere(Wide, table, mask);
        else
            SetWhere(narrow, table, mask);
    }

    /// <summary>Sets 0 where the table does not keep a row.</summary>
    public void ClearUnless(ReadOnlySpan<byte> table, Span<byte> mask)
    {
        if (isWide)
            ClearUnless(Wide, table, mask);
        else
            ClearUnless(narrow, table, mask);
    }

    /// <summary>Adds <paramref name="each"/> to the count of every listed row's code.</summary>
    public void Count(ReadOnlySpan<ushort> list, int each, Span<int> byCode)
    {
        if (isWide)
            Count(Wide, list, each, byCode);
        else
            Count(narrow, list, each, byCode);
    }

    /// <summary>Adds the rows from <paramref name="from"/> on, below <paramref name="to"/>, to the counts of their codes, of which there are few.</summary>
    public void CountRange(int from, int to, Span<int> byCode)
    {
        // One look at all rows for each code: vectors make that faster than one for each row.
        var part = narrow[from..to];
        for (var code = 0; code < byCode.Length; code++)
            byCode[code] += part.Count((byte)code);
    }

    /// <summary>Looks up the values of listed rows.</summary>
    public void Values(ReadOnlySpan<int> dictionary, ReadOnlySpan<ushort> list, Span<int> into)
    {
        if (isWide)
            Values(Wide, dictionary, list, into);
        else
            Values(narrow, dictionary, list, into);
    }

    // Without a branch: a row is always written, and kept by moving on.
    private static int List<T>(ReadOnlySpan<T> codes, ReadOnlySpan<byte> table, int from, int to, Span<ushort> into)
        where T : unmanaged, IBinaryInteger<T>
    {
        var count = 0;
        for (var row = from; row < to; row++)
        {
            into[count] = (ushort)row;
            count += table[int.CreateTruncating(codes[row])];
        }

        return count;
    }

    // From one to the next, which vectors find.
    private static int ListFew<T>(ReadOnlySpan<T> codes, T code, bool others, int from, int to, Span<ushort> into)
        where T : unmanaged, IBinaryInteger<T>
    {
        var count = 0;
        for (var row = from; row < to; row++)
        {
            var rest = codes[row..to];
            var next = others ? rest.IndexOfAnyExcept(code) : rest.IndexOf(code);
            if (next < 0)
                break;
            row += next;
            into[count++] = (ushort)row;
        }

        return count;
    }

    private static int Narrow<T>(ReadOnlySpan<T> codes, ReadOnlySpan<byte> table, Span<ushort> list)
        where T : unmanaged, IBinaryInteger<T>
    {
        var count = 0;
        foreach (var row in list)
        {
            list[count] = row;
            count += table[int.CreateTruncating(codes[row])];
        }

        return count;
    }

    private static void SetWhere<T>(ReadOnlySpan<T> codes, ReadOnlySpan<byte> table, Span<byte> mask)
        where T : unmanaged, IBinaryInteger<T>
    {
        codes = codes[..mask.Length];
        for (var row = 0; row < mask.Length; row++)
            mask[row] |= table[int.CreateTruncating(codes[row])];
    }

    private static void ClearUnless<T>(ReadOnlySpan<T> codes, ReadOnlySpan<byte> table, Span<byte> mask)
        where T : unmanaged, IBinaryInteger<T>
    {
        codes = codes[..mask.Length];
        for (var row = 0; row < mask.Length; row++)
            mask[row] &= table[int.CreateTruncating(codes[row])];
    }

    private static void Count<T>(ReadOnlySpan<T> codes, ReadOnlySpan<ushort> list, int each, Span<int> byCode)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (var row in list)
            byCode[int.CreateTruncating(codes[row])] += each;
    }

    private static void Values<T>(ReadOnlySpan<T> codes, ReadOnlySpan<int> dictionary, ReadOnlySpan<ushort> list, Span<int> into)
        where T : unmanaged, IBinaryInteger<T>
    {
        into = into[..list.Length];
        for (var i = 0; i < list.Length; i++)
            into[i] = dictionary[int.CreateTruncating(codes[list[i]])];
    }

    private static void Map<T>(ReadOnlySpan<T> from, ReadOnlySpan<ushort> codes, Span<ushort> into)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var row = 0; row < from.Length; row++)
            into[row] = codes[int.CreateTruncating(from[row])];
    }
}
