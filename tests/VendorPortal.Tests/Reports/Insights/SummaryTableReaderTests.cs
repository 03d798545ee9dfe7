using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports.Insights;

public sealed class SummaryTableReaderTests
{
    private static readonly PullFilter Filter = new() { Publishers = PublisherPulls.Include };

    [Theory]
    [InlineData(SummaryGroup.Namespace)]
    [InlineData(SummaryGroup.Artifact)]
    [InlineData(SummaryGroup.Version)]
    public async Task Read_EveryOrder_PagesThroughTheWholeSummaryOnce(SummaryGroup group)
    {
        using var store = new TestStore();
        new LogBuilder(store).Add(RandomLogs.Pulls(300, seed: 7));
        var summaries = new SummaryReader(store.Database);
        var all = await summaries.ReadAsync(1, Filter, group, SummaryPeriod.Week, CancellationToken.None);
        var reader = new SummaryTableReader(summaries);
        foreach (var sort in Enum.GetValues<SummarySort>())
        {
            foreach (var ascending in new[] { true, false })
            {
                var lines = new List<SummaryLine>();
                for (var skip = 0; skip < all.Count; skip += 3)
                {
                    var page = await reader.ReadAsync(1, Filter, new SummaryQuery(group, sort, ascending, null, skip, 3), CancellationToken.None);
                    Assert.Equal(all.Count, page.Total);
                    Assert.Equal(all.Sum(line => line.Whole.ByTag), page.ByTag);
                    lines.AddRange(page.Lines);
                }

                Assert.Equal(all.Select(Text).Order(StringComparer.Ordinal), lines.Select(Text).Order(StringComparer.Ordinal));
                if (sort is SummarySort.Addresses or SummarySort.Checks)
                {
                    var numbers = lines.Select(line => sort == SummarySort.Addresses ? line.Whole.UniqueAddresses : line.Whole.Checks).ToList();
                    Assert.Equal(ascending ? numbers.Order() : numbers.OrderDescending(), numbers);
                }
            }
        }
    }

    [Theory]
    [InlineData("AGENT", "acme/agent")]
    [InlineData("app:1.9", "acme/app 1.9.0")]
    [InlineData("zzz", null)]
    public async Task Read_Search_KeepsLinesWhoseNameContainsIt(string search, string? found)
    {
        using var store = new TestStore();
        var pull = new LoggedPull { Artifact = "acme/app", Version = "1.9.0" };
        new LogBuilder(store).Add([pull, pull with { Version = "2.0.0" }, pull with { Artifact = "acme/agent", Version = "3.0.0" }]);

        var page = await new SummaryTableReader(new SummaryReader(store.Database))
            .ReadAsync(1, Filter, new SummaryQuery(SummaryGroup.Version, SummarySort.Name, true, search, 0, 10), CancellationToken.None);

        Assert.Equal(found is null ? 0 : 1, page.Total);
        Assert.Equal(found, page.Lines.Select(line => $"{line.Artifact} {line.Version}").FirstOrDefault(text => text.StartsWith(found ?? "", StringComparison.Ordinal)) is { } text ? text[..found!.Length] : null);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(1000, 2)]
    [InlineData(int.MaxValue, 2)]
    public async Task Read_PageBeyondTheEnd_IsTheLast(int skip, int first)
    {
        using var store = new TestStore();
        new LogBuilder(store).Add(Enumerable.Range(0, 4).Select(i => new LoggedPull { Artifact = $"acme/app{i}" }));

        var page = await new SummaryTableReader(new SummaryReader(store.Database))
            .ReadAsync(1, Filter, new SummaryQuery(SummaryGroup.Artifact, SummarySort.Name, true, null, skip, 2), CancellationToken.None);

        Assert.Equal(($"acme/app{first}", first, 4), (page.Lines[0].Artifact, page.First, page.Total));
    }

    private static string Text(SummaryLine line) => $"{line.Namespace} {line.Artifact} {line.Version} {line.Whole}";
}
