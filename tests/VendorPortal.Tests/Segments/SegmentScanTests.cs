using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Segments;

namespace VendorPortal.Tests.Segments;

/// <summary>The loops over columns against plain counts, without a store: dictionaries of one, few and many values, filters of every form.</summary>
public sealed class SegmentScanTests
{
    private const long Millisecond = 1 << 8;

    private static readonly SegmentColumn[] Dictionaries =
        [SegmentColumn.Labels, SegmentColumn.Kind, SegmentColumn.Artifact, SegmentColumn.Client, SegmentColumn.Customer, SegmentColumn.User, SegmentColumn.Version, SegmentColumn.Address];

    [Fact]
    public void EveryOutput_RandomRowsAndFilters_AgreesWithAPlainCount()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(Cases.ToArbitrary(), given =>
        {
            var rows = Rows(given.Seed, given.Count);
            var filter = Filter(new Random(given.Seed + 1), rows);
            var kept = rows.Where(row => Keeps(filter, row)).ToList();
            using var scan = new SegmentScan(filter);
            using var buffers = new SegmentBuffers();
            var seen = new Answers();
            foreach (var segment in Segments(rows, given.Size, buffers))
                seen.Ask(scan, segment, filter);
            seen.AssertAre(kept, filter, rows);
        }));
    }

    [Fact]
    public void Column_AnyByteChanged_IsNotBelieved()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Cases.ToArbitrary(), given =>
        {
            var random = new Random(given.Seed);
            var builder = Builder(Rows(given.Seed, given.Count));
            var column = (SegmentColumn)random.Next(SegmentLimits.Columns);
            var blob = builder.Build(column);
            blob[random.Next(blob.Length)] ^= (byte)(1 << random.Next(8));
            using var buffers = new SegmentBuffers();
            var segment = new PullSegment(1, long.MaxValue, builder.Rows, new Blob(blob), buffers);
            Assert.Equal(1, Assert.Throws<SegmentDamagedException>(() => Read(segment, column)).FirstId);
        }));
    }

    private static Gen<(int Seed, int Count, int Size)> Cases =>
        from seed in Gen.Choose(0, 1_000_000)
        from count in Gen.Choose(1, 3000)
        from size in Gen.Choose(1, 3000)
        select (seed, count, size);

    private static void Read(PullSegment segment, SegmentColumn column)
    {
        switch (column)
        {
            case SegmentColumn.Ids:
                segment.Ids(new long[segment.Rows]);
                break;
            case SegmentColumn.Grains:
                segment.Grains(new long[segment.Rows], new int[segment.Rows]);
                break;
            default:
                segment.Dictionary(column);
                segment.Codes(column);
                break;
        }
    }

    // Few kinds and labels, as many artifacts as fit one byte, more versions and addresses than do; -1 is the unknown.
    private static List<Row> Rows(int seed, int count)
    {
        var random = new Random(seed);
        var step = random.Next(1, 3_600_000);
        var rows = new List<Row>(count);
        var id = 5 * SegmentLimits.Grain;
        for (var i = 0; i < count; i++)
        {
            id += 1 + (random.Next(4) == 0 ? random.Next(step) * Millisecond : 0);
            rows.Add(new Row(id, [
                random.Next(20) == 0 ? 1 : 0, 1 + random.Next(4), 1 + random.Next(1 + (seed % 300)), 7, random.Next(-1, 30), random.Next(-1, 5), 1 + random.Next(600), random.Next(-1, 1000),
            ]));
        }

        return rows;
    }

    private static SegmentFilter Filter(Random random, List<Row> rows)
    {
        var columns = new List<ColumnFilter>();
        foreach (var column in Dictionaries.Where(_ => random.Next(4) == 0))
            columns.Add(new ColumnFilter(column, random.Next(3) > 0 ? Some(random, column, rows) : null, random.Next(3) == 0 ? Some(random, column, rows) : null));
        var range = random.Next(3) == 0;
        return new SegmentFilter(range ? rows[random.Next(rows.Count)].Id : 0, range ? rows[random.Next(rows.Count)].Id + random.Next(2) : long.MaxValue, columns)
        {
            AnyOf = random.Next(3) == 0 ? [.. Dictionaries.Where(_ => random.Next(3) == 0).Select(column => new ColumnFilter(column, Some(random, column, rows)))] : [],
        };
    }

    // From no value over those of a few rows to nearly all.
    private static IdBits Some(Random random, SegmentColumn column, List<Row> rows)
    {
        var one = random.Next(1, 9);
        var bits = IdBits.Of([4711]);
        foreach (var row in rows)
        {
            if (row.Values[(int)column] % 9 < one - 1)
                bits.Add(row.Values[(int)column]);
        }

        return bits;
    }

    private static bool Keeps(SegmentFilter filter, Row row) =>
        row.Id >= filter.FirstId && row.Id < filter.EndId && filter.Columns.All(column => KeepsValue(column, row))
        && (filter.AnyOf.Count == 0 || filter.AnyOf.Any(column => KeepsValue(column, row)));

    private static bool KeepsValue(ColumnFilter column, Row row) => column.Keeps(row.Values[(int)column.Column]);

    private static SegmentBuilder Builder(IReadOnlyList<Row> rows)
    {
        var builder = new SegmentBuilder(rows.Count);
        foreach (var row in rows)
            builder.Add(row.Id, row.Values);
        return builder;
    }

    // Newest first, as the log gives them.
    private static IEnumerable<PullSegment> Segments(List<Row> rows, int size, SegmentBuffers buffers) =>
        rows.Chunk(size).Reverse().Select(part => Builder(part).ToSegment(part[0].Id, part[^1].Id, buffers));

    private sealed record Row(long Id, int[] Values);

    private sealed class Blob(byte[] bytes) : IColumnBytes
    {
        public bool TryRead(SegmentColumn column, int offset, Span<byte> into)
        {
            if (offset + into.Length > bytes.Length)
                return false;
            bytes.AsSpan(offset, into.Length).CopyTo(into);
            return true;
        }
    }

    private sealed class Answers
    {
        private readonly List<long> ids = [];
        private readonly long[] byKind = new long[KindSums.Kinds];
        private readonly IdBits addresses = new();
        private readonly IdBits customers = new();
        private readonly List<GrainSums> series = [];
        private readonly long[][] options = [[], [], [], [], [], [], [], []];
        private readonly GroupSummary summary = new(SegmentColumn.Version, [0, 500, 1000, 5000]);

        public void Ask(SegmentScan scan, PullSegment segment, SegmentFilter filter)
        {
            scan.Count(segment, byKind);
            scan.Collect(segment, addresses, customers);
            scan.Options(segment, Array.ConvertAll(Dictionaries, column => new OptionColumn(column, filter.Columns.FirstOrDefault(own => own.Column == column))), options);
            scan.Trend(segment, series);
            scan.Summarize(segment, summary);
            scan.Page(segment, ids, int.MaxValue);
        }

        public void AssertAre(List<Row> kept, SegmentFilter filter, List<Row> rows)
        {
            Assert.Equal(kept.Select(row => row.Id).Reverse(), ids);
            for (var kind = 1; kind < KindSums.Kinds; kind++)
                Assert.Equal(kept.Count(row => row.Values[(int)SegmentColumn.Kind] == kind), byKind[kind]);
            Assert.Equal(Different(kept, SegmentColumn.Address), addresses.CountKnown());
            Assert.Equal(Different(kept, SegmentColumn.Customer), customers.CountKnown());
            Assert.Equal(
                kept.GroupBy(row => row.Id / SegmentLimits.Grain).OrderByDescending(grain => grain.Key).Select(grain => (grain.Key, grain.Count())),
                series.Select(grain => (grain.Grain, grain.Pulls[1] + grain.Pulls[2] + grain.Pulls[3] + grain.Pulls[4])));
            AssertOptions(filter, rows);
            using (summary)
            {
                summary.Close();
                AssertSummary(kept, summary.Finish([]));
            }

        }

        private void AssertOptions(SegmentFilter filter, List<Row> rows)
        {
            for (var i = 0; i < Dictionaries.Length; i++)
            {
                var column = Dictionaries[i];
                var others = filter with { Columns = [.. filter.Columns.Where(other => other.Column != column)] };
                var expected = rows.Where(row => Keeps(others, row)).GroupBy(row => row.Values[(int)column]).ToDictionary(group => group.Key, group => (long)group.Count());
                var told = options[i].Select((count, place) => (Value: place - 1, Count: count)).Where(option => option.Count != 0).ToDictionary(option => option.Value, option => option.Count);
                Assert.Equal(expected.OrderBy(pair => pair.Key), told.OrderBy(pair => pair.Key));
            }
        }

        private static void AssertSummary(List<Row> kept, IReadOnlyList<GroupSums> told)
        {
            var parts = kept.GroupBy(row => (Period: (int?)PeriodOf(row.Id), Group: row.Values[(int)SegmentColumn.Version]))
                .Concat(kept.GroupBy(row => (Period: (int?)null, Group: row.Values[(int)SegmentColumn.Version])));
            Assert.Equal(
                parts.Select(part => (part.Key.Period, part.Key.Group, part.Count(), Different(part, SegmentColumn.Address))).Order(),
                told.Select(part => (part.Period, part.Group, part.Pulls[1] + part.Pulls[2] + part.Pulls[3] + part.Pulls[4], part.Addresses)).Order());
        }

        private static int PeriodOf(long id) => (id / SegmentLimits.Grain) switch { < 500 => 0, < 1000 => 1, < 5000 => 2, _ => 3 };

        private static int Different(IEnumerable<Row> rows, SegmentColumn column) =>
            rows.Select(row => row.Values[(int)column]).Where(value => value != SegmentLimits.Unknown).Distinct().Count();
    }
}
