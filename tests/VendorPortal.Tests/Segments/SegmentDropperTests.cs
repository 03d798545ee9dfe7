using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Segments;

public sealed class SegmentDropperTests
{
    private const int Vendor = LogOracle.Vendor;

    [Fact]
    public async Task Touch_BelowAboveAndWithinSegments_ListsWhatIsWithin()
    {
        using var store = new TestStore();
        var pulls = await SealedAsync(store);
        Touch(store, maxChanges: 100, pulls[10].Id, pulls[10].Id, pulls[10].Id + 1, pulls[^1].Id + 1);
        using var connection = store.Database.OpenReader();
        Assert.Equal([new(pulls[10].Id, 2), new(pulls[10].Id + 1, 1)], SegmentStore.Changes(connection, Vendor, 0, long.MaxValue));
        Assert.Equal(3, SegmentState.Read(store.Database).Segments);
        await LogOracle.CheckAsync(store.Database, PullFilter.Everything);
    }

    [Fact]
    public async Task Touch_MoreThanASegmentMayList_DropsItAlone()
    {
        using var store = new TestStore();
        var pulls = await SealedAsync(store);
        Touch(store, maxChanges: 5, [.. pulls.Skip(110).Take(6).Select(pull => pull.Id)]);
        Assert.Equal(2, SegmentState.Read(store.Database).Segments);
        await LogOracle.CheckAsync(store.Database, PullFilter.Everything);
        await store.SealAsync(Vendor, 50, 100);
        Assert.True(SegmentState.Read(store.Database) is { IsWhole: true, Segments: 3 });
    }

    [Fact]
    public async Task Touch_RolledBack_LeavesNoTrace()
    {
        using var store = new TestStore();
        var pulls = await SealedAsync(store);
        using (var connection = store.Database.OpenWriter())
        using (var segments = new SegmentDropper(connection) { MaxChanges = 2 })
        {
            using (var transaction = connection.BeginTransaction())
            {
                segments.Begin(transaction);
                foreach (var pull in pulls.Take(5))
                    segments.Touch(Vendor, pull.Id);
                transaction.Rollback();
            }

            using var again = connection.BeginTransaction();
            segments.Begin(again);
            segments.Touch(Vendor, pulls[0].Id);
            again.Commit();
        }

        Assert.True(SegmentState.Read(store.Database) is { Segments: 3, Changes: 1 });
    }

    [Theory]
    [InlineData(0, 299)]
    [InlineData(0, 10)]
    [InlineData(99, 100)]
    [InlineData(150, 299)]
    [InlineData(120, 130)]
    public async Task TouchRange_OfDeletedPulls_KeepsEveryAnswerRight(int first, int last)
    {
        using var store = new TestStore();
        var pulls = await SealedAsync(store);
        using (var connection = store.Database.OpenWriter())
        using (var segments = new SegmentDropper(connection))
        {
            using var transaction = connection.BeginTransaction();
            segments.Begin(transaction);
            segments.TouchRange(Vendor, pulls[first].Id, pulls[last].Id);
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM Pulls WHERE VendorId = @vendor AND Id >= @first AND Id <= @last";
            command.Parameters.AddWithValue("@vendor", Vendor);
            command.Parameters.AddWithValue("@first", pulls[first].Id);
            command.Parameters.AddWithValue("@last", pulls[last].Id);
            Assert.Equal(last - first + 1, command.ExecuteNonQuery());
            transaction.Commit();
        }

        await LogOracle.CheckAsync(store.Database, PullFilter.Everything);
        await store.SealAsync(Vendor, 50, 100);
        Assert.True(SegmentState.Read(store.Database) is { IsWhole: true, RowsAbove: < 50 } state && state.RowsInSegments + state.RowsAbove == 299 - last + first);
        await LogOracle.CheckAsync(store.Database, PullFilter.Everything);
    }

    // 300 pulls in three segments.
    private static async Task<IReadOnlyList<LoggedPull>> SealedAsync(TestStore store)
    {
        var pulls = new LogBuilder(store).Add(Enumerable.Range(0, 300).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i) }));
        await store.SealAsync(Vendor, 50, 100);
        Assert.Equal(3, SegmentState.Read(store.Database).Segments);
        return pulls;
    }

    private static void Touch(TestStore store, int maxChanges, params long[] ids)
    {
        using var connection = store.Database.OpenWriter();
        using var transaction = connection.BeginTransaction();
        using var segments = new SegmentDropper(connection) { MaxChanges = maxChanges };
        segments.Begin(transaction);
        foreach (var id in ids)
            segments.Touch(Vendor, id);
        transaction.Commit();
    }
}
