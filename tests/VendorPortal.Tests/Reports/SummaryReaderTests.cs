using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports;

public sealed class SummaryReaderTests
{
    [Fact]
    public void Read_RandomPullsOfManyMonths_AgreesWithABruteForceScanHoweverItIsDivided()
    {
        // Ten days become up to two years: many weeks and months, which several threads share.
        var cases = from log in RandomLogs.Pull.ListOf(150)
                    from stretch in Gen.Choose(8, 70)
                    from filters in RandomLogs.Filter.ListOf(3)
                    select (log, stretch, filters);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(15), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            using var store = new TestStore();
            var log = new LogBuilder(store);
            log.Add(given.log.Select(pull => pull with { At = RandomLogs.Start - ((pull.At - RandomLogs.Start) * given.stretch) }));
            foreach (var filter in given.filters.Append(PullFilter.Everything))
            {
                for (var vendor = 1; vendor <= RandomLogs.Vendors; vendor++)
                    SummaryAgreement.AssertAsync(store, RandomLogs.Scan(log.Pulls, vendor, filter), vendor, filter).GetAwaiter().GetResult();
            }
        }));
    }
}
