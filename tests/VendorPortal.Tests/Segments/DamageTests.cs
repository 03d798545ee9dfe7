using Microsoft.Extensions.Logging;
using VendorPortal.Benchmarks.Areas;
using VendorPortal.Reports;
using VendorPortal.Segments;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Segments;

/// <summary>Stored segments that are not what was written: found, told once, answered from the log, built anew.</summary>
public sealed class DamageTests
{
    private const int Vendor = LogOracle.Vendor;

    public static TheoryData<SegmentColumn> Columns => [.. Enum.GetValues<SegmentColumn>()];

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task Read_AColumnWithFlippedBytes_IsRightAndHeals(SegmentColumn column)
    {
        var random = new Random((int)column);
        await CheckAsync([.. Enumerable.Range(0, 18).Select(i => Damage(column, blob =>
        {
            // Every part of the head, then anywhere.
            var at = i < 14 ? i * 2 : random.Next(blob.Length);
            blob[Math.Min(at, blob.Length - 1)] ^= (byte)random.Next(1, 256);
            return blob;
        }))]);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task Read_AColumnCutShortEmptyTooLongOrMissing_IsRightAndHeals(SegmentColumn column) =>
        await CheckAsync(
            Damage(column, blob => blob[..^1]),
            Damage(column, blob => blob[..(blob.Length / 2)]),
            Damage(column, blob => blob[..3]),
            Damage(column, _ => []),
            Damage(column, _ => null));

    [Fact]
    public async Task Read_ColumnsOfTwoSegmentsExchanged_IsRightAndHeals() =>
        await CheckAsync((store, entry) =>
        {
            using var connection = store.Database.OpenWriter();
            var other = SegmentStore.List(connection, Vendor, 0, long.MaxValue).First(e => e.Rows == entry.Rows && e != entry);
            Execute(store, "UPDATE PullSegmentColumns SET Data = (SELECT Data FROM PullSegmentColumns WHERE VendorId = 1 AND \"Column\" = 5 AND FirstId = @p0) WHERE VendorId = 1 AND \"Column\" = 5 AND FirstId = @p1", other.FirstId, entry.FirstId);
        });

    [Fact]
    public async Task Read_SegmentThatStandsTwiceInOneRange_CountsItsPullsOnceAndHeals() =>
        await CheckAsync(mayBeFoundByTheKeeper: true, [(store, entry) =>
        {
            Execute(store, "INSERT INTO PullSegments (VendorId, FirstId, LastId, \"Rows\") SELECT VendorId, FirstId + 1, LastId, \"Rows\" FROM PullSegments WHERE VendorId = 1 AND FirstId = @p0", entry.FirstId);
            Execute(store, "INSERT INTO PullSegmentColumns (VendorId, \"Column\", FirstId, Data) SELECT VendorId, \"Column\", FirstId + 1, Data FROM PullSegmentColumns WHERE VendorId = 1 AND FirstId = @p0", entry.FirstId);
        }]);

    [Theory]
    [InlineData("Rows", 20)]
    [InlineData("FirstId", 45)]
    [InlineData("LastId", 45)]
    public async Task Read_AFlippedBitInASegmentsOwnNumbers_IsRightAndHeals(string number, int bits) =>
        await CheckAsync(mayBeFoundByTheKeeper: true, [.. Enumerable.Range(0, bits).Select(bit => (Action<TestStore, SegmentStore.Entry>)((store, entry) =>
            Execute(store, $"UPDATE OR IGNORE PullSegments SET \"{number}\" = (\"{number}\" | @p1) - (\"{number}\" & @p1) WHERE VendorId = 1 AND FirstId = @p0", entry.FirstId, 1L << bit)))]);

    [Fact]
    public async Task Read_EverySegmentDamaged_IsRightAndHeals() =>
        await CheckAsync((store, _) => Execute(store, "UPDATE PullSegmentColumns SET Data = CAST(substr(Data, 1, length(Data) - 1) || x'00' || x'01' AS BLOB)"));

    private static Action<TestStore, SegmentStore.Entry> Damage(SegmentColumn column, Func<byte[], byte[]?> change) => (store, entry) =>
    {
        using var connection = store.Database.OpenWriter();
        using var find = new PreparedStatement(connection, "SELECT Data FROM PullSegmentColumns WHERE VendorId = 1 AND \"Column\" = @p0 AND FirstId = @p1", 2);
        var changed = change((byte[])find.Scalar((int)column, entry.FirstId)!);
        if (changed is null)
            Execute(store, "DELETE FROM PullSegmentColumns WHERE VendorId = 1 AND \"Column\" = @p0 AND FirstId = @p1", (int)column, entry.FirstId);
        else
            Execute(store, "UPDATE PullSegmentColumns SET Data = @p2 WHERE VendorId = 1 AND \"Column\" = @p0 AND FirstId = @p1", (int)column, entry.FirstId, changed);
    };

    private static Task CheckAsync(params Action<TestStore, SegmentStore.Entry>[] damages) => CheckAsync(mayBeFoundByTheKeeper: false, damages);

    private static async Task CheckAsync(bool mayBeFoundByTheKeeper, Action<TestStore, SegmentStore.Entry>[] damages)
    {
        using var store = LivingLogTests.Filled(seed: 7);
        await store.SealAsync(Vendor, Churn.Seal, 100);
        var random = new Random(3);
        foreach (var damage in damages)
        {
            List<SegmentStore.Entry> entries;
            using (var connection = store.Database.OpenReader())
                entries = SegmentStore.List(connection, Vendor, 0, long.MaxValue);
            Assert.True(entries.Count > 2);
            var entry = entries[random.Next(entries.Count)];
            damage(store, entry);

            var log = new Warnings();
            var database = new PortalDatabase(store.Database.ConnectionString, log);
            // Whole segments are read by their dictionaries, parts of them by their codes.
            var middle = PullIds.TimeOf(MiddleOf(store, entry));
            foreach (var filter in (PullFilter[])[PullFilter.Everything, new() { FromUtc = middle }, new() { ToUtc = middle }, .. LogOracle.Filters(2, random.Next())])
                await LogOracle.CheckAsync(database, filter);
            Assert.True(log.Count > 0 || mayBeFoundByTheKeeper, "The damage was not found.");
            var told = log.Count;
            Assert.True(told <= 1 || damages.Length == 1, "It was told more than once.");

            await store.SealAsync(Vendor, Churn.Seal, 100);
            await LogOracle.CheckAsync(database, PullFilter.Everything);
            await store.SealAsync(Vendor, Churn.Seal, 100); // what only now was found
            Assert.True(SegmentState.Read(store.Database) is { IsWhole: true, RowsAbove: < Churn.Seal });
            Assert.True(log.Count == told || mayBeFoundByTheKeeper, "It was found again after it was built anew.");
        }
    }

    private static long MiddleOf(TestStore store, SegmentStore.Entry entry)
    {
        using var connection = store.Database.OpenReader();
        return SegmentStore.IdAt(connection, Vendor, entry.FirstId, entry.LastId + 1, entry.Rows / 2)!.Value;
    }

    private static void Execute(TestStore store, string sql, params object[] values)
    {
        using var connection = store.Database.OpenWriter();
        using var statement = new PreparedStatement(connection, sql, values.Length);
        statement.Execute(values);
    }

    private sealed class Warnings : ILogger<PortalDatabase>
    {
        private int count;

        public int Count => count;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
                Interlocked.Increment(ref count);
        }
    }
}
