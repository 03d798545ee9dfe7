using System.Runtime.InteropServices;
using VendorPortal.Journal;

namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// The event key of a log line: the hash of its bytes, and its number among identical lines. A log with a resolution of a second writes
/// the same line twice for two requests; read again from the same place, they have the same keys. Identical lines share their
/// second, so they are near each other: they are told apart over the last <see cref="Remembered"/> different lines and forgotten beyond.
/// </summary>
internal sealed class LineKeys(UInt128 key)
{
    /// <summary>Different lines over which identical ones are told apart, at the least.</summary>
    public const int Remembered = 16_384;

    // What is written down of them: identical lines share their time, and lines are written nearly in the order of their times.
    private const long WrittenTicks = 10 * TimeSpan.TicksPerSecond;
    private const int MaxWritten = 4_096;

    private Dictionary<UInt128, Seen> current = new();
    private Dictionary<UInt128, Seen> previous = new();
    private long newest;

    /// <summary>The key of the next line; <paramref name="ticks"/> is the time that it tells.</summary>
    public EventKey Of(ReadOnlySpan<byte> line, long ticks)
    {
        var hash = LineHash.Of(key, line);
        if (current.Count == Remembered)
        {
            (previous, current) = (current, previous);
            current.Clear();
        }

        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(current, hash, out var known);
        if (!known)
            seen = new Seen(ticks, previous.TryGetValue(hash, out var before) ? before.Lines : 0);
        newest = Math.Max(newest, ticks);
        return new EventKey(hash + (UInt128)(uint)seen.Lines++);
    }

    internal void Write(BinaryWriter output)
    {
        var recent = current.Concat(previous.Where(entry => !current.ContainsKey(entry.Key))).Where(entry => entry.Value.Ticks >= newest - WrittenTicks).ToList();
        if (recent.Count > MaxWritten)
            recent = [.. recent.OrderByDescending(entry => entry.Value.Ticks).Take(MaxWritten)];
        output.Write7BitEncodedInt(recent.Count);
        foreach (var (hash, seen) in recent)
        {
            output.Write((ulong)(hash >> 64));
            output.Write((ulong)hash);
            output.Write(seen.Ticks);
            output.Write7BitEncodedInt(seen.Lines);
        }
    }

    internal void Read(BinaryReader input)
    {
        for (var count = input.Read7BitEncodedInt(); count > 0; count--)
        {
            var hash = new UInt128(input.ReadUInt64(), input.ReadUInt64());
            var seen = new Seen(input.ReadInt64(), input.Read7BitEncodedInt());
            current[hash] = seen;
            newest = Math.Max(newest, seen.Ticks);
        }
    }

    private record struct Seen(long Ticks, int Lines);
}
