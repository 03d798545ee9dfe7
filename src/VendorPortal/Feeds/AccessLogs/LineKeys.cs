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

    private Dictionary<UInt128, int> current = new();
    private Dictionary<UInt128, int> previous = new();

    public EventKey Of(ReadOnlySpan<byte> line)
    {
        var hash = LineHash.Of(key, line);
        if (current.Count == Remembered)
        {
            (previous, current) = (current, previous);
            current.Clear();
        }

        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(current, hash, out var known);
        if (!known && previous.TryGetValue(hash, out var before))
            seen = before;
        return new EventKey(hash + (UInt128)(uint)seen++);
    }
}
