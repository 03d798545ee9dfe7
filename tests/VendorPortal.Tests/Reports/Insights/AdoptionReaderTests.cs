using VendorPortal.Classification;
using VendorPortal.Reports.Insights;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports.Insights;

public sealed class AdoptionReaderTests
{
    private static readonly DateTime Now = new(2026, 5, 20, 12, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Digests = [$"sha256:{new string('1', 64)}", $"sha256:{new string('2', 64)}", $"sha256:{new string('3', 64)}"];
    private static readonly InsightsRange Range = new(new(2026, 2, 2), new(2026, 5, 20), InsightsStep.Week);

    [Fact]
    public async Task Read_Customers_AreAsFarBehindAsThereAreNewerReleases()
    {
        using var store = Log(
            Pull("Old", "1.9.0", daysAgo: 60), Pull("Old", "1.9.0", daysAgo: 3), Pull("Middle", "1.9.0", daysAgo: 70), Pull("Middle", "1.10.0", daysAgo: 40), Pull("Middle", "1.10.0", daysAgo: 2),
            Pull("New", "2.0.0", daysAgo: 1), Pull("Tester", "2.1.0-rc.1", daysAgo: 1), Pull(null, "2.0.0", daysAgo: 1));

        var adoption = await ReadAsync(store);

        Assert.Equal(["2.1.0-rc.1", "2.0.0", "1.10.0", "1.9.0"], adoption.Versions.Select(version => version.Name));
        Assert.Equal("2.0.0", adoption.Newest);
        Assert.Equal(["Old 1.9.0 2", "Middle 1.10.0 1", "New 2.0.0 0", "Tester 2.1.0-rc.1 0"], adoption.Customers.OrderByDescending(c => c.Behind).ThenBy(c => c.Name, StringComparer.Ordinal).Select(c => $"{c.Name} {c.Release} {c.Behind}"));
        Assert.Equal(Now.AddDays(-40), adoption.Customers.Single(customer => customer.Name == "Middle").SinceUtc);
        Assert.Equal((4, 2, 2, 1L), (adoption.Everyone, adoption.UpToDate, adoption.Behind, adoption.UnknownPulls));
    }

    [Fact]
    public async Task Read_Digest_IsTheTagThatHasItAndAMovingTagTheReleaseItWas()
    {
        using var store = Log(
            Pull("A", "1.0.0", 50, Digests[0]), Pull("A", "1.1.0", 30, Digests[1]), Pull("B", Digests[0], 20), Pull("C", "latest", 45, Digests[0]), Pull("C", "latest", 5, Digests[1]),
            Pull("D", Digests[2], 4), Pull("A", "1.1", 3, Digests[1]));

        var adoption = await ReadAsync(store);

        Assert.Equal(
            ["A asked 1.1 is 1.1.0, 0 behind", $"B asked {Digests[0]} is 1.0.0, 1 behind", "C asked latest is 1.1.0, 0 behind", $"D asked {Digests[2]} is {Digests[2]},  behind"],
            adoption.Customers.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => $"{c.Name} asked {c.Asked} is {c.Release}, {c.Behind} behind"));
        Assert.Null(adoption.Customers.Single(customer => customer.Name == "C").SinceUtc); // latest was something else before
        Assert.Equal(["1.1.0", "1.0.0"], adoption.Versions.Where(version => version.IsRelease).Select(version => version.Name)); // 1.1 is another name of 1.1.0
        Assert.Equal(2, adoption.Versions.Single(version => version.Name == "1.0.0").Customers);
    }

