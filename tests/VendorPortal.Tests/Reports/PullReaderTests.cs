using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Classification;
using VendorPortal.Exports;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports;

public sealed class PullReaderTests
{
    [Fact]
    public void EveryReader_RandomLogsAndFilters_AgreesWithABruteForceScan()
    {
        var cases = from log in RandomLogs.Pull.ListOf(120)
                    from filters in RandomLogs.Filter.ListOf(6)
                    from limit in Gen.Choose(1, 30)
                    from before in Gen.Choose(0, 120)
                    from removed in Gen.Choose(0, 10)
                    from sizes in Gen.Choose(1, 12).Zip(Gen.Choose(2, 40))
                    from sealAgain in Gen.Elements(true, false)
                    from damage in Gen.Choose(0, 3)
                    select (log, filters, limit, life: new Life(before, removed, sizes.Item1, sizes.Item2, sealAgain, damage));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            using var store = new TestStore();
            var log = new LogBuilder(store);
            given.life.Live(store, log, given.log).GetAwaiter().GetResult();
            foreach (var filter in given.filters.Append(PullFilter.Everything))
            {
                for (var vendor = 1; vendor <= RandomLogs.Vendors; vendor++)
                    AssertAgreement(store, log, vendor, filter, given.limit).GetAwaiter().GetResult();
            }
        }));
    }

    [Fact]
    public async Task ReadPage_WithPullsWrittenBetweenPages_FindsEachOldPullOnce()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        var start = RandomLogs.Start;
        var old = log.Add(Enumerable.Range(0, 300).Select(i => new LoggedPull { At = start.AddSeconds(i / 7) })); // seven share each instant
        var reader = new PullReader(store.Database);
        var seen = new List<long>();
        long? before = null;
        do
        {
            var page = await reader.ReadPageAsync(1, PullFilter.Everything, before, 23, CancellationToken.None);
            seen.AddRange(page.Items.Select(item => item.Id));
            before = page.Next;
            // New ones on top, late ones anywhere, also beside the row where the page ended.
            log.Add([new LoggedPull { At = start.AddHours(1) }, new LoggedPull { At = start.AddSeconds(seen.Count % 43) }, new LoggedPull { At = page.Items[^1].AtUtc }]);
        }
        while (before is not null);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(seen, seen.OrderDescending());
        Assert.Empty(old.Select(pull => pull.Id).Except(seen));
    }

    [Fact]
    public async Task ReadNewer_AfterAnId_GivesOnlyWhatIsAbove()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        var pulls = log.Add(Enumerable.Range(0, 10).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i) }));
        var newer = await new PullReader(store.Database).ReadNewerAsync(1, PullFilter.Everything, pulls[6].Id, 2, CancellationToken.None);
        Assert.Equal([pulls[9].Id, pulls[8].Id], newer.Select(item => item.Id));
    }

    [Fact]
    public async Task Read_SetsBeyondWhatAStatementCanHold_Work()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        log.Add(Enumerable.Range(0, 3000).Select(i => new LoggedPull
        {
            At = RandomLogs.Start.AddSeconds(i), Address = $"10.0.{i / 256}.{i % 256}", Artifact = $"acme/app{i % 1500}", Version = "latest",
        }));
        log.Add(new LoggedPull { Address = "192.0.2.1", Version = "1.0" });
        var reader = new PullReader(store.Database);
        var filter = PullFilter.Everything with { Addresses = ["10.0.0.0/8", "203.0.113.0/24"], Versions = ["latest"] };
        var count = await reader.CountAsync(1, filter, CancellationToken.None);
        Assert.Equal(3000, count.Count);
        Assert.Equal(3000, count.UniqueAddresses);
        Assert.Equal(1, (await reader.CountAsync(1, filter with { Addresses = ["10.0.0.0/8", "192.0.2.0/24"], Versions = ["1.0"] }, CancellationToken.None)).Count);
        Assert.Equal(3000, (await reader.ReadPageAsync(1, filter, null, 4000, CancellationToken.None)).Items.Count);
    }

    [Fact]
    public async Task Read_TextInAPersonsName_FindsThePullsOfTheAccount()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        log.Add([new LoggedPull { User = "svc-17" }, new LoggedPull { User = "bob" }, new LoggedPull()]);
        log.Describe(1, "svc-17", "Ürsula Build", null);
        var page = await new PullReader(store.Database).ReadPageAsync(1, PullFilter.Everything with { Text = "üRSULA" }, null, 50, CancellationToken.None);
        Assert.Equal("svc-17", Assert.Single(page.Items).User);
    }

    [Fact]
    public async Task Read_ItemOfAUser_HasNameEmailTagAndDigest()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        var digest = $"sha256:{new string('c', 64)}";
        log.Add(new LoggedPull { User = "alice", Version = "1.0", Digest = digest, Address = "::ffff:203.0.113.9", Client = ("docker/27.1", "docker", "27.1") });
        log.Describe(1, "alice", "Alice Doe", "alice@example.com");
        var item = Assert.Single((await new PullReader(store.Database).ReadPageAsync(1, PullFilter.Everything, null, 50, CancellationToken.None)).Items);
        Assert.Equal(("alice", "Alice Doe", "alice@example.com"), (item.User, item.UserName, item.Email));
        Assert.Equal(("1.0", "1.0", digest), (item.Version, item.Tag, item.Digest));
        Assert.Equal(("203.0.113.9", "docker", "27.1"), (item.Address, item.Client, item.ClientVersion));
        Assert.Equal(DateTimeKind.Utc, item.AtUtc.Kind);
    }

    [Fact]
    public async Task AnyRequests_ReadsOnlyTheVendorsOwn()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        var reader = new PullReader(store.Database);
        log.Add(new LoggedPull { Vendor = 2 });
        Assert.False(await reader.AnyRequestsAsync(1, CancellationToken.None));
        Assert.True(await reader.AnyRequestsAsync(2, CancellationToken.None));
    }

    [Fact]
    public async Task Read_CancelledBeforehand_Throws()
    {
        using var store = new TestStore();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new PullReader(store.Database).CountAsync(1, PullFilter.Everything, cancelled.Token));
    }

    private static async Task AssertAgreement(TestStore store, LogBuilder log, int vendor, PullFilter filter, int limit)
    {
        var expected = RandomLogs.Scan(log.Pulls, vendor, filter);
        var reader = new PullReader(store.Database);
        Assert.Equal(expected.Select(LogBuilder.Fingerprint), (await PageThrough(reader, vendor, filter, limit)).Select(LogBuilder.Fingerprint));
        await AssertExports(store, expected, vendor, filter);

        var count = await reader.CountAsync(vendor, filter, CancellationToken.None);
        Assert.Equal(expected.Count, count.Count);
        Assert.Equal(expected.Select(pull => pull.Address).OfType<string>().Distinct().Count(), count.UniqueAddresses);
        Assert.Equal(expected.Select(pull => pull.Customer).OfType<string>().Distinct().Count(), count.UniqueCustomers);
        foreach (var kind in Enum.GetValues<PullKind>())
            Assert.Equal(expected.Count(pull => pull.Kind == kind), count.Of(kind));

        await AssertOptions(store, log, vendor, filter);
        await AssertTrend(store, expected, vendor, filter);
        await SummaryAgreement.AssertAsync(store, expected, vendor, filter);
    }

    private static async Task AssertExports(TestStore store, IReadOnlyList<LoggedPull> expected, int vendor, PullFilter filter)
    {
        var export = new PullExport(store.Database, TimeProvider.System);
        using var csv = new MemoryStream();
        Assert.Equal(expected.Count, await export.WriteAsync(vendor, filter, new ExportOptions { AllColumns = true, Raw = true }, csv, CancellationToken.None));
        Assert.Equal(expected.Select(ExportedPull.Of), ExportedPull.ReadCsv(csv));
        using var lines = new MemoryStream();
        Assert.Equal(expected.Count, await export.WriteAsync(vendor, filter, new ExportOptions { Format = ExportFormat.Ndjson }, lines, CancellationToken.None));
        Assert.Equal(expected.Select(ExportedPull.Of), ExportedPull.ReadNdjson(lines));
    }

    private static async Task AssertOptions(TestStore store, LogBuilder log, int vendor, PullFilter filter)
    {
        var options = new FilterOptionsReader(store.Database);
        var dimensions = Enum.GetValues<FilterDimension>();
        var lists = await options.ReadAsync(vendor, filter, dimensions, null, int.MaxValue, CancellationToken.None);
        foreach (var dimension in dimensions)
        {
            var list = lists[dimension];
            Assert.Equal(list.Options.Count, list.Total);
            var first = await options.ReadAsync(vendor, filter, dimension, null, 2, CancellationToken.None);
            Assert.Equal(list.Options.Take(2), first.Options);
            Assert.Equal(list.Total, first.Total);
            if (dimension == FilterDimension.Version && filter.Artifacts.Count == 0)
            {
                Assert.Empty(list.Options);
                continue;
            }

            var others = filter.With(dimension, []).WithNot(dimension, []);
            var expected = RandomLogs.Scan(log.Pulls, vendor, others).GroupBy(pull => RandomLogs.ValueOf(dimension, pull)).ToDictionary(group => group.Key, group => (long)group.Count());
            Assert.Equal(expected.OrderBy(pair => pair.Key), list.Options.Where(option => option.Count > 0).ToDictionary(option => option.Value, option => option.Count).OrderBy(pair => pair.Key));

            var values = FilterValues.From(RandomLogs.PoolOf(dimension));
            var choices = await options.ReadChoicesAsync(vendor, filter, dimension, values, null, 2, CancellationToken.None);
            Assert.Equal(first.Options, choices.Found.Options);
            Assert.Equal(values.Select(value => (long)RandomLogs.Scan(log.Pulls, vendor, others.With(dimension, [value])).Count), values.Select(value => choices.Counts[value]));
        }
    }

    private static async Task AssertTrend(TestStore store, IReadOnlyList<LoggedPull> expected, int vendor, PullFilter filter)
    {
        var (reader, zone) = (new TrendReader(store.Database, TimeProvider.System), TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu"));
        var trend = await reader.ReadAsync(vendor, filter, zone, CancellationToken.None);
        var totals = await reader.ReadTotalsAsync(vendor, filter, zone, CancellationToken.None);
        Assert.Equal(trend.Buckets, totals.Trend.Buckets);
        Assert.Equal(expected.Count, totals.Count.Count);
        Assert.Equal(expected.Select(pull => pull.Address).OfType<string>().Distinct().Count(), totals.Count.UniqueAddresses);
        Assert.Equal(expected.Count, trend.Buckets.Sum(bucket => bucket.ByTag + bucket.ByDigest + bucket.Checks + bucket.Denied));
        foreach (var bucket in trend.Buckets)
        {
            var end = bucket.StartUtc + trend.Step;
            var within = expected.Where(pull => pull.At >= bucket.StartUtc && pull.At < end).ToList();
            Assert.Equal(
                (within.Count(pull => pull.Kind == PullKind.PullByTag), within.Count(pull => pull.Kind == PullKind.PullByDigest), within.Count(pull => pull.Kind == PullKind.VersionCheck), within.Count(pull => pull.Kind == PullKind.Denied)),
                (bucket.ByTag, bucket.ByDigest, bucket.Checks, bucket.Denied));
        }
    }

    private static async Task<List<PullItem>> PageThrough(PullReader reader, int vendor, PullFilter filter, int limit)
    {
        var items = new List<PullItem>();
        long? before = null;
        do
        {
            var page = await reader.ReadPageAsync(vendor, filter, before, limit, CancellationToken.None);
            Assert.True(page.Items.Count == limit || page.Next is null);
            items.AddRange(page.Items);
            before = page.Next;
        }
        while (before is not null);
        return items;
    }

    /// <summary>What happens to a log before it is read: sealed, written into, deleted from, sealed again, damaged.</summary>
    private sealed record Life(int Before, int Removed, int Seal, int Max, bool SealAgain, int Damage)
    {
        public async Task Live(TestStore store, LogBuilder log, IEnumerable<LoggedPull> pulls)
        {
            var all = pulls.ToList();
            log.Add(all.Take(Before));
            await SealAll(store);
            log.Add(all.Skip(Before));
            foreach (var pull in log.Pulls.Take(Removed).ToList())
                log.Remove(pull);
            if (SealAgain)
                await SealAll(store);
            using var connection = store.Database.OpenWriter();
            using var command = connection.CreateCommand();
            // One byte of some blobs, in the head, the dictionary or the codes.
            command.CommandText = $"""
                UPDATE PullSegmentColumns SET Data = CAST(substr(Data, 1, length(Data) * {Damage} / 4) || x'5A' || substr(Data, length(Data) * {Damage} / 4 + 2) AS BLOB)
                WHERE {Damage} > 0 AND (FirstId + "Column") % 3 = 0
                """;
            command.ExecuteNonQuery();
        }

        private async Task SealAll(TestStore store)
        {
            for (var vendor = 1; vendor <= RandomLogs.Vendors; vendor++)
                await store.SealAsync(vendor, Seal, Max);
        }
    }
}
