using System.Buffers;

namespace VendorPortal.Segments;

/// <summary>Room for the columns of one segment at a time, borrowed: queries come often, and each would fill the heap with large arrays.</summary>
internal sealed class SegmentBuffers : IDisposable
{
    private readonly byte[][] heads = NewArrays();
    private readonly byte[][] bodies = NewArrays();
    private SegmentBuffers? second;

    /// <summary>Room for a second segment that the first is made from.</summary>
    public SegmentBuffers Second => second ??= new SegmentBuffers();

    public Span<byte> Head(SegmentColumn column, int length) => Room(ref heads[(int)column], length);

    public Span<byte> Body(SegmentColumn column, int length) => Room(ref bodies[(int)column], length);

    public void Dispose()
    {
        foreach (var array in (ReadOnlySpan<byte[]>)[.. heads, .. bodies])
            Return(array);
        Array.Fill(heads, []);
        Array.Fill(bodies, []);
        second?.Dispose();
    }

    private static byte[][] NewArrays()
    {
        var arrays = new byte[SegmentLimits.Columns][];
        Array.Fill(arrays, []);
        return arrays;
    }

    private static Span<byte> Room(ref byte[] array, int length)
    {
        if (array.Length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(length);
            array.CopyTo(larger, 0);
            Return(array);
            array = larger;
        }

        return array.AsSpan(0, length);
    }

    private static void Return(byte[] array)
    {
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
    }
}