    [Fact]
    public async Task Read_Who_AnswersWhoStillPullsWhoHasNotTheFixAndWhoWentSilent()
    {
        using var store = Log(
            Pull("Still", "1.0.0", daysAgo: 5), Pull("Fixed", "1.0.0", daysAgo: 60), Pull("Fixed", "1.0.1", daysAgo: 10), Pull("Beyond", "2.0.0", daysAgo: 8), Pull("Gone", "1.0.0", daysAgo: 90));

        Assert.Equal(["Still"], await NamesAsync(store, AdoptionWho.StillPulling, "1.0.0"));
        Assert.Equal(["Gone", "Still"], await NamesAsync(store, AdoptionWho.Without, "1.0.1"));
        Assert.Equal(["Gone"], await NamesAsync(store, AdoptionWho.Silent, null));
        Assert.Equal(["Beyond", "Fixed", "Gone", "Still"], await NamesAsync(store, AdoptionWho.Everyone, null));
        Assert.Equal(1, (await ReadAsync(store)).Silent);
    }

    [Fact]
    public async Task Read_Release_BeginsWithItsFirstPullByAnybodyAndIsAdoptedByCustomers()
    {
        using var store = Log(
            Pull("Own", "1.0.0", daysAgo: 40) with { Publisher = true }, Pull("A", "1.0.0", daysAgo: 38), Pull("B", "1.0.0", daysAgo: 30), Pull("B", "1.0.0", daysAgo: 1), Pull("C", "1.0.0", daysAgo: 36),
            Pull("D", "1.0.0", daysAgo: 39) with { Kind = PullKind.VersionCheck });

        var version = Assert.Single((await ReadAsync(store)).Versions);

        Assert.Equal(Now.AddDays(-40), version.FirstUtc);
        Assert.Equal((3, 3, 4d, 4L), (version.Customers, version.Current, version.MedianDays!.Value, version.Pulls));
        Assert.Equal(4, version.ByBucket.Sum());
    }

    [Fact]
    public async Task Read_ManyCustomers_AreAPageOfTheSameListHoweverTheLogIsCut()
    {
        using var store = Log([.. Enumerable.Range(0, 40).Select(i => Pull($"Customer {i:00}", $"1.{i % 7}.0", daysAgo: i + 1, Digests[i % 3]))]);
        var whole = await ReadAsync(store);
        await store.SealAsync(1, 5, 10);

        var pages = new List<AdoptionCustomer>();
        for (var skip = 0; skip < 40; skip += 15)
            pages.AddRange((await ReadAsync(store, skip: skip, take: 15)).Customers);

        Assert.Equal(40, whole.Matching);
        Assert.Equal(whole.Customers, pages);
        Assert.Equal(["Customer 07"], (await ReadAsync(store, search: "r 07")).Customers.Select(customer => customer.Name));
    }

    [Fact]
    public async Task Read_WithoutAVersion_IsAboutTheNewestAndSaysSo()
    {
        using var store = Log(Pull("Old", "1.0.0", daysAgo: 5), Pull("New", "1.1.0", daysAgo: 5));

        var adoption = await ReadAsync(store, AdoptionWho.Without);

        Assert.Equal("1.1.0", adoption.Version);
        Assert.Equal(["Old"], adoption.Customers.Select(customer => customer.Name));
    }

    [Fact]
    public async Task Read_PageBeyondTheEnd_IsTheLast()
    {
        using var store = Log([.. Enumerable.Range(0, 7).Select(i => Pull($"Customer {i}", "1.0.0", daysAgo: i + 1))]);

        var adoption = await ReadAsync(store, skip: 300, take: 3);

        Assert.Equal((6, 7, 1), (adoption.First, adoption.Matching, adoption.Customers.Count));
    }

