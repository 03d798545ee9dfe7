namespace VendorPortal.Enrichment.Networks;

/// <summary>Ranges of addresses, flattened: each entry says what holds from its start to the next. A look-up is one binary search.</summary>
internal sealed class RangeTable : INetworkSource
{
    private const int BitsOfCode = 8;

    private readonly UInt128[] starts;
    private readonly int[] codes; // index of the record << 8 | length of the prefix
    private readonly NetworkRecord[] records; // 0 is nothing

    private RangeTable(UInt128[] starts, int[] codes, NetworkRecord[] records, int networks)
    {
        this.starts = starts;
        this.codes = codes;
        this.records = records;
        Networks = networks;
    }

    public int Networks { get; }

    /// <summary>A table of entries that are flat already; <paramref name="recordOf"/> are indexes into <paramref name="records"/>, whose first is nothing.</summary>
    public static RangeTable Flat(UInt128[] starts, ReadOnlySpan<byte> recordOf, NetworkRecord[] records)
    {
        var flat = new int[recordOf.Length];
        for (var i = 0; i < flat.Length; i++)
            flat[i] = recordOf[i] << BitsOfCode;
        return new RangeTable(starts, flat, records, flat.Count(code => code != 0));
    }

    /// <summary>Where each record begins to hold, in order, neighbours of one record as one.</summary>
    public IEnumerable<(UInt128 Start, NetworkRecord Record)> Entries()
    {
        for (var i = 0; i < starts.Length; i++)
        {
            if (i == 0 || codes[i] >> BitsOfCode != codes[i - 1] >> BitsOfCode)
                yield return (starts[i], records[codes[i] >> BitsOfCode]);
        }
    }

    public bool TryFind(UInt128 address, out NetworkRecord record, out int bits)
    {
        var at = Array.BinarySearch(starts, address);
        if (at < 0)
            at = ~at - 1;
        var code = at < 0 ? 0 : codes[at];
        record = records[code >> BitsOfCode];
        bits = code & ((1 << BitsOfCode) - 1);
        return code >> BitsOfCode != 0;
    }

    /// <summary>Collects ranges in any order, also such as lie within each other: there the narrowest is what holds.</summary>
    internal sealed class Builder
    {
        /// <summary>Most ranges of one table, so that a file cannot take all memory.</summary>
        public const int MaxRanges = 8_000_000;

        private readonly List<(UInt128 First, UInt128 Last, int Record, int Order)> ranges = [];
        private readonly Dictionary<NetworkRecord, int> indexes = new() { [NetworkRecord.Nothing] = 0 };

        public int Count => ranges.Count;

        /// <exception cref="NetworkFileException">There are more than <see cref="MaxRanges"/>.</exception>
        public void Add(UInt128 first, UInt128 last, NetworkRecord record)
        {
            if (ranges.Count == MaxRanges)
                throw new NetworkFileException($"It has more than {MaxRanges:N0} ranges.");
            if (!indexes.TryGetValue(record, out var index))
                indexes.Add(record, index = indexes.Count);
            ranges.Add((first, last, index, ranges.Count));
        }

        public RangeTable Build()
        {
            var flat = new List<(UInt128 Start, int Code)>(ranges.Count);
            Flatten(flat);
            var records = new NetworkRecord[indexes.Count];
            foreach (var (record, index) in indexes)
                records[index] = record;
            return new RangeTable([.. flat.Select(entry => entry.Start)], [.. flat.Select(entry => entry.Code)], records, ranges.Count);
        }

        // From left to right over all ends; of the ranges that are open the narrowest holds, of equal ones the first in the file.
        private void Flatten(List<(UInt128 Start, int Code)> into)
        {
            ranges.Sort((a, b) => a.First.CompareTo(b.First));
            var open = new PriorityQueue<(UInt128 Last, int Code), (UInt128 Width, int Order)>();
            var next = 0;
            foreach (var point in Points())
            {
                for (; next < ranges.Count && ranges[next].First == point; next++)
                {
                    var (first, last, record, order) = ranges[next];
                    var bits = (int)UInt128.LeadingZeroCount(last - first);
                    open.Enqueue((last, (record << BitsOfCode) | bits), (last - first, order));
                }

                while (open.TryPeek(out var top, out _) && top.Last < point)
                    open.Dequeue();
                var code = open.TryPeek(out var holds, out _) ? holds.Code : 0;
                if (into.Count == 0 || into[^1].Code != code)
                    into.Add((point, code));
            }
        }

        private List<UInt128> Points()
        {
            var points = new List<UInt128>(ranges.Count * 2);
            foreach (var (first, last, _, _) in ranges)
            {
                points.Add(first);
                if (last != UInt128.MaxValue)
                    points.Add(last + 1);
            }

            points.Sort();
            return points;
        }
    }
}
