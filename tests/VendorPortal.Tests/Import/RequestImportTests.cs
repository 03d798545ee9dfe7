using System.Data.Common;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Import;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Import;

public sealed class RequestImportTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    private static readonly DateTime NothingIsRecent = new(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private PortalHost Portal => fixture.Portal;

    private PortalDbContextFactory Contexts => Portal.Services.GetRequiredService<PortalDbContextFactory>();

    [Fact]
    public void Run_SameRequestsInAnyOrderAndBatches_GivesThePullsOfTheRules() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(
            (from requests in RequestGenerators.Requests(40)
             from shuffled in Gen.Shuffle(requests)
             from size in Gen.Choose(1, 50)
             select (requests, shuffled, size)).ToArbitrary(),
            sample => RunAsync(sample.requests, sample.shuffled.Chunk(sample.size)).GetAwaiter().GetResult()));

    [Fact]
    public async Task Run_FileThatEndsInASession_IsCompletedByTheNextOne()
    {
        var target = await NewTargetAsync(NothingIsRecent);
        RegistryRequest[] all = [Pipeline.Head("1", 0, "1.0"), Pipeline.Get("2", 1, "1.0"), Pipeline.Head("3", 60, "1.0")];

        await ImportAsync(target, [all[..1]]);
        var counts = await ImportAsync(target, [all]);

        Assert.Equal(new ImportCounts(Accepted: 2, Duplicates: 1, Ignored: 0, Rejected: 0), counts);
        await using var context = Contexts.ForVendor(target.VendorId);
        Assert.Equal([(PullKind.PullByTag, 2), (PullKind.VersionCheck, 1)], (await context.Pulls.OrderBy(p => p.Id).ToListAsync()).ConvertAll(p => (p.Kind, p.Requests)));
    }

    [Fact]
    public async Task Run_MorePullsInAMillisecondThanItHasIds_KeepsThemAllAndTheirOrder()
    {
        var target = await NewTargetAsync(NothingIsRecent);
        var all = Enumerable.Range(0, 700).Select(i => Pipeline.Get($"e{i}", 0, "1.0", user: $"user{i}")).ToArray();

        Assert.Equal(700, (await ImportAsync(target, [all])).Accepted);
        Assert.Equal(new ImportCounts(0, 700, 0, 0), await ImportAsync(target, [all]));

        await using var context = Contexts.ForVendor(target.VendorId);
        Assert.Equal(700, await context.Pulls.CountAsync());
        Assert.Equal(Pipeline.Start.AddMilliseconds(2), PullIds.TimeOf(await context.Pulls.MaxAsync(p => p.Id)));
    }

    [Fact]
    public async Task Run_RequestsOnBothSidesOfTheRetention_KeepsTheYoungOnesInTheJournal()
    {
        var target = await NewTargetAsync(Pipeline.Start.AddSeconds(100));
        RegistryRequest[] all = [Pipeline.Get("1", 0, "1.0"), Pipeline.Get("2", 200, "1.0")];

        Assert.Equal(new ImportCounts(2, 0, 0, 0), await ImportAsync(target, [all]));
        Assert.Equal(new ImportCounts(0, 2, 0, 0), await ImportAsync(target, [all]));

        await using var context = Contexts.ForVendor(target.VendorId);
        var kept = Assert.Single(await context.RegistryRequests.ToListAsync());
        Assert.Equal(Pipeline.Start.AddSeconds(200), PullIds.TimeOf(kept.Id));
        await Eventually.TrueAsync(async () => await context.Pulls.CountAsync() == 2, "both are pulls");
        var feed = await context.Feeds.SingleAsync(f => f.Id == target.FeedId);
        Assert.Equal((2, 2), (feed.Accepted, feed.Duplicates));
    }

    [Fact]
    public async Task Run_IntoARangeThatIsSealed_IsSeenByReadersAtOnce()
    {
        var target = await NewTargetAsync(NothingIsRecent);
        await ImportAsync(target, [[.. Enumerable.Range(0, 9_000).Select(i => Pipeline.Get($"a{i}", i * 20, "1.0"))]]);
        await using var context = Contexts.ForVendor(target.VendorId);
        Assert.NotEmpty(await context.PullSegments.ToListAsync());

        await ImportAsync(target, [[.. Enumerable.Range(0, 50).Select(i => Pipeline.Get($"b{i}", (i * 2_000) + 10, "2.0"))]]);

        var totals = await Portal.Services.GetRequiredService<PullReader>().CountAsync(target.VendorId, PullFilter.Everything, CancellationToken.None);
        Assert.Equal(9_050, totals.Count);
        Assert.Equal(9_050, await context.DailyArtifactPulls.SumAsync(d => d.Tag));
    }

    // A row of a refusal and one of a pull are never the same, though time, names and client are.
    [Fact]
    public async Task Run_PullInTheMillisecondOfARefusal_ReplacesItNot()
    {
        var target = await NewTargetAsync(NothingIsRecent);
        RegistryRequest[] served = [Pipeline.Head("1", 0, "1.0"), Pipeline.Get("2", 0.0000002, "1.0")];
        RegistryRequest[] refused = [Pipeline.Refused("3", 0.0000005, "1.0", 404)];

        await ImportAsync(target, [refused]);
        Assert.Equal(new ImportCounts(2, 0, 0, 0), await ImportAsync(target, [served]));
        Assert.Equal(new ImportCounts(0, 3, 0, 0), await ImportAsync(target, [served, refused]));

        await using var context = Contexts.ForVendor(target.VendorId);
        Assert.Equal([(PullKind.PullByTag, 2), (PullKind.Denied, 1)], (await context.Pulls.OrderByDescending(p => p.Requests).ToListAsync()).ConvertAll(p => (p.Kind, p.Requests)));
    }

    [Fact]
    public async Task Run_RowsThatTheirSourceHasClassified_AreToldApartByTheirKind()
    {
        var target = await NewTargetAsync(NothingIsRecent);
        RegistryRequest[] check = [Pipeline.Head("1", 0, "1.0") with { GivenKind = PullKind.VersionCheck }];
        RegistryRequest[] pull = [Pipeline.Get("2", 0, "1.0") with { GivenKind = PullKind.PullByTag }];

        await ImportAsync(target, [check]);
        Assert.Equal(new ImportCounts(1, 0, 0, 0), await ImportAsync(target, [pull]));
        Assert.Equal(new ImportCounts(0, 2, 0, 0), await ImportAsync(target, [pull, check]));
    }

    [Fact]
    public async Task Run_PullWhoseRequestsTheJournalKeeps_IsLeftAsItIs()
    {
        var target = await NewTargetAsync(DateTime.MinValue);
        RegistryRequest[] all = [Pipeline.Head("1", 0, "1.0"), Pipeline.Get("2", 1, "1.0")];
        await ImportAsync(target, [all[..1]]);
        await using var context = Contexts.ForVendor(target.VendorId);
        await Eventually.TrueAsync(async () => await context.Pulls.AnyAsync(), "it is classified");

        var counts = await ImportAsync(target with { JournalFromUtc = NothingIsRecent }, [all]);

        Assert.Equal(new ImportCounts(0, 2, 0, 0), counts);
        var left = await context.Pulls.SingleAsync();
        Assert.Equal((PullKind.VersionCheck, left.Id), (left.Kind, (await context.RegistryRequests.SingleAsync()).PullId));
    }

    [Fact]
    public async Task Run_MuchToLearnAndNothingRecent_LearnsItAsItReads()
    {
        var target = await NewTargetAsync(NothingIsRecent);
        var learned = 0;
        async IAsyncEnumerable<FeedBatch> Batches()
        {
            await using var context = Contexts.ForVendor(target.VendorId);
            var batch = new FeedBatch();
            batch.Publishers.AddRange(Enumerable.Range(0, 2_500).Select(i => new PublisherFact("acme/app", $"robot{i}")));
            yield return batch;
            learned = await context.ArtifactPublishers.CountAsync(); // not held in memory until the end
        }

        await Import().RunAsync(target, Batches(), ImportFolder, new ImportMonitor(), CancellationToken.None);

        Assert.Equal(2_500, learned);
    }

    // As a log that tells only the day: all of it in one millisecond, running over into those that follow.
    [Fact]
    public async Task Run_HalfAMillionPullsOfOneMillisecondTwice_AreStoredOnce()
    {
        const int Pulls = 530_000;
        const int Parts = 20;
        var target = await NewTargetAsync(NothingIsRecent);
        RegistryRequest[] Part(int part) => [.. Enumerable.Range(part * (Pulls / Parts), Pulls / Parts).Select(i => Pipeline.Get($"e{i}", 0, "1.0", user: $"user{i % 2_000}") with { GivenKind = PullKind.PullByTag })];

        var first = await RunAsync();
        var again = await RunAsync();

        Assert.Equal(new ImportCounts(Pulls, 0, 0, 0), first);
        Assert.Equal(new ImportCounts(0, Pulls, 0, 0), again);
        await using var context = Contexts.ForVendor(target.VendorId);
        Assert.Equal(Pulls, await context.Pulls.CountAsync());

        Task<ImportCounts> RunAsync() => Import().RunAsync(target, Batches([.. Enumerable.Range(0, Parts).Select(Part)]), ImportFolder, new ImportMonitor(), CancellationToken.None);
    }

    // That it does not look again shows where a stored pull has been taken away by hand: it comes back only once the import has ended.
    [Fact]
    public async Task Run_EndedInTheMiddle_GoesOnBehindWhatIsStored()
    {
        const int Requests = 100_000;
        var target = await NewTargetAsync(NothingIsRecent);
        var all = Enumerable.Range(0, Requests).Select(i => Pipeline.Get($"e{i}", i, "1.0")).ToArray();
        var half = PullIds.Bound(Pipeline.Start.AddSeconds(Requests / 2));
        var import = Import();
        import.PartPulls = 1_000;
        await using var context = Contexts.ForVendor(target.VendorId);
        var broken = $"CREATE TRIGGER Broken BEFORE INSERT ON Pulls WHEN NEW.VendorId = {target.VendorId} AND NEW.Id >= {half} BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END";
        await context.Database.ExecuteSqlRawAsync(broken);
        await Assert.ThrowsAnyAsync<DbException>(() => import.RunAsync(target, Batches([all]), ImportFolder, new ImportMonitor(), CancellationToken.None));
        await context.Database.ExecuteSqlRawAsync("DROP TRIGGER Broken");
        var stored = await context.Pulls.CountAsync();
        Assert.InRange(stored, 1_000, Requests / 2);
        var oldest = await context.Pulls.MinAsync(p => p.Id);
        await context.Pulls.Where(p => p.Id == oldest).ExecuteDeleteAsync();

        Assert.Equal(new ImportCounts(Requests - stored, stored, 0, 0), await ImportAsync(target, [[.. all.Reverse()]]));
        Assert.Equal(Requests - 1, await context.Pulls.CountAsync());
        Assert.Empty(await context.ImportMarks.ToListAsync());

        Assert.Equal(new ImportCounts(1, Requests - 1, 0, 0), await ImportAsync(target, [all]));
        Assert.Equal(Requests, await context.Pulls.CountAsync());
    }

    // Many requests of one second behind a part that was written already.
    [Fact]
    public async Task Run_CrowdedSecond_CountsEachPartOnce()
    {
        var target = await NewTargetAsync(NothingIsRecent);
        RegistryRequest[] all =
        [
            .. Enumerable.Range(0, 20_000).Select(i => Pipeline.Get($"a{i}", i * 0.1, "1.0")),
            .. Enumerable.Range(0, 80_000).Select(i => Pipeline.Get($"b{i}", 3_000 + (i / 10_000_000.0), "1.0", user: $"user{i % 8_000}")),
        ];
        var import = Import();
        import.PartPulls = 5;

        var counts = await import.RunAsync(target, Batches([all]), ImportFolder, new ImportMonitor(), CancellationToken.None);

        Assert.Equal(new ImportCounts(all.Length, 0, 0, 0), counts);
        await using var context = Contexts.ForVendor(target.VendorId);
        Assert.Equal(all.Length, await context.Pulls.SumAsync(p => p.Requests));
    }

    [Fact]
    public async Task Run_FarMoreThanFitsIntoMemory_SpillsAndGivesTheSame()
    {
        const int Requests = 200_000;
        var random = new Random(1);
        var all = Enumerable.Range(0, Requests).Select(i => Pipeline.Get($"e{i}", i * 0.5, $"1.{i % 5}", user: $"user{i % 40}")).ToArray();
        random.Shuffle(all);
        var (small, large) = (await NewTargetAsync(NothingIsRecent), await NewTargetAsync(NothingIsRecent));
        var import = Import();
        import.RunCapacity = 5_000;

        Assert.Equal(Requests, (await import.RunAsync(small, Batches([.. all.Chunk(2_000)]), ImportFolder, new ImportMonitor(), CancellationToken.None)).Accepted);
        Assert.Equal(Requests, (await Import().RunAsync(large, Batches([.. all.Chunk(2_000)]), ImportFolder, new ImportMonitor(), CancellationToken.None)).Accepted);

        var database = Path.Combine(Portal.Folder, "portal.db");
        Assert.Equal(PastLog.Pulls(database, large.VendorId), PastLog.Pulls(database, small.VendorId));
        Assert.Empty(Directory.GetFiles(ImportFolder));
    }

    [Fact]
    public void Monitor_EndlessReasons_AreCountedInBoundedMemory()
    {
        var monitor = new ImportMonitor();
        var batch = new FeedBatch();
        for (var i = 0; i < 5_000; i++)
            batch.Reject($"reason {i}", "x"u8);

        monitor.Add(batch);

        Assert.Equal(ImportMonitor.MaxReasons + 1, monitor.RejectedByReason.Count);
        Assert.Equal(5_000, monitor.RejectedByReason.Sum(r => r.Value));
        Assert.Equal(ImportMonitor.OtherReasons, monitor.RejectedByReason[0].Key);
        Assert.Equal(ImportMonitor.MaxRejected, monitor.Rejected.Count);
    }

    private string ImportFolder => Path.Combine(Portal.Folder, "import");

    // One of its own, so that its sizes can be set.
    private RequestImport Import() => ActivatorUtilities.CreateInstance<RequestImport>(Portal.Services);

    private async Task RunAsync(RegistryRequest[] requests, IEnumerable<RegistryRequest[]> batches)
    {
        var target = await NewTargetAsync(NothingIsRecent);
        var files = batches.ToList();

        var counts = await ImportAsync(target, files);
        var again = await ImportAsync(target, files);

        var actions = requests
            .Select((request, i) => (request, facts: RequestGenerators.Facts(request, i)))
            .GroupBy(r => r.request.User, r => r.facts, StringComparer.Ordinal)
            .SelectMany(key => PullClassifier.Classify([.. key], RequestGenerators.Graph()).Select(a => (key.Key, Action: a))).ToList();
        var forgiven = actions.Where(a => a.Action.IsForgiven).Sum(a => a.Action.Requests.Count);
        Assert.Equal(new ImportCounts(requests.Length - forgiven, 0, forgiven, 0), counts);
        Assert.Equal(new ImportCounts(0, requests.Length - forgiven, forgiven, 0), again);
        var expected = actions.Where(row => !row.Action.IsForgiven)
            .Select(row => (row.Key, A: row.Action))
            .Select(row => $"{PullIds.TimeOf(PullIds.FirstOf(new DateTime(row.A.Start.Ticks, DateTimeKind.Utc))):O} {row.Key} {row.A.Kind} {row.A.Rule} {row.A.Tag ?? row.A.Start.Digest} {row.A.Root} {row.A.Requests.Count}")
            .Order(StringComparer.Ordinal);
        await using var context = Contexts.ForVendor(target.VendorId);
        var pulls = await (
            from pull in context.Pulls
            join user in context.RegistryUsers on pull.UserId equals user.Id
            join version in context.Versions on pull.VersionId equals version.Id
            join known in context.Versions on pull.DigestId equals known.Id into digests
            from digest in digests.DefaultIfEmpty()
            select new { pull, user.Principal, Version = version.Name, Digest = (string?)digest!.Name }).ToListAsync();
        Assert.Equal(expected, pulls
            .Select(p => $"{PullIds.TimeOf(p.pull.Id):O} {p.Principal} {p.pull.Kind} {p.pull.Rule} {p.Version} {p.Digest} {p.pull.Requests}")
            .Order(StringComparer.Ordinal));
        Assert.Equal(pulls.Count, await context.DailyArtifactPulls.SumAsync(d => d.Tag + d.Digest + d.Checks + d.Denied));
        Assert.Empty(await context.RegistryRequests.ToListAsync());
    }

    private Task<ImportCounts> ImportAsync(ImportTarget target, IReadOnlyList<RegistryRequest[]> files) =>
        Portal.Services.GetRequiredService<RequestImport>().RunAsync(target, Batches(files), Path.Combine(Portal.Folder, "import"), new ImportMonitor(), CancellationToken.None);

    private static async IAsyncEnumerable<FeedBatch> Batches(IReadOnlyList<RegistryRequest[]> files)
    {
        foreach (var file in files)
        {
            var batch = new FeedBatch();
            batch.Requests.AddRange(file);
            yield return batch;
            await Task.Yield();
        }
    }

    private async Task<ImportTarget> NewTargetAsync(DateTime journalFromUtc)
    {
        int vendorId;
        await using (var installation = Contexts.ForInstallation())
        {
            var vendor = new Vendor { Slug = Guid.NewGuid().ToString("N")[..12], Name = "Acme" };
            installation.Add(vendor);
            await installation.SaveChangesAsync();
            vendorId = vendor.Id;
        }

        await using var context = Contexts.ForVendor(vendorId);
        context.Add(new Feed { VendorId = vendorId, Id = 1, Name = "past", Kind = FeedKind.Ndjson, SecretHash = [1] });
        context.AddRange(RequestGenerators.Children.Select(child => new ManifestChild { VendorId = vendorId, ParentDigest = RequestGenerators.Index, ChildDigest = child }));
        await context.SaveChangesAsync();
        return new ImportTarget(vendorId, 1, journalFromUtc);
    }
}
