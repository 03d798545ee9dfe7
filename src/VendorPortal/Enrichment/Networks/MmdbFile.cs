using System.Buffers.Binary;

namespace VendorPortal.Enrichment.Networks;

/// <summary>
/// A database in MaxMind's format, version 2 (https://maxmind.github.io/MaxMind-DB/): a binary tree over the bits of an address, whose
/// leaves point at records. Held in memory: a file that is overwritten while it is mapped would end the process.
/// </summary>
internal sealed class MmdbFile
{
    private const int MaxMetadata = 128 * 1024;
    private const int SeparatorSize = 16;
    private const int FourBits = 32;
    private const int SixBits = 128;

    private readonly byte[] file;
    private readonly MmdbDecoder data;
    private readonly int nodeSize;
    private readonly uint fourRoot; // where the tree of IPv4 begins: a node, or already a leaf
    private readonly int dataSize;

    private MmdbFile(byte[] file, Dictionary<string, object?> metadata, int metadataAt)
    {
        this.file = file;
        NodeCount = (uint)Number(metadata, "node_count", 1, uint.MaxValue);
        RecordSize = (int)Number(metadata, "record_size", 24, 32);
        IpVersion = (int)Number(metadata, "ip_version", 4, 6);
        if (RecordSize is not (24 or 28 or 32) || IpVersion is not (4 or 6))
            throw new NetworkFileException($"Its records of {RecordSize} bits for IP version {IpVersion} are none of the format: 24, 28 or 32 bits for version 4 or 6.");
        Number(metadata, "binary_format_major_version", 2, 2);
        Type = metadata.GetValueOrDefault("database_type") as string ?? throw new NetworkFileException("Its metadata has no database_type.");
        BuiltUtc = DateTime.UnixEpoch.AddSeconds(Number(metadata, "build_epoch", 0, 253_402_300_799));
        nodeSize = RecordSize / 4;
        var treeSize = (long)nodeSize * NodeCount;
        if (treeSize + SeparatorSize > metadataAt)
            throw new NetworkFileException($"It is cut short: the tree of {NodeCount:N0} nodes does not fit in.");
        if (file.AsSpan((int)treeSize, SeparatorSize).ContainsAnyExcept((byte)0))
            throw new NetworkFileException("The separator after its tree is damaged.");
        dataSize = metadataAt - (int)treeSize - SeparatorSize;
        data = new MmdbDecoder(file.AsMemory((int)treeSize + SeparatorSize, dataSize));
        fourRoot = FindFourRoot();
    }

    public uint NodeCount { get; }

    public int RecordSize { get; }

    public int IpVersion { get; }

    public string Type { get; }

    public DateTime BuiltUtc { get; }

    private static ReadOnlySpan<byte> Marker => [0xAB, 0xCD, 0xEF, (byte)'M', (byte)'a', (byte)'x', (byte)'M', (byte)'i', (byte)'n', (byte)'d', (byte)'.', (byte)'c', (byte)'o', (byte)'m'];

    /// <summary>True where the bytes end as such a file does.</summary>
    public static bool Is(ReadOnlySpan<byte> file) => MetadataAt(file) >= 0;

    /// <exception cref="NetworkFileException">The file is damaged, or of another version.</exception>
    public static MmdbFile Open(byte[] file)
    {
        var at = MetadataAt(file);
        if (at < 0)
            throw new NetworkFileException("It is no MMDB file, or cut short: the mark before its metadata is missing.");
        var metadata = new MmdbDecoder(file.AsMemory(at + Marker.Length)).Decode(0) as Dictionary<string, object?>;
        return new MmdbFile(file, metadata ?? throw new NetworkFileException("Its metadata is no map."), at);
    }

    /// <summary>
    /// Where the record of an address lies, and the length of its prefix, of 128 bits. IPv4 (mapped) is sought where databases keep it: in a
    /// tree of its own, or below 96 zero bits of the IPv6 tree.
    /// </summary>
    public bool TryFind(UInt128 address, out int offset, out int bits)
    {
        (offset, bits) = (0, 0);
        var isFour = (address >> FourBits) == 0xFFFF;
        if (!isFour && (IpVersion == 4 || (address >> FourBits) == UInt128.Zero))
            return false; // below the zeros lie the answers for IPv4, which are none for the address ::1
        var node = isFour ? fourRoot : 0;
        for (bits = isFour ? SixBits - FourBits : 0; node < NodeCount && bits < SixBits; bits++)
            node = Record(node, (int)(address >> (SixBits - 1 - bits)) & 1);
        offset = node > NodeCount ? (int)(node - NodeCount - SeparatorSize) : 0;
        return node > NodeCount;
    }

    /// <summary>The record at an offset that <see cref="TryFind"/> or <see cref="Offsets"/> gave.</summary>
    /// <exception cref="NetworkFileException">It is damaged.</exception>
    public object? Decode(int offset) => data.Decode(offset);

    /// <summary>The offsets of all records that the tree leads to, each once.</summary>
    /// <exception cref="NetworkFileException">The tree leads out of the file.</exception>
    public HashSet<int> Offsets()
    {
        var offsets = new HashSet<int>();
        for (uint node = 0; node < NodeCount; node++)
        {
            for (var side = 0; side < 2; side++)
            {
                var record = Record(node, side);
                if (record <= NodeCount)
                    continue;
                var offset = (long)record - NodeCount - SeparatorSize;
                if (offset < 0 || offset >= dataSize)
                    throw new NetworkFileException($"Its tree is damaged: node {node:N0} leads out of the file.");
                offsets.Add((int)offset);
            }
        }

        return offsets;
    }

    private static int MetadataAt(ReadOnlySpan<byte> file)
    {
        var from = Math.Max(0, file.Length - MaxMetadata);
        var at = file[from..].LastIndexOf(Marker);
        return at < 0 ? -1 : from + at;
    }

    private uint FindFourRoot()
    {
        uint node = 0;
        for (var i = 0; IpVersion == 6 && i < SixBits - FourBits && node < NodeCount; i++)
            node = Record(node, 0);
        return node;
    }

    private uint Record(uint node, int side)
    {
        var bytes = file.AsSpan((int)((long)node * nodeSize), nodeSize);
        switch (RecordSize)
        {
            case 24:
                bytes = bytes[(3 * side)..];
                return ((uint)bytes[0] << 16) | ((uint)bytes[1] << 8) | bytes[2];
            case 28: // the byte in the middle holds the highest four bits of both
                var high = side == 0 ? bytes[3] >> 4 : bytes[3] & 0x0F;
                bytes = bytes[(4 * side)..];
                return ((uint)high << 24) | ((uint)bytes[0] << 16) | ((uint)bytes[1] << 8) | bytes[2];
            default:
                return BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 * side)..]);
        }
    }

    private static long Number(Dictionary<string, object?> metadata, string name, long min, long max) =>
        metadata.GetValueOrDefault(name) is ulong number && number >= (ulong)min && number <= (ulong)max
            ? (long)number
            : throw new NetworkFileException($"Its metadata has no usable {name}; accepted is {(min == max ? $"{min}" : $"{min} to {max}")}.");
}
