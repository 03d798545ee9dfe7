using System.Data.Common;
using System.Globalization;
using VendorPortal.Reports;
using VendorPortal.Segments;

namespace VendorPortal.Exports;

/// <summary>
/// The values of a dimension as cells, each read and encoded when it is first met. Rows name a value by its slot. What is remembered is
/// bounded by whoever begins the batches.
/// </summary>
internal sealed class DimensionCells(Dimension dimension, PullLayout layout)
{
    /// <summary>The slot of "unknown".</summary>
    public const int UnknownSlot = 0;

    private const int BytesOfValue = 100; // a slot, an entry, an array
    private const int BytesOfCell = 24;

    // Values that nobody asked for yet are remembered up to here.
    private const int MaxAheadBytes = 8 * 1024 * 1024;

    // Where at least every so manieth id of a range is wanted, the range is read instead of the ids.
    private const int DenseFrom = 8;
    private const int MaxWrittenIds = 500;

    private readonly Dictionary<int, int> slots = new();
    private readonly List<int> missing = [];
    private readonly List<byte[][]> cells = [];
    private readonly byte[][] unknown = Encode(dimension.Read(null), layout);

    /// <summary>What is remembered takes about so much memory.</summary>
    public long Bytes { get; private set; }

    public Dimension Dimension => dimension;

    /// <summary>The cells of a slot, in the order of the dimension's columns.</summary>
    public byte[][] this[int slot] => cells[slot];

    /// <summary>Begins a batch: slots of earlier ones are no longer valid. What a batch has left unread is not remembered.</summary>
    public void Begin(bool forget)
    {
        if (cells.Count > 0 && missing.Count == 0 && !forget)
            return;
        slots.Clear();
        missing.Clear();
        cells.Clear();
        Bytes = 0;
        slots[SegmentLimits.Unknown] = UnknownSlot;
        cells.Add(unknown);
    }

    /// <summary>The slot of a value; its cells are there after the next fetch.</summary>
    public int SlotOf(int id)
    {
        if (slots.TryGetValue(id, out var slot))
            return slot;
        missing.Add(id);
        return Add(id, unknown); // what became of a dimension's row does not keep a pull from being shown
    }

    /// <summary>Reads what is missing.</summary>
    public void Fetch(DbConnection connection, int vendorId)
    {
        if (missing.Count == 0)
            return;
        missing.Sort();
        var (first, last) = (missing[0], missing[^1]);
        if (last - first < (long)missing.Count * DenseFrom)
            Fetch(connection, vendorId, string.Create(CultureInfo.InvariantCulture, $"BETWEEN {first} AND {last}"));
        else
        {
            foreach (var ids in missing.Chunk(MaxWrittenIds))
                Fetch(connection, vendorId, $"IN ({string.Join(',', ids)})");
        }

        missing.Clear();
    }

    private void Fetch(DbConnection connection, int vendorId, string ids)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT Id, {dimension.Query.Columns} FROM {dimension.Query.Table} WHERE VendorId = @vendor AND Id {ids}";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var id = reader.GetInt32(0);
            if (slots.TryGetValue(id, out var slot))
                cells[slot] = Encode(dimension.Read(reader), layout);
            else if (Bytes < MaxAheadBytes)
                slot = Add(id, Encode(dimension.Read(reader), layout));
            else
                continue;
            Bytes += cells[slot].Sum(cell => cell.Length + BytesOfCell) + BytesOfValue;
        }
    }

    private int Add(int id, byte[][] value)
    {
        cells.Add(value);
        slots[id] = cells.Count - 1;
        return cells.Count - 1;
    }

    private static byte[][] Encode(string?[] texts, PullLayout layout)
    {
        var encoded = new byte[texts.Length][];
        for (var i = 0; i < texts.Length; i++)
            encoded[i] = texts[i] is null ? layout.Unknown : i > 0 && ReferenceEquals(texts[i], texts[0]) ? encoded[0] : layout.Encode(texts[i]!);
        return encoded;
    }
}
