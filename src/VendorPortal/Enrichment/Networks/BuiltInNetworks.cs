using System.IO.Compression;
using System.Security.Cryptography;

namespace VendorPortal.Enrichment.Networks;

/// <summary>One of the tables that come with the portal: whose data it is, and of when.</summary>
internal sealed record BuiltInTable(string Origin, DateOnly Date, RangeTable Ranges);

/// <summary>
/// The networks that come with the portal: countries, and the prefixes of clouds. What they were made of, and how to make them anew, is
/// told in docs/decisions/ADR-009.
/// </summary>
/// <remarks>
/// Brotli over: the mark, then for each table origin, date, values, number of entries, and three columns: the zero bits at the end of each
/// distance to the entry before, the rest of the distance (7 bits a byte, lowest first), and the number of the value (0 is unknown).
/// </remarks>
internal sealed record BuiltInNetworks(BuiltInTable Countries, BuiltInTable Hosts, byte[] Hash)
{
    public const string Mark = "portal networks 1";

    private const string Resource = "VendorPortal.Enrichment.Networks.networks.bin";
    private static readonly Lazy<BuiltInNetworks> Loaded = new(Load);

    public static BuiltInNetworks Current => Loaded.Value;

    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Write"/> makes.</exception>
    public static BuiltInNetworks Read(byte[] file)
    {
        using var unpacked = new BrotliStream(new MemoryStream(file), CompressionMode.Decompress);
        using var reader = new BinaryReader(unpacked);
        if (reader.ReadString() != Mark)
            throw new InvalidDataException("These are no networks of the portal.");
        return new BuiltInNetworks(
            ReadTable(reader, code => new NetworkRecord { Country = code }), ReadTable(reader, host => new NetworkRecord { Host = host }), SHA256.HashData(file));
    }

    /// <summary>The bytes for tables of countries and of hosts; their hashes are of what is written.</summary>
    public static byte[] Write(BuiltInTable countries, BuiltInTable hosts)
    {
        using var file = new MemoryStream();
        using (var packed = new BrotliStream(file, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var writer = new BinaryWriter(packed))
        {
            writer.Write(Mark);
            WriteTable(writer, countries, record => record.Country!);
            WriteTable(writer, hosts, record => record.Host!);
        }

        return file.ToArray();
    }

    internal static BuiltInNetworks Load()
    {
        using var resource = typeof(BuiltInNetworks).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        var file = new byte[resource.Length];
        resource.ReadExactly(file);
        return Read(file);
    }

    private static BuiltInTable ReadTable(BinaryReader reader, Func<string, NetworkRecord> recordOf)
    {
        var origin = reader.ReadString();
        var date = DateOnly.FromDayNumber(reader.ReadInt32());
        var records = new NetworkRecord[reader.ReadByte() + 1];
        records[0] = NetworkRecord.Nothing;
        for (var i = 1; i < records.Length; i++)
            records[i] = recordOf(reader.ReadString());
        var count = reader.Read7BitEncodedInt();
        var zeros = reader.ReadBytes(count);
        var starts = new UInt128[count];
        var last = UInt128.Zero;
        for (var i = 0; i < count; i++)
            starts[i] = last += ReadNumber(reader) << zeros[i];
        var values = reader.ReadBytes(count);
        if (values.Length != count || values.Any(value => value >= records.Length))
            throw new InvalidDataException("A table of networks is cut short or damaged.");
        return new BuiltInTable(origin, date, RangeTable.Flat(starts, values, records));
    }

    private static void WriteTable(BinaryWriter writer, BuiltInTable table, Func<NetworkRecord, string> valueOf)
    {
        var entries = table.Ranges.Entries().ToList();
        var values = entries.Where(e => e.Record != NetworkRecord.Nothing).Select(e => valueOf(e.Record)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        writer.Write(table.Origin);
        writer.Write(table.Date.DayNumber);
        writer.Write(checked((byte)values.Count));
        foreach (var value in values)
            writer.Write(value);
        writer.Write7BitEncodedInt(entries.Count);
        var distances = entries.Select((entry, i) => entry.Start - (i == 0 ? UInt128.Zero : entries[i - 1].Start)).ToList();
        foreach (var distance in distances)
            writer.Write((byte)Zeros(distance));
        foreach (var distance in distances)
            WriteNumber(writer, distance >> Zeros(distance));
        foreach (var (_, record) in entries)
            writer.Write((byte)(record == NetworkRecord.Nothing ? 0 : values.BinarySearch(valueOf(record), StringComparer.Ordinal) + 1));
    }

    private static int Zeros(UInt128 distance) => distance == UInt128.Zero ? 0 : (int)UInt128.TrailingZeroCount(distance);

    private static UInt128 ReadNumber(BinaryReader reader)
    {
        var number = UInt128.Zero;
        for (var shift = 0; shift < 128; shift += 7)
        {
            var next = reader.ReadByte();
            number |= (UInt128)(next & 0x7Fu) << shift;
            if (next < 0x80)
                break;
        }

        return number;
    }

    private static void WriteNumber(BinaryWriter writer, UInt128 number)
    {
        for (; number >= 0x80; number >>= 7)
            writer.Write((byte)((byte)number | 0x80));
        writer.Write((byte)number);
    }
}
