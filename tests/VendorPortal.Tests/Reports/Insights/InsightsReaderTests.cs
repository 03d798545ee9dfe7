using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports.Insights;

public sealed class InsightsReaderTests
{
    [Fact]
    public void Read_RandomPulls_AgreesWithABruteForceScanInEveryBucket()
    {
        var cases = from log in RandomLogs.Pull.ListOf(150)
                    from filter in RandomLogs.Filter
                    from range in Ranges
                    from byNamespace in Gen.Elements(true, false)
                    from seal in Gen.Choose(20, 60)
                    select (log, filter, range, byNamespace, seal);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            using var store = new TestStore();
            var log = new LogBuilder(store);
            log.Add(given.log.Select(pull => pull with { At = RandomLogs.Start - ((pull.At - RandomLogs.Start) * 20) })); // over half a year
            store.SealAsync(1, given.seal, given.seal * 2).GetAwaiter().GetResult();
            var (filter, range) = (given.filter with { FromUtc = null, ToUtc = null }, given.range);
            var kept = RandomLogs.Scan(log.Pulls, 1, range.ApplyTo(filter));

            var series = new InsightsReader(store.Database).ReadAsync(1, filter, range, given.byNamespace, CancellationToken.None).GetAwaiter().GetResult();

            Assert.Equal(Sums(kept), series.Whole);
            Assert.Equal(series.Buckets.Select(bucket => Sums(In(kept, bucket))), series.Sums);
            var downloads = kept.Where(pull => pull.Kind is PullKind.PullByTag or PullKind.PullByDigest).ToLookup(pull => given.byNamespace ? RandomLogs.NamespaceOf(pull.Artifact) : pull.Artifact);
            Assert.Equal(downloads.Select(line => line.Key).Order(StringComparer.Ordinal), series.Lines.Select(line => line.Name).Order(StringComparer.Ordinal));
            Assert.All(series.Lines, line => Assert.Equal(series.Buckets.Select(bucket => (long)In(downloads[line.Name], bucket).Count()), line.Downloads));
            Assert.Equal(series.Lines.Select(line => line.Total).OrderDescending(), series.Lines.Select(line => line.Total));
        }));
    }

    [Fact]
    public async Task ReadBefore_RangeUpToToday_HasTheSameHoursOfItsLastDay()
    {
        var now = new DateTime(2026, 5, 20, 9, 30, 0, DateTimeKind.Utc);
        using var store = new TestStore();
        new LogBuilder(store).Add([new LoggedPull { At = now.AddDays(-30) }, new LoggedPull { At = now.AddDays(-7).AddHours(-1) }, new LoggedPull { At = now.AddDays(-7).AddHours(1) }]);
        var range = new InsightsRange(new(2026, 5, 18), new(2026, 5, 20), InsightsStep.Week);

        var before = await new InsightsReader(store.Database).ReadBeforeAsync(1, InsightsFilter, range, false, now, CancellationToken.None);

        Assert.Equal(1, InsightsSeries.Downloads(before!.Whole));
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(10, true)]
    public async Task ReadBefore_LogBeganWithinIt_IsNone(int daysAgo, bool isThere)
    {
        var now = new DateTime(2026, 5, 20, 9, 30, 0, DateTimeKind.Utc);
        using var store = new TestStore();
        new LogBuilder(store).Add([new LoggedPull { At = now.AddDays(-daysAgo) }]);
        var range = new InsightsRange(new(2026, 5, 18), new(2026, 5, 20), InsightsStep.Week);

        Assert.Equal(isThere, await new InsightsReader(store.Database).ReadBeforeAsync(1, InsightsFilter, range, false, now, CancellationToken.None) is not null);
    }

    private static readonly PullFilter InsightsFilter = new();

    private static Gen<InsightsRange> Ranges =>
        from first in Gen.Choose(0, 200)
        from days in Gen.Choose(0, 150)
        from step in Gen.Elements(InsightsStep.Day, InsightsStep.Week, InsightsStep.Month)
        let start = new DateOnly(2025, 9, 1).AddDays(first)
        select new InsightsRange(start, start.AddDays(days), step);

    private static IEnumerable<LoggedPull> In(IEnumerable<LoggedPull> pulls, InsightsBucket bucket) =>
        pulls.Where(pull => DateOnly.FromDateTime(pull.At) is var day && day >= bucket.First && day <= bucket.Last);

    private static PullSums Sums(IEnumerable<LoggedPull> pulls)
    {
        var all = pulls.ToList();
        return new PullSums(
            all.Count(pull => pull.Kind == PullKind.PullByTag), all.Count(pull => pull.Kind == PullKind.PullByDigest), all.Count(pull => pull.Kind == PullKind.VersionCheck),
            all.Count(pull => pull.Kind == PullKind.Denied), all.Select(pull => pull.Address).OfType<string>().Distinct().Count());
    }
}
