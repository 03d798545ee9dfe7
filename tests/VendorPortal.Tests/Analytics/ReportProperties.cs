using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Analytics;
using VendorPortal.Classification;
using VendorPortal.Components.Insights;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Analytics;

/// <summary>Reports and series of random logs against a plain count of the same pulls.</summary>
public sealed class ReportProperties
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] Namespaces = ["acme", "beta", "-"];

    // Several namespaces, one of them the beginning of another, and the method that goes with a kind.
    private static Gen<LoggedPull> Pull =>
        from pull in RandomLogs.Pull
        from artifact in Gen.Elements(pull.Artifact, pull.Artifact, "beta/app", "beta2/app", "alone")
        select pull with { Artifact = artifact, Rule = pull.Kind == PullKind.VersionCheck ? PullRule.HeadTag : pull.Kind == PullKind.PullByDigest ? PullRule.GetDigest : PullRule.GetTag };

    [Fact]
    public void Reports_RandomPulls_AgreeWithABruteForceCountHoweverTheLogIsKept() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5),
        Prop.ForAll(Pull.ListOf(200).ToArbitrary(), pulls => ReportsAgreeAsync(pulls).GetAwaiter().GetResult()));

    [Fact]
    public void Series_RandomPulls_AgreeWithABruteForceCount() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(10),
        Prop.ForAll(Pull.ListOf(200).ToArbitrary(), pulls => SeriesAgreeAsync(pulls).GetAwaiter().GetResult()));

    [Fact]
    public void PageSeriesAndFiles_OfTheSameWeek_TellTheSameNumbers() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5),
        Prop.ForAll(Pull.ListOf(200).ToArbitrary(), pulls => PageSeriesAndFilesAgreeAsync(pulls).GetAwaiter().GetResult()));

    private static async Task PageSeriesAndFilesAgreeAsync(IReadOnlyList<LoggedPull> pulls)
    {
        using var store = await StoreAsync();
        new LogBuilder(store).Add(pulls);
        using var bench = new ReportBench(store, Now);
        var table = new SummaryTableReader(new SummaryReader(store.Database));
        foreach (var (vendor, ns) in from v in Enumerable.Range(1, RandomLogs.Vendors) from n in Namespaces select (v, n))
        {
            var artifacts = await bench.Calendar.ArtifactsAsync(vendor, ns, CancellationToken.None);
            var points = await bench.Series.ReadAsync(vendor, ns, artifacts, new SeriesQuery(ReportTimespan.Weeks, 12, SeriesGroup.Repo), CancellationToken.None);
            foreach (var period in (await bench.Calendar.PeriodsAsync(vendor, ns, ReportTimespan.Weeks, CancellationToken.None)).Select(p => p.Period))
            {
                var view = InsightsView.Default with { Months = null, From = period.FirstDay, To = period.LastDay, ByNamespace = true, Chosen = [ns] };
                var filter = view.Range(DateOnly.FromDateTime(Now.UtcDateTime)).ApplyTo(view.Filter());
                var page = await table.ReadAsync(vendor, filter, new SummaryQuery(SummaryGroup.Artifact, SummarySort.Name, true, null, 0, 1000), CancellationToken.None);

                var shown = page.Lines.Select(line => (Repository: ReportOracle.RepositoryOf(line.Artifact!), line.Whole)).OrderBy(line => line.Repository, StringComparer.Ordinal).ToList();
                var file = (await bench.RowsAsync(vendor, new ReportKey(ns, period, ReportView.RepoSummary))).Skip(1);
                Assert.Equal(
                    shown.Select(line => $"{line.Repository}|{line.Whole.UniqueAddresses}|{line.Whole.ByTag}|{line.Whole.ByDigest}|{line.Whole.Checks}"),
                    file.Select(row => string.Join('|', row.Skip(1).Take(5))).Order(StringComparer.Ordinal));
                Assert.Equal(
                    shown.Where(line => line.Whole.ByTag + line.Whole.ByDigest > 0).Select(line => (line.Repository, line.Whole.ByTag + line.Whole.ByDigest)),
                    points.Where(point => point.Period == period).Select(point => (point.Repository, point.Pulls)));
                Assert.Equal(shown.Sum(line => line.Whole.ByTag), page.ByTag);
            }
        }
    }

    private static async Task ReportsAgreeAsync(IReadOnlyList<LoggedPull> pulls)
    {
        using var store = await StoreAsync();
        var log = new LogBuilder(store);
        log.Add(pulls);
        using var bench = new ReportBench(store, Now, maxPartBytes: 4096);
        var hashes = await AgreeAsync(bench, log);
        for (var vendor = 1; vendor <= RandomLogs.Vendors; vendor++)
        {
            await store.SealAsync(vendor, seal: 8, max: 16);
            await using var context = store.Contexts.ForVendor(vendor);
            context.RemoveRange(context.Reports);
            await context.SaveChangesAsync();
        }

        // The same bytes from segments as from the log, and at another time.
        Directory.Delete(bench.Folder, recursive: true);
        using var later = new ReportBench(store, Now.AddDays(100), maxPartBytes: 4096);
        Assert.Equal(hashes, await AgreeAsync(later, log));
    }

    private static async Task<List<string>> AgreeAsync(ReportBench bench, LogBuilder log)
    {
        var hashes = new List<string>();
        foreach (var (vendor, ns, timespan) in from v in Enumerable.Range(1, RandomLogs.Vendors) from n in Namespaces from t in Enum.GetValues<ReportTimespan>() select (v, n, t))
        {
            var reported = ReportOracle.Reported(log.Pulls, vendor, ns).ToList();
            var periods = await bench.Calendar.PeriodsAsync(vendor, ns, timespan, CancellationToken.None);
            Assert.Equal(reported.Select(p => ReportPeriod.Of(timespan, DateOnly.FromDateTime(p.At))).Distinct(), periods.Select(p => p.Period));
            foreach (var key in from p in periods from v in ReportNames.Views select new ReportKey(ns, p.Period, v))
            {
                var rows = await bench.RowsAsync(vendor, key);
                Assert.Equal(
                    ReportOracle.Rows(key, [.. reported.Where(p => p.At >= key.Period.FromUtc && p.At < key.Period.ToUtc)]),
                    rows.Skip(1).Select(row => string.Join('|', row)));
                hashes.AddRange((await bench.Files.EnsureAsync(vendor, key, CancellationToken.None))!.Parts.Select(part => part.Sha256));
            }
        }

        return hashes;
    }

    private static async Task SeriesAgreeAsync(IReadOnlyList<LoggedPull> pulls)
    {
        using var store = await StoreAsync();
        var log = new LogBuilder(store);
        log.Add(pulls);
        using var bench = new ReportBench(store, Now);
        foreach (var (vendor, ns, timespan) in from v in Enumerable.Range(1, RandomLogs.Vendors) from n in Namespaces from t in Enum.GetValues<ReportTimespan>() select (v, n, t))
        {
            var artifacts = await bench.Calendar.ArtifactsAsync(vendor, ns, CancellationToken.None);
            foreach (var lines in Enum.GetValues<SeriesGroup>())
            {
                var points = await bench.Series.ReadAsync(vendor, ns, artifacts, new SeriesQuery(timespan, 12, lines), CancellationToken.None);
                var expected = from p in ReportOracle.Reported(log.Pulls, vendor, ns)
                               where ReportOracle.IsDownload(p)
                               group p by (
                                   Period: ReportPeriod.Of(timespan, DateOnly.FromDateTime(p.At)),
                                   Repo: lines == SeriesGroup.Repo ? ReportOracle.RepositoryOf(p.Artifact) : "",
                                   Country: lines == SeriesGroup.Country ? p.Network.Country ?? "" : "") into g
                               select new SeriesPoint(g.Key.Period, ns, g.Key.Repo, g.Key.Country, g.Count(), ReportOracle.Addresses(g));
                Assert.Equal(
                    expected.OrderBy(p => p.Period.FirstDay).ThenBy(p => p.Repository, StringComparer.Ordinal).ThenBy(p => p.Country, StringComparer.Ordinal), points);
            }
        }
    }

    private static async Task<TestStore> StoreAsync()
    {
        var store = new TestStore();
        for (var vendor = 1; vendor <= RandomLogs.Vendors; vendor++)
            Assert.Equal(vendor, await store.AddVendorAsync());
        return store;
    }
}
