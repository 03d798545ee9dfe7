using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Benchmarks.Areas;
using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Segments;

/// <summary>The log is written into, sealed, merged and built anew all the time; what is read of it is always what a plain pass finds.</summary>
public sealed class LivingLogTests
{
    private const int Vendor = LogOracle.Vendor;

    private static readonly Arbitrary<int> Seeds = Gen.Choose(1, int.MaxValue).ToArbitrary();

    [Fact]
    public void EveryAnswer_AfterRandomWritesAndKeeping_IsThatOfAPlainPass() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(4), Prop.ForAll(Seeds, seed => WriteKeepAndCheckAsync(seed).GetAwaiter().GetResult()));

    private static async Task WriteKeepAndCheckAsync(int seed)
    {
        using var store = Filled(seed);
        using var churn = new Churn(store.Database, store.Contexts, Vendor, seed);
        var random = new Random(seed);
        foreach (var filter in LogOracle.Filters(40, seed))
        {
            for (var writes = random.Next(6); writes >= 0; writes--)
                await churn.WriteAsync();
            if (random.Next(3) == 0)
                await churn.KeepAsync();
            await LogOracle.CheckAsync(store.Database, filter, pageSize: random.Next(1, 40));
        }

        await churn.KeepAsync();
        var state = SegmentState.Read(store.Database);
        Assert.True(state is { IsWhole: true, Segments: > 1 }, $"{state}");
        await LogOracle.CheckAsync(store.Database, PullFilter.Everything);
    }

    [Fact]
    public void EveryAnswer_WhileAWriterAndTheKeeperRun_IsThatOfAPlainPassOfTheSameSnapshot() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2), Prop.ForAll(Seeds, seed => CheckWhileTheyRunAsync(seed).GetAwaiter().GetResult()));

    private static async Task CheckWhileTheyRunAsync(int seed)
    {
        const int Checks = 28;
        using var store = Filled(seed);
        using var churn = new Churn(store.Database, store.Contexts, Vendor, seed);
        using var stop = new CancellationTokenSource();
        var (writes, keeps) = (0, 0);
        var working = Task.WhenAll(
            Repeat(async () =>
            {
                await churn.WriteAsync();
                Interlocked.Increment(ref writes);
            }),
            Repeat(async () =>
            {
                await churn.KeepAsync();
                Interlocked.Increment(ref keeps);
            }));
        await Task.WhenAll(Enumerable.Range(0, 2).Select(reader => Task.Run(async () =>
        {
            foreach (var filter in LogOracle.Filters(Checks / 2, seed ^ (1 + reader)))
            {
                var before = Volatile.Read(ref writes);
                await LogOracle.CheckAsync(store.Database, filter);
                await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref writes) > before), "there was a write between two reads");
            }
        })));
        await stop.CancelAsync();
        await working;
        Assert.True(keeps > 2 && writes > Checks / 2, $"{writes} writes, {keeps} keeps");
        await churn.KeepAsync();
        Assert.True(SegmentState.Read(store.Database).IsWhole);

        Task Repeat(Func<Task> step) => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await step();
        });
    }

    [Fact]
    public void Paging_WithPullsWrittenAndSegmentsBuiltInBetween_FindsEachOldPullOnce() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(6), Prop.ForAll(Seeds, seed => PageWriteAndSealAsync(seed).GetAwaiter().GetResult()));

    private static async Task PageWriteAndSealAsync(int seed)
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        var random = new Random(seed);
        var old = log.Add(Enumerable.Range(0, 900).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i / 5) })); // five share each instant
        await store.SealAsync(Vendor, 50, 200);
        var reader = new PullReader(store.Database);
        var seen = new List<long>();
        long? before = null;
        do
        {
            var page = await reader.ReadPageAsync(Vendor, PullFilter.Everything, before, 37, CancellationToken.None);
            seen.AddRange(page.Items.Select(item => item.Id));
            before = page.Next;
            // New ones on top, late ones above and below the place where the page ended, and in its very instant.
            var at = page.Items[^1].AtUtc;
            log.Add(
            [
                new LoggedPull { At = RandomLogs.Start.AddHours(1 + random.Next(100)) }, new LoggedPull { At = at },
                .. Enumerable.Range(0, random.Next(20)).Select(_ => new LoggedPull { At = RandomLogs.Start.AddSeconds(random.Next(180)) }),
            ]);
            if (random.Next(2) == 0)
                await store.SealAsync(Vendor, 50, 200);
        }
        while (before is not null);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(seen, seen.OrderDescending());
        Assert.Empty(old.Select(pull => pull.Id).Except(seen));
    }

    [Fact]
    public async Task Keeper_OneHugeVendorAndManyOthers_GivesEveryoneAPieceInARound()
    {
        const int Medium = 20;
        const int Tiny = 200;
        using var store = new TestStore();
        var log = new LogBuilder(store);
        // Vendor 1 is huge; 2 to 21 have enough for a segment; the others never will.
        var counts = Enumerable.Range(1, 1 + Medium + Tiny).ToDictionary(vendor => vendor, vendor => vendor == 1 ? 3_000 : vendor <= 1 + Medium ? 70 : 5);
        log.Add(counts.SelectMany(vendor => Enumerable.Range(0, vendor.Value).Select(i => new LoggedPull { Vendor = vendor.Key, At = RandomLogs.Start.AddSeconds(i) })));
        using var keeper = Keeper(store, seal: 50, max: 100);
        foreach (var vendor in counts.Keys)
            keeper.Look(vendor);

        Assert.True(await keeper.RoundAsync(CancellationToken.None));
        Assert.All(counts.Keys, vendor => Assert.Equal(vendor <= 1 + Medium ? 1 : 0, SegmentState.Read(store.Database, vendor).Segments));

        var rounds = 1;
        while (await keeper.RoundAsync(CancellationToken.None))
            Assert.True(++rounds < 100);
        Assert.Equal(30, SegmentState.Read(store.Database, vendorId: 1).Segments);
        Assert.False(await keeper.RoundAsync(CancellationToken.None));
        var reader = new PullReader(store.Database);
        Assert.All(counts, vendor => Assert.Equal(vendor.Value, reader.CountAsync(vendor.Key, PullFilter.Everything, CancellationToken.None).GetAwaiter().GetResult().Count));
    }

    [Fact]
    public async Task Keeper_SegmentsWithAFewChanges_TakesThemInOneARound()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        log.Add(Enumerable.Range(0, 600).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i * 10) }));
        await store.SealAsync(Vendor, 50, 200);
        log.Add([.. Enumerable.Range(0, 6).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds((i * 1_000) + 5) })]);
        Assert.Equal(6, SegmentState.Read(store.Database).Changes);
        using var keeper = Keeper(store, seal: 50, max: 200);
        keeper.Look(Vendor);
        var left = new List<long>();
        for (var round = 0; round < 4; round++)
        {
            Assert.False(await keeper.RoundAsync(CancellationToken.None));
            left.Add(SegmentState.Read(store.Database).Changes);
        }

        Assert.Equal([4, 2, 0, 0], left);
        Assert.Equal(606, (await new PullReader(store.Database).CountAsync(Vendor, PullFilter.Everything, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Worker_WhereAnotherHasPutASegmentSinceItWasPlanned_LeavesItAlone()
    {
        using var store = Filled(seed: 9);
        var worker = new SegmentWorker(store.Database, Vendor, new SegmentSizes(50, 200));
        SegmentWork planned, others;
        using (var connection = store.Database.OpenReader())
        {
            planned = SegmentWork.Next(connection, Vendor, [], new SegmentSizes(50, 200), long.MaxValue)!;
            others = planned with { LastId = SegmentStore.IdAt(connection, Vendor, 0, long.MaxValue, 60)!.Value };
        }

        Assert.True(await worker.DoAsync(others, CancellationToken.None));

        Assert.False(await worker.DoAsync(planned, CancellationToken.None));

        Assert.Equal(1, SegmentState.Read(store.Database).Segments);
        await LogOracle.CheckAsync(store.Database, PullFilter.Everything);
    }

    [Fact]
    public async Task Keeper_Started_TakesBackWhatAnEarlierRunAnnounced()
    {
        using var store = Filled(seed: 5);
        Assert.Equal(Vendor, await store.AddVendorAsync());
        await store.SealAsync(Vendor, Churn.Seal, Churn.Max);
        using (var connection = store.Database.OpenWriter())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE PullSegments SET \"Rows\" = 0 WHERE FirstId = (SELECT max(FirstId) FROM PullSegments)";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        await LogOracle.CheckAsync(store.Database, PullFilter.Everything);
        using var keeper = Keeper(store, Churn.Seal, Churn.Max);
        await keeper.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(SegmentState.Read(store.Database) is { IsWhole: true, RowsAbove: < Churn.Seal }), "all is in segments again");
        await keeper.StopAsync(CancellationToken.None);
        await LogOracle.CheckAsync(store.Database, PullFilter.Everything);
    }

    [Fact]
    public async Task Keeper_OneLateRowIntoAFullSegment_MakesTwoHalvesAndNoCrumbs()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        log.Add(Enumerable.Range(0, 600).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i * 10) }));
        await store.SealAsync(Vendor, 50, 200);
        log.Add(new LoggedPull { At = RandomLogs.Start.AddSeconds(15) });
        await store.SealAsync(Vendor, 50, 200);
        using var connection = store.Database.OpenReader();
        Assert.Equal([200, 200, 100, 101], SegmentStore.List(connection, Vendor, 0, long.MaxValue).Select(entry => entry.Rows));
        Assert.True(SegmentState.Read(store.Database).IsWhole);
    }

    /// <summary>A store with some random pulls of several vendors, in no segment yet.</summary>
    internal static TestStore Filled(int seed)
    {
        var store = new TestStore();
        var log = new LogBuilder(store);
        log.Add(RandomLogs.Pulls(900, seed));
        return store;
    }

    private static SegmentKeeper Keeper(TestStore store, int seal, int max) =>
        new(store.Database, store.Contexts, new PullNotifications(NullLogger<PullNotifications>.Instance), TimeProvider.System, NullLogger<SegmentKeeper>.Instance) { Sizes = new(seal, max) };
}
