using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Enrichment.Networks;

public sealed class AddressNetworksTests
{
    [Fact]
    public async Task Add_NewAddress_IsStoredWithItsFacts()
    {
        using var store = new TestStore();
        var vendorId = await store.AddVendorAsync();
        var lookup = new NetworkLookup();
        lookup.Use([NetworkSamples.OfSample("maxmind/GeoIP2-Enterprise-Test.mmdb")], []);
        Write(store, lookup, vendorId, "74.209.16.1", "52.0.0.1", "10.0.0.1");

        await using var rows = store.Contexts.ForVendor(vendorId);
        Assert.Equal(
            [("US", null, "isp"), ("US", "aws", "hosting"), (null, null, null)],
            (await rows.Addresses.OrderBy(a => a.Id).ToListAsync()).Select(a => (a.Country, a.Host, a.NetworkType)));
        Assert.All(await rows.Addresses.ToListAsync(), a => Assert.Equal(lookup.Current.Stamp, a.NetworkStamp));
        Assert.Equal(1, await rows.Addresses.CountAsync(a => a.Organisation == "Fairpoint Communications"));
    }

    [Fact]
    public async Task Refresh_RowsOfOlderData_AreBroughtInLineOnceAndToldOnesStay()
    {
        using var store = new TestStore();
        var vendors = new[] { await store.AddVendorAsync(), await store.AddVendorAsync() };
        await AddManyAsync(store, vendors[0], (AddressNetworks.BatchRows * 2) + 5);
        await AddManyAsync(store, vendors[1], 1);
        await using (var rows = store.Contexts.ForVendor(vendors[0]))
        {
            rows.Add(new Address { VendorId = vendors[0], Id = 1_000_000, Value = IpAddressText.Parse("198.51.100.1")!, Country = "AQ", NetworkStamp = Address.ToldStamp });
            await rows.SaveChangesAsync();
        }

        var lookup = new NetworkLookup();
        lookup.Use([NetworkSamples.Of("a.csv", "10.0.0.0,10.255.255.255,DE\n198.51.100.0,198.51.100.255,FR\n")], []);
        using var refresh = Refresh(store, lookup);

        Assert.Equal((AddressNetworks.BatchRows * 2) + 6, await refresh.RefreshAsync(CancellationToken.None));
        Assert.Equal(0, await refresh.RefreshAsync(CancellationToken.None));
        await using (var rows = store.Contexts.ForVendor(vendors[0]))
        {
            Assert.Equal((AddressNetworks.BatchRows * 2) + 5, await rows.Addresses.CountAsync(a => a.Country == "DE" && a.NetworkStamp == lookup.Current.Stamp));
            Assert.Equal("AQ", (await rows.Addresses.SingleAsync(a => a.Id == 1_000_000)).Country);
        }

        lookup.Use([NetworkSamples.Of("a.csv", "198.51.100.0,198.51.100.255,FR\n")], []);
        await refresh.RefreshAsync(CancellationToken.None);
        await using var after = store.Contexts.ForVendor(vendors[1]);
        Assert.Null((await after.Addresses.SingleAsync()).Country); // what is no longer known is unknown again
    }