    [Fact]
    public async Task Read_VariantsOfARelease_AreThatReleaseAndPreReleasesAreNot()
    {
        using var store = Log(
            Pull("A", "v1.25.0", daysAgo: 9), Pull("B", "1.25.0-alpine", daysAgo: 8), Pull("C", "1.25.0", daysAgo: 7), Pull("D", "1.26.0-rc1", daysAgo: 6), Pull("E", "1.26.0-SNAPSHOT", daysAgo: 5),
            Pull("F", "1.24.0-bookworm-slim", daysAgo: 4));

        var adoption = await ReadAsync(store);

        Assert.Equal(["1.26.0-rc1", "1.26.0-SNAPSHOT", "1.25.0", "1.24.0"], adoption.Versions.Select(version => version.Name));
        Assert.Equal(["1.25.0", "1.25.0-alpine", "v1.25.0"], adoption.Versions[2].Asked);
        Assert.Equal(("1.25.0", 5, 1), (adoption.Newest, adoption.UpToDate, adoption.Behind));
        Assert.Equal(["F"], await NamesAsync(store, AdoptionWho.Without, "v1.25.0"));
    }

    [Theory]
    [InlineData("4512390", "1.0.0", "1.0.0")]
    [InlineData("20260501", "20260401", "20260501")]
    [InlineData("20260501", "latest", "20260501")]
    public async Task Read_SingleNumber_IsAReleaseOnlyWhereThereIsNoDottedOne(string one, string other, string newest)
    {
        using var store = Log(Pull("A", one, daysAgo: 9), Pull("B", other, daysAgo: 8));

        var adoption = await ReadAsync(store);

        Assert.Equal(newest, adoption.Newest);
        Assert.Equal(newest == one ? 0 : (int?)null, adoption.Customers.Single(customer => customer.Name == "A").Behind);
    }

    [Fact]
    public async Task Read_WhoPulledAMovingTagOrDigestSince_IsNotKnownRatherThanWithout()
    {
        using var store = Log(
            Pull("Before", "latest", daysAgo: 30), Pull("Before", "1.0.0", daysAgo: 29), Pull("Fixed", "1.0.1", daysAgo: 20), Pull("Moving", "latest", daysAgo: 10), Pull("Digest", Digests[2], daysAgo: 9),
            Pull("Told", "1.0.0", daysAgo: 28, Digests[0]), Pull("Told", "latest", daysAgo: 5, Digests[0]), Pull("Both", "latest", daysAgo: 10), Pull("Both", "1.0.0", daysAgo: 3, Digests[0]));

        var adoption = await ReadAsync(store, AdoptionWho.Without, "1.0.1");

        Assert.Equal(["Before", "Told"], adoption.Customers.Select(customer => customer.Name).Order(StringComparer.Ordinal));
        Assert.Equal(3, adoption.NotKnown);
    }

    [Fact]
    public async Task Read_UnknownArtifact_HasNoVersions()
    {
        using var store = Log(Pull("A", "1.0.0", daysAgo: 5));
        var adoption = await new AdoptionReader(store.Database, new ManualTimeProvider(new DateTimeOffset(Now)))
            .ReadAsync(1, new AdoptionQuery("acme/other", Range, AdoptionWho.Everyone, null, null, 0, 50), CancellationToken.None);

        Assert.Empty(adoption.Versions);
        Assert.Equal(0, adoption.Everyone);
    }

    private static TestStore Log(params LoggedPull[] pulls)
    {
        var store = new TestStore();
        new LogBuilder(store).Add(pulls);
        return store;
    }

    private static LoggedPull Pull(string? customer, string version, int daysAgo, string? digest = null) =>
        new() { At = Now.AddDays(-daysAgo), Customer = customer, Version = version, Digest = digest, Artifact = "acme/app" };

    private static Task<Adoption> ReadAsync(TestStore store, AdoptionWho who = AdoptionWho.Everyone, string? version = null, string? search = null, int skip = 0, int take = 100) =>
        new AdoptionReader(store.Database, new ManualTimeProvider(new DateTimeOffset(Now))).ReadAsync(1, new AdoptionQuery("acme/app", Range, who, version, search, skip, take), CancellationToken.None);

    private static async Task<IEnumerable<string>> NamesAsync(TestStore store, AdoptionWho who, string? version) =>
        (await ReadAsync(store, who, version)).Customers.Select(customer => customer.Name).Order(StringComparer.Ordinal);
}
