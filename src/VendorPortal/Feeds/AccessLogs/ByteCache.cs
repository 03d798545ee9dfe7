using System.Runtime.InteropServices;

namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// What bytes mean, made once for bytes that come again and again. Bounded: it starts anew where it would grow beyond its limit, and long
/// keys are not kept. The hash is seeded for each process, so that nobody outside can choose keys that collide.
/// </summary>
internal sealed class ByteCache<T>(ByteCache<T>.Maker make)
{
    private const int MaxEntries = 20_000;
    private const int MaxKey = 1_024;

    private readonly Dictionary<byte[], T> values = new(BytesComparer.Instance);

    public delegate T Maker(ReadOnlySpan<byte> bytes);

    public T Get(ReadOnlySpan<byte> bytes)
    {
        var lookup = values.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(bytes, out var value))
            return value;
        value = make(bytes);
        if (bytes.Length > MaxKey)
            return value;
        if (values.Count >= MaxEntries)
            values.Clear();
        values[bytes.ToArray()] = value;
        return value;
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(alternate), StringComparison.Ordinal);
            return (alternate.Length & 1) == 0 ? hash : (hash * 31) + alternate[^1];
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
