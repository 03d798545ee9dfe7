using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports.Insights;

public sealed class BreakdownReaderTests
{
    [Fact]
    public void Read_RandomPulls_AgreesWithABruteForceScan()
    {
        var cases = from log in RandomLogs.Pull.ListOf(120)
                    from filter in RandomLogs.Filter
                    from limit in Gen.Choose(1, 20)
                    select (log, filter, limit);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            using var store = new TestStore();
            var log = new LogBuilder(store);
            log.Add(given.log);
            store.SealAsync(1, 40, 60).GetAwaiter().GetResult();
            var kept = RandomLogs.Scan(log.Pulls, 1, given.filter);

            var read = new BreakdownReader(store.Database).ReadAsync(1, given.filter, given.limit, CancellationToken.None).GetAwaiter().GetResult();

            Same(read.Tags, kept.Where(pull => !IsDigest(pull)), pull => (pull.Artifact, pull.Version));
            Same(read.Digests, kept.Where(IsDigest), pull => (pull.Artifact, pull.Version));
            Same(read.Countries, kept, Of(FilterDimension.Country));
            Same(read.Hosts, kept, Of(FilterDimension.Host));
            Same(read.NetworkTypes, kept, Of(FilterDimension.NetworkType));
            Same(read.Tools, kept, Of(FilterDimension.Client));
            Same(read.ToolVersions, kept, pull => (pull.Client?.Tool ?? "-", pull.Client?.Version ?? "-"));
            Assert.All(new[] { read.Tags, read.Hosts, read.ToolVersions }, list => Assert.Equal(Math.Min(list.Total, given.limit), list.Items.Count));
            Assert.Equal(read.Countries.Total, read.Countries.Items.Count);
        }));

        static bool IsDigest(LoggedPull pull) => pull.Version.StartsWith("sha256:", StringComparison.Ordinal);

        static Func<LoggedPull, (string?, string)> Of(FilterDimension dimension) => pull => (null, RandomLogs.ValueOf(dimension, pull));
    }

    private static void Same(BreakdownList list, IEnumerable<LoggedPull> pulls, Func<LoggedPull, (string? Of, string Value)> key)
    {
        var groups = pulls.GroupBy(key).ToDictionary(group => group.Key, group => (long)group.Count());
        Assert.Equal(groups.Count, list.Total);
        Assert.Equal(groups.Values.Sum(), list.Pulls);
        Assert.All(list.Items, item => Assert.Equal(groups[(item.Of, item.Value)], item.Pulls));
        Assert.Equal(groups.Values.OrderDescending().Take(list.Items.Count), list.Items.Select(item => item.Pulls));
    }
}
