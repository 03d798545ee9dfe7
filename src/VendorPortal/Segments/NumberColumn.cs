namespace VendorPortal.Segments;

/// <summary>Columns of ever growing numbers as variable-length differences: the ids, and the quarter hours.</summary>
internal static class NumberColumn
{
    /// <summary>Writes ascending ids.</summary>
    public static byte[] WriteIds(ReadOnlySpan<long> ids)
    {
        var numbers = new byte[10 * ids.Length];
        var at = 0;
        long last = 0;
        foreach (var id in ids)
        {
            at = Put(numbers, at, (ulong)(id - last));
            last = id;
        }

        return Blob(numbers.AsSpan(0, at), SegmentColumn.Ids, ids.Length);
    }

    /// <summary>Reads as many ids as <paramref name="ids"/> takes.</summary>
    public static void ReadIds(ReadOnlySpan<byte> body, Span<long> ids)
    {
        var at = 0;
        long last = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            last += (long)Get(body, ref at);
            ids[i] = last;
        }
    }

    /// <summary>Writes for each quarter hour with pulls its number and how many there are.</summary>
    public static byte[] WriteGrains(ReadOnlySpan<long> ids)
    {
        var numbers = new byte[15 * ids.Length];
        var at = 0;
        long last = 0;
        for (var i = 0; i < ids.Length;)
        {
            var grain = ids[i] / SegmentLimits.Grain;
            var start = i;
            while (i < ids.Length && ids[i] / SegmentLimits.Grain == grain)
                i++;
            at = Put(numbers, at, (ulong)(grain - last));
            at = Put(numbers, at, (ulong)(i - start));
            last = grain;
        }

        return Blob(numbers.AsSpan(0, at), SegmentColumn.Grains, ids.Length);
    }

    /// <summary>Reads the quarter hours: number and first row of each, and returns how many there are.</summary>
    public static int ReadGrains(ReadOnlySpan<byte> body, int rows, Span<long> grains, Span<int> firstRows)
    {
        var (at, count, row) = (0, 0, 0);
        long last = 0;
        while (row < rows)
        {
            last += (long)Get(body, ref at);
            (grains[count], firstRows[count]) = (last, row);
            count++;
            row += (int)Get(body, ref at);
        }

        return count;
    }

    private static byte[] Blob(ReadOnlySpan<byte> body, SegmentColumn column, int rows)
    {
        var head = new SegmentFormat.Head(column, rows, Size: 0, body.Length);
        var blob = SegmentFormat.NewBlob(head);
        body.CopyTo(blob.AsSpan(SegmentFormat.HeadBytes));
        return SegmentFormat.Seal(blob, head);
    }

    private static int Put(byte[] blob, int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            blob[at++] = (byte)(value | 0x80);
        blob[at++] = (byte)value;
        return at;
    }

    private static ulong Get(ReadOnlySpan<byte> body, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= body.Length)
                break;
            var part = body[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException("A number runs over the end of its column."); // which the check sum has ruled out
    }
}
