using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Benchmarks;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Storage;

namespace VendorPortal.Tests.Benchmarks;

/// <summary>What the figures rest on: the generated log is always the same, reconciles, and holds the cases that filters are named for.</summary>
public sealed class GeneratedLogTests(GeneratedLogFixture fixture) : IClassFixture<GeneratedLogFixture>
{
    private const int Pulls = GeneratedLogFixture.Pulls;
    private static readonly PullFilter Whole = new() { Publishers = PublisherPulls.Include };

    private readonly BenchmarkStore store = fixture.Store;

    private PullReader Reader => store.Services.GetRequiredService<PullReader>();

    public static TheoryData<string> Promised => [.. Filters.Of(AnyFacts()).Where(f => f.Keeps is not null).Select(f => f.Name)];

    [Fact]
    public void Generator_SameSeed_SamePulls()
    {
        var world = new World();
        Assert.Equal(Traffic.Of(world, 3000, seed: 7), Traffic.Of(new World(), 3000, seed: 7));
        Assert.NotEqual(Traffic.Of(world, 3000, seed: 7), Traffic.Of(world, 3000, seed: 8));
    }

    [Fact]
    public void Generator_AnySize_PullsAscendWithinTheLog()
    {
        var rows = Traffic.Of(new World(), 5000, seed: 3).ToList();
        Assert.Equal(5000, rows.Count);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.First.Id < pair.Second.Id));
        Assert.InRange(PullIds.TimeOf(rows[0].Id), Traffic.StartUtc, Traffic.StartUtc.AddDays(3));
        Assert.InRange(PullIds.TimeOf(rows[^1].Id), Traffic.EndUtc.AddDays(-3), Traffic.EndUtc);
    }

    [Fact]
    public void World_Dimensions_AreDistinctAndComplete()
    {
        var world = new World();
        Assert.Equal(World.Addresses, Enumerable.Range(1, World.Addresses).Select(world.AddressText).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(World.Users, Enumerable.Range(1, World.Users).Select(world.User).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(10_000, Enumerable.Range(1, World.Versions).Select(id => (World.ArtifactOfVersion(id), World.Version(id))).Distinct().Count());
        Assert.Equal(40, World.UserAgents.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task GeneratedStore_CountAndRollUp_Agree()
    {
        var count = await Reader.CountAsync(store.VendorId, Whole, CancellationToken.None);
        await using var context = store.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(store.VendorId);
        var days = await context.DailyArtifactPulls.AsNoTracking().ToListAsync();
        var unlabelled = await Reader.CountAsync(store.VendorId, PullFilter.Everything, CancellationToken.None);

        Assert.Equal(Pulls, count.Count);
        Assert.Equal(Pulls, days.Sum(d => d.Tag + d.Digest + d.Checks + d.Denied + d.Labelled));
        Assert.Equal(unlabelled.Of(PullKind.PullByTag), days.Sum(d => d.Tag));
        Assert.Equal(unlabelled.Of(PullKind.VersionCheck), days.Sum(d => d.Checks));
        Assert.InRange(count.Of(PullKind.VersionCheck), 0.25 * Pulls, 0.35 * Pulls);
    }

    [Theory]
    [MemberData(nameof(Promised))]
    public async Task NamedFilter_WithPromise_KeepsWhatTheGeneratorWrote(string name)
    {
        var named = Filters.Of(store.Facts).Single(f => f.Name == name);
        var count = await Reader.CountAsync(store.VendorId, named.Filter, CancellationToken.None);
        Assert.Equal(named.Keeps, count.Count);
    }

    [Fact]
    public void WorstCases_EachSideAlone_IsCommonOrRareAsNamed()
    {
        var facts = store.Facts;
        Assert.InRange(facts.CommonCustomerPulls, 0.03 * Pulls, 0.06 * Pulls);
        Assert.InRange(facts.ApartArtifactPulls, 0.03 * Pulls, 0.06 * Pulls);
        Assert.Equal(World.RarePulls(Pulls), facts.RareCustomerPulls);
        Assert.InRange(facts.RareUserPulls, 1, facts.RareCustomerPulls / 2);
        Assert.True(facts.ApartDigestPulls > 0);
        Assert.True(facts.CommonAddressPulls > 0);
        Assert.Equal(50, facts.RareAddresses.Count);
    }

    [Fact]
    public async Task NamedFilters_ThatPromiseNothing_FindSomething()
    {
        foreach (var named in Filters.Of(store.Facts).Where(f => f.Keeps is null))
        {
            var count = await Reader.CountAsync(store.VendorId, named.Filter, CancellationToken.None);
            Assert.True(count.Count > 0, named.Name);
        }
    }

    [Fact]
    public async Task OpenAsync_AgainOverTheSameFolder_FindsTheLogInsteadOfMakingIt()
    {
        var said = new List<string>();
        await using var again = await BenchmarkStore.OpenAsync(fixture.Folder, Pulls, GeneratedLogFixture.Seed, said.Add, CancellationToken.None);
        Assert.Equal(store.Facts.Fingerprint, again.Facts.Fingerprint);
        Assert.DoesNotContain(said, text => text.StartsWith("Generated", StringComparison.Ordinal));
    }

    // The names of the filters do not depend on the log.
    private static LogFacts AnyFacts() => new()
    {
        Generator = LogFacts.CurrentGenerator,
        Pulls = 0,
        Unlabelled = 0,
        Fingerprint = "",
        CommonCustomerPulls = 0,
        ApartArtifactPulls = 0,
        RareCustomerPulls = 0,
        RareUserPulls = 0,
        ApartDigest = "",
        ApartDigestPulls = 0,
        CommonAddress = "",
        CommonAddressPulls = 0,
        RareAddresses = ["192.0.2.1"],
        RareAddressesPulls = 0,
        Sample = new KnownPull(0, "", "", "", "", ""),
    };
}

/// <summary>A small generated log, made once for the class.</summary>
public sealed class GeneratedLogFixture : IAsyncLifetime
{
    public const int Pulls = 20_000;
    public const ulong Seed = 1;

    public string Folder { get; } = Directory.CreateTempSubdirectory("portal-generated-").FullName;

    public BenchmarkStore Store { get; private set; } = null!;

    public async Task InitializeAsync() => Store = await BenchmarkStore.OpenAsync(Folder, Pulls, Seed, _ => { }, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
