namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// What reading a log knows of the lines before: how many there were of each of the newest times, and of each of the newest lines. Written
/// down beside the place reached in a file, it gives the lines that follow the keys and dates they would have had without a break, and
/// the same ones again to lines that are read twice.
/// </summary>
internal sealed class LineMemory(LineKeys keys, LineOrder order)
{
    private const byte Version = 1;

    public LineKeys Keys => keys;

    public LineOrder Order => order;

    /// <summary>The memory that was written down; an empty one where that is null or cannot be read.</summary>
    public static LineMemory FromBytes(UInt128 key, byte[]? bytes)
    {
        var memory = new LineMemory(new LineKeys(key), new LineOrder());
        if (bytes is null)
            return memory;
        using var input = new BinaryReader(new MemoryStream(bytes, writable: false));
        try
        {
            if (input.ReadByte() == Version)
            {
                memory.Order.Read(input);
                memory.Keys.Read(input);
            }

            return memory;
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException)
        {
            return new LineMemory(new LineKeys(key), new LineOrder());
        }
    }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using (var output = new BinaryWriter(bytes))
        {
            output.Write(Version);
            order.Write(output);
            keys.Write(output);
        }

        return bytes.ToArray();
    }
}
