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

    private async Task RunAsync(RegistryRequest[] requests, IEnumerable<RegistryRequest[]> batches)
    {
        var target = await NewTargetAsync(NothingIsRecent);
        var files = batches.ToList();

        var counts = await ImportAsync(target, files);
        var again = await ImportAsync(target, files);

        var actions = requests
            .Select((request, i) => (request, facts: RequestGenerators.Facts(request, i)))
            .GroupBy(r => r.request.User, r => r.facts, StringComparer.Ordinal)
            .SelectMany(key => PullClassifier.Classify([.. key], RequestGenerators.Graph()).Select(a => (Action: a, Line:
                $"{PullIds.TimeOf(PullIds.FirstOf(new DateTime(a.Start.Ticks, DateTimeKind.Utc))):O} {key.Key} {a.Kind} {a.Rule} {a.Tag ?? a.Start.Digest} {a.Root} {a.Requests.Count}")))
            .ToList();
        // Refused clients that were let in after all make no row.
        var forgiven = actions.Where(a => a.Action.IsForgiven).Sum(a => a.Action.Requests.Count);
        Assert.Equal(new ImportCounts(requests.Length - forgiven, 0, forgiven, 0), counts);
        Assert.Equal(new ImportCounts(0, requests.Length - forgiven, forgiven, 0), again);
        var expected = actions.Where(a => !a.Action.IsForgiven).Select(a => a.Line).Order(StringComparer.Ordinal);
        await using var context = Contexts.ForVendor(target.VendorId);
        var pulls = await (
            from pull in context.Pulls
            join user in context.RegistryUsers on pull.UserId equals user.Id
            join version in context.Versions on pull.VersionId equals version.Id
            join digest in context.Versions on pull.DigestId equals digest.Id
            select new { pull, user.Principal, Version = version.Name, Digest = digest.Name }).ToListAsync();
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
