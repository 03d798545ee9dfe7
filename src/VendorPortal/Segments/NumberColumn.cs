namespace VendorPortal.Segments;

/// <summary>Columns of ever growing numbers as variable-length differences: the ids, and the quarter hours.</summary>
internal static class NumberColumn
{
    /// <summary>Writes ascending ids.</summary>
    public static byte[] WriteIds(ReadOnlySpan<long> ids)
    {
        var blob = new byte[SegmentFormat.HeadBytes + (10 * ids.Length)];
        var at = SegmentFormat.HeadBytes;
        long last = 0;
        foreach (var id in ids)
        {
            at = Put(blob, at, (ulong)(id - last));
            last = id;
        }

        return Finish(blob, at, SegmentColumn.Ids, ids.Length);
    }

    /// <summary>Reads as many ids as <paramref name="ids"/> takes.</summary>
    /// <exception cref="SegmentDamagedException">The blob is not what was written.</exception>
    public static void ReadIds(ReadOnlySpan<byte> blob, Span<long> ids)
    {
        var payload = SegmentFormat.Payload(blob, SegmentColumn.Ids, ids.Length);
        var at = 0;
        long last = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            last += (long)Get(payload, ref at);
            ids[i] = last;
        }
    }

    /// <summary>Writes for each quarter hour with pulls its number and how many there are.</summary>
    public static byte[] WriteGrains(ReadOnlySpan<long> ids)
    {
        var blob = new byte[SegmentFormat.HeadBytes + (15 * ids.Length)];
        var at = SegmentFormat.HeadBytes;
        long last = 0;
        for (var i = 0; i < ids.Length;)
        {
            var grain = ids[i] / SegmentLimits.Grain;
            var start = i;
            while (i < ids.Length && ids[i] / SegmentLimits.Grain == grain)
                i++;
            at = Put(blob, at, (ulong)(grain - last));
            at = Put(blob, at, (ulong)(i - start));
            last = grain;
        }

        return Finish(blob, at, SegmentColumn.Grains, ids.Length);
    }

    /// <summary>Reads the quarter hours: number and first row of each, and returns how many there are.</summary>
    /// <exception cref="SegmentDamagedException">The blob is not what was written.</exception>
    public static int ReadGrains(ReadOnlySpan<byte> blob, int rows, Span<long> grains, Span<int> firstRows)
    {
        var payload = SegmentFormat.Payload(blob, SegmentColumn.Grains, rows);
        var (at, count, row) = (0, 0, 0);
        long last = 0;
        while (row < rows)
        {
            last += (long)Get(payload, ref at);
            (grains[count], firstRows[count]) = (last, row);
            count++;
            row += (int)Get(payload, ref at);
        }

        return count;
    }

    private static byte[] Finish(byte[] blob, int length, SegmentColumn column, int rows)
    {
        Array.Resize(ref blob, length);
        SegmentFormat.WriteHead(blob, column, rows);
        return blob;
    }

    private static int Put(byte[] blob, int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            blob[at++] = (byte)(value | 0x80);
        blob[at++] = (byte)value;
        return at;
    }

    private static ulong Get(ReadOnlySpan<byte> payload, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= payload.Length)
                break;
            var part = payload[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }

        throw new SegmentDamagedException("A number runs over the end of its column.");
    }
}
