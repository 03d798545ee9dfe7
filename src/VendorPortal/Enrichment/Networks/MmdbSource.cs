namespace VendorPortal.Enrichment.Networks;

/// <summary>
/// The facts of an MMDB file. All records are read once, so that a damaged file is known when it is loaded and a look-up only walks the
/// tree.
/// </summary>
internal sealed class MmdbSource : INetworkSource
{
    private const int MaxRecords = 8_000_000;

    private readonly MmdbFile file;
    private readonly Dictionary<int, NetworkRecord> records = [];

    /// <exception cref="NetworkFileException">A part of the file is damaged.</exception>
    public MmdbSource(MmdbFile file)
    {
        this.file = file;
        var offsets = file.Offsets();
        if (offsets.Count > MaxRecords)
            throw new NetworkFileException($"It has more than {MaxRecords:N0} records.");
        var same = new Dictionary<NetworkRecord, NetworkRecord>();
        foreach (var offset in offsets)
        {
            if (file.Decode(offset) is not Dictionary<string, object?> map)
                continue;
            var record = NetworkFields.Read(name => Field(map, name));
            if (record == NetworkRecord.Nothing)
                continue;
            same.TryAdd(record, record);
            records.Add(offset, same[record]);
        }

        if (records.Count == 0)
            throw new NetworkFileException($"A database of type {file.Type} tells nothing of country, organisation or type of networks.");
    }

    public int Networks => records.Count;

    public bool TryFind(UInt128 address, out NetworkRecord record, out int bits)
    {
        var found = file.TryFind(address, out var offset, out bits) && records.ContainsKey(offset);
        record = found ? records[offset] : NetworkRecord.Nothing;
        return found;
    }

    private static object? Field(Dictionary<string, object?> map, string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? map.GetValueOrDefault(name) : (map.GetValueOrDefault(name[..dot]) as Dictionary<string, object?>)?.GetValueOrDefault(name[(dot + 1)..]);
    }
}
