using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Reports;
using VendorPortal.Reports.Overview;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports.Overview;

public sealed class ActivityReaderTests
{
    private static readonly ActivityGroup[] CountedGroups = [ActivityGroup.Artifact, ActivityGroup.Customer, ActivityGroup.User, ActivityGroup.Address];

    [Fact]
    public void Read_RandomPulls_AgreesWithABruteForceScanInEveryLine()
    {
        var cases = from log in RandomLogs.Pull.ListOf(150)
                    from filter in RandomLogs.Filter
                    from range in OverviewRanges.Any
                    from of in Gen.Elements(Enum.GetValues<ActivityGroup>())
                    from counted in Gen.Elements(CountedGroups)
                    from sort in Gen.Elements(Enum.GetValues<ActivitySort>())
                    from upwards in Gen.Elements(true, false)
                    from idle in Gen.Elements(true, false)
                    from search in Gen.Elements(null, null, "a", "ACME", "1.", "203.0.113", "zzz")
                    from seal in Gen.Choose(20, 60)
                    select (log, filter, range, query: new ActivityQuery(of, counted, sort, upwards, search, 0, 1000, idle && of is (ActivityGroup.Artifact or ActivityGroup.Customer)), seal);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            using var store = new TestStore();
            var log = new LogBuilder(store);
            log.Add(given.log.Select(OverviewRanges.Spread));
            store.SealAsync(1, given.seal, given.seal * 2).GetAwaiter().GetResult();
            var (filter, range, query) = (given.filter with { FromUtc = null, ToUtc = null }, given.range, given.query);

            var page = new ActivityReader(store.Database, OverviewRanges.Clock).ReadAsync(1, filter, range, query, CancellationToken.None).GetAwaiter().GetResult();

            AssertAgrees(log.Pulls, filter, range, query, page);
            AssertOrdered(query, page.Lines);
        }));
    }

    [Fact]
    public async Task Read_Pages_AreTheWholeListOnce()
    {
        using var store = new TestStore();
        new LogBuilder(store).Add(Enumerable.Range(0, 130).Select(i => new LoggedPull { At = OverviewRanges.Now.AddDays(-i % 20), Artifact = $"acme/app{i % 31}", Customer = $"Customer {i % 7}" }));
        var reader = new ActivityReader(store.Database, OverviewRanges.Clock);
        var range = new OverviewRange(DateOnly.FromDateTime(OverviewRanges.Now).AddDays(-9), DateOnly.FromDateTime(OverviewRanges.Now));
        var query = new ActivityQuery(ActivityGroup.Artifact, ActivityGroup.Customer, ActivitySort.Downloads, Ascending: false, Search: null, Skip: 0, Take: 1000, WithIdle: true);

        var all = await reader.ReadAsync(1, PullFilter.Everything, range, query, CancellationToken.None);
        var paged = new List<string>();
        for (var skip = 0; skip < all.Total; skip += 7)
            paged.AddRange((await reader.ReadAsync(1, PullFilter.Everything, range, query with { Skip = skip, Take = 7 }, CancellationToken.None)).Lines.Select(line => line.Name));

        Assert.Equal(31, all.Total);
        Assert.Equal(all.Lines.Select(line => line.Name), paged);
        Assert.Equal(28, (await reader.ReadAsync(1, PullFilter.Everything, range, query with { Skip = 500, Take = 7 }, CancellationToken.None)).First);
    }

    [Fact]
    public async Task Read_RepositoriesOfAKind_AreThoseThatManifestsOrMembersSay()
    {
        using var store = new TestStore();
        new LogBuilder(store).Add(new[] { "a", "b", "c" }.Select(name => new LoggedPull { At = OverviewRanges.Now.AddDays(-1), Artifact = name }));
        await using (var context = store.Contexts.ForVendor(1))
        {
            context.Artifacts.Single(a => a.Name == "b").ToldKinds = Artifact.BitOf(ArtifactKind.Helm);
            context.Artifacts.Single(a => a.Name == "c").ChosenKind = ArtifactKind.Helm;
            await context.SaveChangesAsync();
        }

        var reader = new ActivityReader(store.Database, OverviewRanges.Clock);
        var range = new OverviewRange(DateOnly.FromDateTime(OverviewRanges.Now).AddDays(-9), DateOnly.FromDateTime(OverviewRanges.Now));
        var query = new ActivityQuery(ActivityGroup.Artifact, ActivityGroup.Customer, ActivitySort.Name, Ascending: true, Search: null, Skip: 0, Take: 10) { Kind = ArtifactKind.Helm };

        var page = await reader.ReadAsync(1, PullFilter.Everything, range, query, CancellationToken.None);

        Assert.Equal(
            [("b", new KnownKind(ArtifactKind.Helm, KindSource.Manifest)), ("c", new KnownKind(ArtifactKind.Helm, KindSource.Member))],
            page.Lines.Select(line => (line.Name, line.Kind!.Value)));
    }

    [Fact]
    public async Task Read_Tags_HaveTheDigestOfTheirLastDownload()
    {
        using var store = new TestStore();
        var (old, @new) = ($"sha256:{new string('a', 64)}", $"sha256:{new string('b', 64)}");
        new LogBuilder(store).Add(
        [
            new LoggedPull { At = OverviewRanges.Now.AddDays(-3), Version = "latest", Digest = old },
            new LoggedPull { At = OverviewRanges.Now.AddDays(-1), Version = "latest", Digest = @new },
            new LoggedPull { At = OverviewRanges.Now.AddDays(-2), Version = "1.0" },
            new LoggedPull { At = OverviewRanges.Now.AddDays(-2), Version = "1.10", Digest = @new },
        ]);
        var range = new OverviewRange(DateOnly.FromDateTime(OverviewRanges.Now).AddDays(-9), DateOnly.FromDateTime(OverviewRanges.Now));

        var page = await new ActivityReader(store.Database, OverviewRanges.Clock).ReadAsync(
            1, new PullFilter { Artifacts = ["acme/app"] }, range, new ActivityQuery(ActivityGroup.Tag, ActivityGroup.Customer, ActivitySort.Name, Ascending: true, Search: null, Skip: 0, Take: 10), CancellationToken.None);

        Assert.Equal([("1.10", @new), ("1.0", null), ("latest", @new)], page.Lines.Select(line => (line.Name, line.Digest)));
    }

    // By the words of the page: what a line says is what its filter says, found without the product's reading.
    private static void AssertAgrees(IReadOnlyList<LoggedPull> log, PullFilter filter, OverviewRange range, ActivityQuery query, ActivityPage page)
    {
        var downloads = filter with { Kinds = ["pull_by_tag", "pull_by_digest"] };
        var kept = RandomLogs.Scan(log, 1, range.ApplyTo(downloads));
        var before = range.ApplyBefore(downloads, OverviewRanges.Now) is { } days && log.Where(pull => pull.Vendor == 1).Select(pull => pull.At).DefaultIfEmpty(DateTime.MaxValue).Min() < days.FromUtc
            ? RandomLogs.Scan(log, 1, days) : null;
        var ever = RandomLogs.Scan(log, 1, downloads with { FromUtc = null, ToUtc = range.ApplyTo(downloads).ToUtc });
        var expected = (query.WithIdle ? log.Where(pull => pull.Vendor == 1) : kept).Where(pull => IsOf(query.Group, pull)).Select(pull => Key(query.Group, pull))
            .Where(key => key.Name is not null || kept.Any(pull => Key(query.Group, pull).Name is null)).Distinct()
            .Where(key => query.Search is not { } text || Matches(key, text)).ToHashSet();
        var lines = page.Lines.ToDictionary(line => (line.Artifact, line.Name == PullFilter.None ? null : line.Name));
        Assert.Equal(expected.Order(), lines.Keys.Order());
        Assert.All(lines, line =>
        {
            var own = kept.Where(pull => Key(query.Group, pull) == line.Key).ToList();
            Assert.Equal(own.Count, line.Value.Downloads);
            Assert.Equal(before?.LongCount(pull => Key(query.Group, pull) == line.Key), line.Value.Before);
            Assert.Equal(own.Select(pull => Key(query.Counted, pull).Name).OfType<string>().Distinct().Count(), line.Value.Counted);
            Assert.Equal(range.Cut().Buckets().Select(bucket => own.LongCount(pull => DateOnly.FromDateTime(pull.At) is var day && day >= bucket.First && day <= bucket.Last)), line.Value.ByBucket);
            Assert.Equal(ever.Where(pull => Key(query.Group, pull) == line.Key).Select(pull => (DateTime?)pull.At).Max(), line.Value.LastUtc);
        });
        Assert.Equal((page.Lines.Count, page.Lines.Sum(line => line.Downloads)), (page.Total, page.Downloads));
    }

    private static void AssertOrdered(ActivityQuery query, IReadOnlyList<ActivityLine> lines)
    {
        IEnumerable<double> keys = query.Sort switch
        {
            ActivitySort.Downloads => lines.Select(line => (double)line.Downloads),
            ActivitySort.Counted => lines.Select(line => (double)line.Counted),
            ActivitySort.Change => lines.Where(line => line.Change is not null).Select(line => line.Change!.Value),
            ActivitySort.Last => lines.Where(line => line.LastUtc is not null).Select(line => (double)line.LastUtc!.Value.Ticks),
            _ => [],
        };
        var listed = keys.ToList();
        Assert.Equal(query.Ascending ? listed.Order() : listed.OrderDescending(), listed);
    }

    private static bool IsOf(ActivityGroup group, LoggedPull pull) => group switch
    {
        ActivityGroup.Tag => !pull.Version.Contains(':', StringComparison.Ordinal),
        ActivityGroup.Digest => pull.Version.Contains(':', StringComparison.Ordinal),
        _ => true,
    };

    private static (string? Artifact, string? Name) Key(ActivityGroup group, LoggedPull pull) => group switch
    {
        ActivityGroup.Artifact => (null, pull.Artifact),
        ActivityGroup.Customer => (null, pull.Customer),
        ActivityGroup.User => (null, pull.User),
        ActivityGroup.Address => (null, pull.Address),
        _ => (pull.Artifact, pull.Version),
    };

    private static bool Matches((string? Artifact, string? Name) key, string text) =>
        key.Name?.Contains(text, StringComparison.OrdinalIgnoreCase) == true || (key.Artifact is { } artifact && $"{artifact}:{key.Name}".Contains(text, StringComparison.OrdinalIgnoreCase));
}
