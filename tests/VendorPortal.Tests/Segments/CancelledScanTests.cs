using Microsoft.Data.Sqlite;
using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Storage.Sqlite;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Segments;

/// <summary>A reader who no longer waits stops the scan where it is, and leaves its connection as good as before.</summary>
public sealed class CancelledScanTests
{
    private const int Rows = 4_000;
    private const int MostInASegment = 100;

    [Fact]
    public async Task Scan_CancelledInTheMiddle_EndsThereAndItsConnectionReadsOn()
    {
        using var store = new TestStore();
        new LogBuilder(store).Add(Enumerable.Range(0, Rows).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i) }));
        await store.SealAsync(LogOracle.Vendor, seal: 50, max: MostInASegment);
        Assert.True(SegmentState.Read(store.Database) is { IsWhole: true, Segments: > 30 });
        using (var connection = new SqliteConnection(store.Database.ConnectionString))
            SqliteConnection.ClearPool(connection); // what is opened now is the only one
        using var cancelling = new CancellationTokenSource();
        object? cancelled = null;
        var seen = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ScanAsync(
            handle => cancelled = handle,
            () =>
            {
                if (Interlocked.Increment(ref seen) == 5)
                    cancelling.Cancel();
            },
            cancelling.Token));

        Assert.InRange(seen, 5, 20);
        object? again = null;
        Assert.Equal(Rows, await ScanAsync(handle => again = handle, () => { }, CancellationToken.None));
        Assert.Same(cancelled, again);
        await LogOracle.CheckAsync(store.Database, PullFilter.Everything);

        Task<long> ScanAsync(Action<object> open, Action look, CancellationToken ct) => store.Database.ReadAsync(
            connection =>
            {
                open(SqliteReading.HandleOf(connection));
                var sum = 0L;
                LogScan.Each(
                    connection, PullSelector.Select(connection, LogOracle.Vendor, PullFilter.Everything), () => new long[Enum.GetValues<PullKind>().Length + 1],
                    (sums, scan, segment) =>
                    {
                        look();
                        scan.Count(segment, sums);
                    },
                    sums => sum += sums.Sum());
                return sum;
            },
            ct);
    }
}
