namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// Keeps the order of lines that share a time. A log writes lines as requests end and tells the time to a second or a millisecond; what
/// came first decides what a pull is made of. So the n-th line of a time is dated n ticks (100 ns) after it, which stays
/// far below what the log can tell. Safe for concurrent use: the posts of a feed share one, so that a second may be split over them.
/// </summary>
public sealed class LineOrder
{
    private const int Kept = 8;

    private readonly Lock gate = new();
    private readonly (long Ticks, int Lines)[] recent = new (long, int)[Kept];
    private int newest;

    /// <summary>The date of the next line of this time; <paramref name="resolution"/> is what the log tells apart, both in ticks.</summary>
    public long Next(long ticks, long resolution)
    {
        lock (gate)
        {
            for (var i = 0; i < Kept; i++)
            {
                ref var entry = ref recent[(newest + Kept - i) % Kept];
                if (entry.Ticks == ticks)
                    return ticks + Math.Min(entry.Lines++, resolution - 1);
            }

            newest = (newest + 1) % Kept;
            recent[newest] = (ticks, 1);
            return ticks;
        }
    }

    internal void Write(BinaryWriter output)
    {
        lock (gate)
        {
            output.Write7BitEncodedInt(Kept);
            for (var i = 1; i <= Kept; i++) // the newest last
            {
                var (ticks, lines) = recent[(newest + i) % Kept];
                output.Write(ticks);
                output.Write7BitEncodedInt(lines);
            }
        }
    }

    internal void Read(BinaryReader input)
    {
        lock (gate)
        {
            for (var count = input.Read7BitEncodedInt(); count > 0; count--)
            {
                newest = (newest + 1) % Kept;
                recent[newest] = (input.ReadInt64(), input.Read7BitEncodedInt());
            }
        }
    }
}