    [Fact]
    public async Task Refresh_CutShort_GoesOnWhereItEnded()
    {
        using var store = new TestStore();
        var vendorId = await store.AddVendorAsync();
        await AddManyAsync(store, vendorId, AddressNetworks.BatchRows + 10);
        var lookup = new NetworkLookup();
        await using (var rows = store.Contexts.ForVendor(vendorId))
            await rows.Addresses.Where(a => a.Id <= AddressNetworks.BatchRows).ExecuteUpdateAsync(set => set.SetProperty(a => a.NetworkStamp, lookup.Current.Stamp));
        using var refresh = Refresh(store, lookup);

        Assert.Equal(10, await refresh.RefreshAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Start_BeforeTheFilesWereLookedAt_WaitsForThemAndWritesOnce()
    {
        using var store = new TestStore();
        var vendorId = await store.AddVendorAsync();
        await AddManyAsync(store, vendorId, 1);
        var lookup = new NetworkLookup();
        var notifications = new PullNotifications(NullLogger<PullNotifications>.Instance);
        var passes = 0;
        notifications.Changed += _ => Interlocked.Increment(ref passes);
        using var refresh = new AddressNetworks(lookup, store.Contexts, store.Database, notifications, TimeProvider.System, NullLogger<AddressNetworks>.Instance);
        await refresh.StartAsync(CancellationToken.None);

        lookup.Use([NetworkSamples.Of("a.csv", "10.0.0.0,10.255.255.255,DE\n")], []);
        lookup.SetComplete();
        await using var rows = store.Contexts.ForVendor(vendorId);
        await Eventually.TrueAsync(() => rows.Addresses.AnyAsync(a => a.Country == "DE"), "the address has its country");
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref passes) > 0), "pages are told");
        await refresh.StopAsync(CancellationToken.None);
        Assert.Equal(1, passes);
    }

    [Fact]
    public async Task Portal_FileIsPutIntoItsFolder_ShowsEverywhereWithoutRestart()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var portal = await PortalHost.StartAsync(null, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var feed = await FeedClient.AddAsync(portal, FeedKind.Ndjson);
        var line = JsonSerializer.Serialize(new { at = clock.GetUtcNow(), method = "GET", repository = "acme/app", tag = "1.0", address = "203.0.113.7" });
        Assert.Equal(HttpStatusCode.OK, (await feed.PostAsync(Encoding.UTF8.GetBytes(line), "application/x-ndjson")).Status);
        using var program = await portal.ApiClientAsync();
        await UntilAsync(clock, async () => (await ItemsAsync(program)).Count == 1, "the pull is there");
        Assert.Equal((null, null, null), Facts((await ItemsAsync(program))[0]));

        Directory.CreateDirectory(Path.Combine(portal.Folder, "networks"));
        await File.WriteAllTextAsync(Path.Combine(portal.Folder, "networks", "hetzner.csv"), "203.0.113.0/24,FI,,Helsinki,\n");
        await UntilAsync(clock, async () => Facts((await ItemsAsync(program))[0]) == ("FI", "hetzner", "hosting"), "the file is in use");

        var id = (await ItemsAsync(program))[0].GetProperty("id").GetString();
        Assert.Contains("\"country\":\"FI\",\"host\":\"hetzner\",\"networkType\":\"hosting\"", await program.GetStringAsync("/api/v1/artifact-pulls/export?format=ndjson"), StringComparison.Ordinal);
        Assert.Contains(",FI,hetzner,hosting,1", await program.GetStringAsync("/api/v1/artifact-pulls/export?columns=all"), StringComparison.Ordinal);
        using var browser = await portal.SignInAsync();
        var panel = WebUtility.HtmlDecode(await browser.GetStringAsync($"/downloads?pull={id}"));
        Assert.Contains("Finland", panel, StringComparison.Ordinal);
        Assert.Contains("hetzner", panel, StringComparison.Ordinal);
        Assert.Contains("hetzner.csv", await browser.GetStringAsync("/settings"), StringComparison.Ordinal);
    }

    private static (string?, string?, string?) Facts(JsonElement item) =>
        (item.GetProperty("country").GetString(), item.GetProperty("host").GetString(), item.GetProperty("networkType").GetString());

    private static async Task<List<JsonElement>> ItemsAsync(HttpClient client)
    {
        using var body = JsonDocument.Parse(await client.GetStringAsync("/api/v1/artifact-pulls"));
        return [.. body.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone())];
    }

    private static Task UntilAsync(ManualTimeProvider clock, Func<Task<bool>> condition, string what) => Eventually.TrueAsync(
        async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return await condition();
        }, what);

    private static AddressNetworks Refresh(TestStore store, NetworkLookup lookup) =>
        new(lookup, store.Contexts, store.Database, new PullNotifications(NullLogger<PullNotifications>.Instance), TimeProvider.System, NullLogger<AddressNetworks>.Instance);

    private static void Write(TestStore store, NetworkLookup lookup, int vendorId, params string[] addresses)
    {
        using var connection = store.Database.OpenWriter();
        using var transaction = connection.BeginTransaction();
        using var dimensions = new DimensionWriter(connection, lookup) { Transaction = transaction };
        foreach (var address in addresses)
            dimensions.Address(vendorId, IpAddressText.Parse(address));
        transaction.Commit();
    }

    // As rows are that were stored before there were facts.
    private static async Task AddManyAsync(TestStore store, int vendorId, int count)
    {
        await using var rows = store.Contexts.ForVendor(vendorId);
        rows.AddRange(Enumerable.Range(1, count).Select(i => new Address { VendorId = vendorId, Id = i, Value = IpAddressText.Parse($"10.0.{i / 256}.{i % 256}")! }));
        await rows.SaveChangesAsync();
    }
}
