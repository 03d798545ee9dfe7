using VendorPortal.Enrichment.Networks;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports;

public sealed class FilterOptionsReaderTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly LogBuilder log;

    public FilterOptionsReaderTests() => log = new LogBuilder(store);

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task Versions_OfAnArtifact_AreNewestFirstWithShortDigestLabels()
    {
        var digest = $"sha256:{new string('d', 64)}";
        string[] versions = ["latest", "1.9.0", digest, "1.10.0-rc.1", "1.10.0"];
        log.Add(versions.Select(version => new LoggedPull { Version = version }));
        log.Add(new LoggedPull { Artifact = "acme/other", Version = "9.9.9" });
        var list = await Read(PullFilter.Everything with { Artifacts = ["acme/app"], Versions = ["1.9.0"] }, FilterDimension.Version);
        Assert.Equal(["1.10.0", "1.10.0-rc.1", "1.9.0", "latest", digest], list.Options.Select(option => option.Value));
        Assert.Equal("sha256:dddddddddddd…", list.Options[^1].Label);
    }

    [Fact]
    public async Task Versions_SameTagOfTwoArtifacts_IsOneOption()
    {
        log.Add([new LoggedPull { Artifact = "acme/a" }, new LoggedPull { Artifact = "acme/b" }, new LoggedPull { Artifact = "acme/c" }]);
        var option = Assert.Single((await Read(PullFilter.Everything with { Artifacts = ["acme/a", "acme/b"] }, FilterDimension.Version)).Options);
        Assert.Equal(("1.0", 2), (option.Value, option.Count));
    }

    [Fact]
    public async Task Versions_WithoutArtifact_AreNotListed()
    {
        log.Add(new LoggedPull());
        Assert.Empty((await Read(PullFilter.Everything, FilterDimension.Version)).Options);
    }

    [Fact]
    public async Task Customers_AreMostPulledFirstWithUnknownByItsName()
    {
        log.Add([new LoggedPull { Customer = "beta" }, new LoggedPull { Customer = "Alpha" }, new LoggedPull(), new LoggedPull()]);
        var list = await Read(PullFilter.Everything, FilterDimension.Customer);
        Assert.Equal([new("-", "Unknown", 2), new("Alpha", "Alpha", 1), new FilterOption("beta", "beta", 1)], list.Options);
    }

    [Fact]
    public async Task Users_AreLabelledWithNameAndPrincipalAndFoundByBoth()
    {
        log.Add([new LoggedPull { User = "svc-17" }, new LoggedPull { User = "bob" }]);
        log.Describe(1, "svc-17", "Ürsula Build", null);
        Assert.Equal([new FilterOption("svc-17", "Ürsula Build (svc-17)", 1)], (await Read(PullFilter.Everything, FilterDimension.User, "üRSULA")).Options);
        Assert.Equal("svc-17", Assert.Single((await Read(PullFilter.Everything, FilterDimension.User, "SVC")).Options).Value);
        Assert.Empty((await Read(PullFilter.Everything, FilterDimension.User, "%")).Options);
    }

    [Fact]
    public async Task Addresses_LimitedList_StillTellsTheTotal()
    {
        log.Add(Enumerable.Range(0, 30).Select(i => new LoggedPull { Address = $"203.0.113.{i}" }));
        var list = await Read(PullFilter.Everything, FilterDimension.Address, "0.113", 10);
        Assert.Equal((10, 30), (list.Options.Count, list.Total));
    }

    [Fact]
    public async Task Kinds_AreAllListedInTheirOrder()
    {
        log.Add(new LoggedPull());
        var list = await Read(PullFilter.Everything with { Kinds = [KindNames.Denied] }, FilterDimension.Kind);
        Assert.Equal(KindNames.All, list.Options.Select(option => option.Value));
        Assert.Equal([1, 0, 0, 0], list.Options.Select(option => option.Count));
    }

    [Fact]
    public async Task Countries_AreSummedOverAddressesAndFoundByTheirNames()
    {
        log.Add(
        [
            new LoggedPull { Address = "203.0.113.1", Network = Of("DE") }, new LoggedPull { Address = "203.0.113.2", Network = Of("DE") },
            new LoggedPull { Address = "203.0.113.3", Network = Of("FR") }, new LoggedPull { Address = "203.0.113.4" }, new LoggedPull(),
        ]);
        Assert.Equal([new("DE", "Germany", 2), new("-", "Unknown", 2), new FilterOption("FR", "France", 1)], (await Read(PullFilter.Everything, FilterDimension.Country)).Options);
        Assert.Equal([new FilterOption("DE", "Germany", 2)], (await Read(PullFilter.Everything with { Countries = ["FR"] }, FilterDimension.Country, "germ")).Options);
        Assert.Equal(2, (await Read(PullFilter.Everything with { Countries = ["DE"] }, FilterDimension.Address)).Total);

        static NetworkFacts Of(string country) => new(country, null, null, null);
    }

    [Fact]
    public async Task TagDigests_OfAMovedTag_AreOfItsNewestPull()
    {
        var (older, newer) = ($"sha256:{new string('a', 64)}", $"sha256:{new string('b', 64)}");
        var start = RandomLogs.Start;
        log.Add(Enumerable.Range(0, 40).Select(i => new LoggedPull { At = start.AddMinutes(i), Version = i % 2 == 0 ? "latest" : $"1.{i}", Digest = i < 20 ? older : newer }));
        log.Add([new LoggedPull { Artifact = "acme/other", Version = "latest", Digest = older, At = start.AddDays(1) }, new LoggedPull { Version = "bare", At = start }]);
        var digests = await new TagDigestReader(store.Database).ReadAsync(1, ["acme/app"], CancellationToken.None);
        var expected = Enumerable.Range(0, 40).Where(i => i % 2 == 1).Select(i => ($"1.{i}", i < 20 ? older : newer)).Append(("latest", newer));
        Assert.Equal(expected.Order(), digests.Select(pair => (pair.Key, pair.Value)).Order());
    }

    private Task<FilterOptionList> Read(PullFilter filter, FilterDimension dimension, string? search = null, int limit = 100) =>
        new FilterOptionsReader(store.Database).ReadAsync(1, filter, dimension, search, limit, CancellationToken.None);
}
