using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Reports;
using VendorPortal.Reports.Overview;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports.Overview;

public sealed class OverviewReaderTests
{
    private static readonly DateTime Now = new(2026, 5, 20, 9, 30, 0, DateTimeKind.Utc);

    [Fact]
    public void Read_RandomPulls_AgreesWithABruteForceScan()
    {
        var cases = from log in RandomLogs.Pull.ListOf(150)
                    from filter in RandomLogs.Filter
                    from range in OverviewRanges.Any
                    from seal in Gen.Choose(20, 60)
                    select (log, filter, range, seal);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(15), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            using var store = new TestStore();
            var log = new LogBuilder(store);
            log.Add(given.log.Select(OverviewRanges.Spread));
            store.SealAsync(1, given.seal, given.seal * 2).GetAwaiter().GetResult();
            var (filter, range) = (given.filter with { FromUtc = null, ToUtc = null }, given.range);
            var reader = new OverviewReader(store.Database, OverviewRanges.Clock);

            AssertAgrees(log.Pulls, range.ApplyTo(filter), range, 0, reader.ReadAsync(1, filter, range, CancellationToken.None).GetAwaiter().GetResult());
            var before = range.ApplyBefore(filter, OverviewRanges.Now);
            var own = log.Pulls.Where(pull => pull.Vendor == 1).ToList();
            var was = reader.ReadBeforeAsync(1, filter, range, CancellationToken.None).GetAwaiter().GetResult();
            Assert.Equal(before is not null && own.Count > 0 && own.Min(pull => pull.At) < before.FromUtc, was is not null);
            if (was is not null)
                AssertAgrees(log.Pulls, before!, range, range.Days, was);
        }));
    }

    [Fact]
    public async Task ReadBefore_RangeUpToToday_EndsAtTheSameTimeOfDayRightBeforeIt()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        log.Add([new LoggedPull { At = Now.AddDays(-40) }, new LoggedPull { At = Now.AddDays(-7).AddHours(-1) }, new LoggedPull { At = Now.AddDays(-7).AddHours(1) }]);
        var reader = new OverviewReader(store.Database, new ManualTimeProvider(new DateTimeOffset(Now)));
        var range = new OverviewRange(new(2026, 5, 14), new(2026, 5, 20));

        var before = await reader.ReadBeforeAsync(1, PullFilter.Everything, range, CancellationToken.None);

        Assert.Equal((1L, 1L), (before!.Downloads, before.ByBucket[^1]));
        Assert.Null(await reader.ReadBeforeAsync(1, PullFilter.Everything, range with { IsAllTime = true }, CancellationToken.None));
        Assert.Null(await reader.ReadBeforeAsync(1, PullFilter.Everything, new OverviewRange(new(2026, 4, 1), new(2026, 5, 20)), CancellationToken.None));
    }

    [Fact]
    public async Task AllTime_BeginsWithTheFirstPullOfTheVendor()
    {
        using var store = new TestStore();
        var reader = new OverviewReader(store.Database, new ManualTimeProvider(new DateTimeOffset(Now)));
        Assert.Null(await reader.AllTimeAsync(1, CancellationToken.None));

        new LogBuilder(store).Add([new LoggedPull { At = Now.AddDays(-9), Publisher = true }, new LoggedPull { At = Now.AddDays(-400), Vendor = 2 }]);

        Assert.Equal(new OverviewRange(new(2026, 5, 11), new(2026, 5, 20), IsAllTime: true), await reader.AllTimeAsync(1, CancellationToken.None));
    }

    [Fact]
    public async Task Kinds_OfArtifacts_AddUpToTheDownloads()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        log.Add(Enumerable.Range(0, 12).Select(i => new LoggedPull { At = Now.AddDays(-i), Artifact = i % 3 == 0 ? "acme/chart" : i % 3 == 1 ? "acme/model" : "acme/app" }));
        await using (var context = store.Contexts.ForVendor(1))
        {
            context.Artifacts.Single(a => a.Name == "acme/chart").ToldKinds = Artifact.BitOf(ArtifactKind.Container) | Artifact.BitOf(ArtifactKind.Helm);
            context.Artifacts.Single(a => a.Name == "acme/model").ChosenKind = ArtifactKind.Model;
            await context.SaveChangesAsync();
        }

        var totals = await new OverviewReader(store.Database, new ManualTimeProvider(new DateTimeOffset(Now)))
            .ReadAsync(1, PullFilter.Everything, new OverviewRange(new(2026, 5, 13), new(2026, 5, 20)), CancellationToken.None);

        Assert.Equal(
            [(ArtifactKind.Container, 2L), (ArtifactKind.Helm, 3L), (ArtifactKind.Model, 3L)],
            totals.ByKind.OrderBy(kind => kind.Key).Select(kind => (kind.Key, kind.Value)));
        Assert.Equal(totals.Downloads, totals.ByKind.Values.Sum());
    }

    private static void AssertAgrees(IReadOnlyList<LoggedPull> log, PullFilter filter, OverviewRange range, int daysBefore, OverviewTotals totals)
    {
        var downloads = RandomLogs.Scan(log, 1, filter with { Kinds = ["pull_by_tag", "pull_by_digest"] });
        Assert.Equal(
            (downloads.Count, downloads.Select(pull => pull.Customer).OfType<string>().Distinct().Count(), downloads.Select(pull => pull.Address).OfType<string>().Distinct().Count(),
                RandomLogs.Scan(log, 1, filter with { Kinds = ["version_check"] }).Count),
            ((int)totals.Downloads, (int)totals.Customers, (int)totals.Addresses, (int)totals.Checks));
        Assert.Equal(
            range.Cut().Buckets().Select(bucket => downloads.LongCount(pull => DateOnly.FromDateTime(pull.At).AddDays(daysBefore) is var day && day >= bucket.First && day <= bucket.Last)),
            totals.ByBucket);
        Assert.Equal(totals.Downloads, totals.ByKind.Values.Sum());
    }
}

/// <summary>Ranges over random logs that are spread over most of a year.</summary>
internal static class OverviewRanges
{
    /// <summary>Noon of the last day of the log.</summary>
    public static readonly DateTime Now = RandomLogs.Start.AddHours(12);

    /// <summary>A clock that stands there.</summary>
    public static ManualTimeProvider Clock => new(new DateTimeOffset(Now));

    public static Gen<OverviewRange> Any =>
        from first in Gen.Choose(0, 210)
        from days in Gen.Choose(0, 120)
        from shape in Gen.Choose(0, 3)
        let last = DateOnly.FromDateTime(Now)
        let start = last.AddDays(-first)
        select shape switch
        {
            0 => new OverviewRange(last.AddDays(-220), last, IsAllTime: true),
            1 => new OverviewRange(start, last),
            _ => new OverviewRange(start, start.AddDays(days) < last ? start.AddDays(days) : last),
        };

    public static LoggedPull Spread(LoggedPull pull) => pull with { At = RandomLogs.Start - ((pull.At - RandomLogs.Start) * 20) };
}
