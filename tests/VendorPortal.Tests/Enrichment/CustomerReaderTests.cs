using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Tests.Testing;
using static VendorPortal.Tests.Testing.VendorStore;

namespace VendorPortal.Tests.Enrichment;

public sealed class CustomerReaderTests : IAsyncLifetime
{
    private VendorStore store = null!;

    public async Task InitializeAsync() => store = await VendorStore.CreateAsync();

    public async Task DisposeAsync() => await store.DisposeAsync();

    private Task<IReadOnlyList<UserRow>> UsersAsync(string? search, bool unassigned = false, string? after = null) =>
        store.Reader.ReadUsersAsync(Acme, new UserQuery(search, unassigned), after, CancellationToken.None);

    [Fact]
    public async Task ReadUsers_MoreThanAPage_PagesMeetWithoutGapOrRepeat()
    {
        await store.AddUsersAsync([.. Enumerable.Range(0, 250).Select(i => $"user{i:D3}")]);

        var one = await UsersAsync(null);
        var two = await UsersAsync(null, after: one[^1].Principal);
        var three = await UsersAsync(null, after: two[^1].Principal);

        Assert.Equal((100, 100, 50), (one.Count, two.Count, three.Count));
        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"user{i:D3}"), one.Concat(two).Concat(three).Select(u => u.Principal));
        Assert.Equal(250, await store.Reader.CountUsersAsync(Acme, new UserQuery(null, false), CancellationToken.None));
    }

    [Fact]
    public async Task ReadCustomers_MoreThanAPageInMixedCase_PagesMeetWithoutGapOrRepeat()
    {
        for (var i = 0; i < 120; i++)
            await store.Customers.CreateCustomerAsync(Acme, i % 2 == 0 ? $"customer {i / 2:D2}" : $"CUSTOMER {i / 2:D2}", CancellationToken.None);

        var one = await store.Reader.ReadCustomersAsync(Acme, null, null, CancellationToken.None);
        var two = await store.Reader.ReadCustomersAsync(Acme, null, one[^1], CancellationToken.None);

        Assert.Equal((100, 20), (one.Count, two.Count));
        Assert.Equal(120, one.Concat(two).Select(c => c.Id).Distinct().Count());
        Assert.Equal(["CUSTOMER 00", "customer 00", "CUSTOMER 01"], one.Take(3).Select(c => c.Name));
    }

    [Fact]
    public async Task ReadUsers_Search_LooksInAllThatIsShown()
    {
        await store.AddUsersAsync("alice", "bob", "ci_robot", "100%");
        await store.AddUsersAsync("dora");
        var initech = await store.Customers.CreateCustomerAsync(Acme, "Initech GmbH", CancellationToken.None);
        await store.Customers.UpdateUserAsync(Acme, 2, new UserEdit("Robert Müller", "rob@initech.example", initech, false), CancellationToken.None);

        Assert.Equal(["alice"], (await UsersAsync("ALI")).Select(u => u.Principal));
        Assert.Equal(["bob"], (await UsersAsync("müller")).Select(u => u.Principal));
        Assert.Equal(["bob"], (await UsersAsync("gmbh")).Select(u => u.Principal));
        Assert.Equal(["100%"], (await UsersAsync("%")).Select(u => u.Principal));
        Assert.Equal(["ci_robot"], (await UsersAsync("_")).Select(u => u.Principal));
        Assert.Equal(["100%", "alice", "ci_robot", "dora"], (await UsersAsync(null, unassigned: true)).Select(u => u.Principal));
        Assert.Empty(await UsersAsync("bob", unassigned: true));
    }

    [Fact]
    public async Task ReadCustomers_WithUsers_CountsThem()
    {
        await store.AddUsersAsync("a", "b", "c");
        var initech = await store.Customers.CreateCustomerAsync(Acme, "Initech", CancellationToken.None);
        await store.Customers.CreateCustomerAsync(Acme, "Hooli", CancellationToken.None);
        await store.Customers.AssignAsync(Acme, [1, 3], initech, past: false, CancellationToken.None);

        Assert.Equal([("Hooli", 0), ("Initech", 2)], (await store.Reader.ReadCustomersAsync(Acme, null, null, CancellationToken.None)).Select(c => (c.Name, c.Users)));
        Assert.Equal(new CustomerTotals(2, 3, 1), await store.Reader.ReadTotalsAsync(Acme, CancellationToken.None));
        Assert.Equal(new CustomerTotals(0, 0, 0), await store.Reader.ReadTotalsAsync(Globex, CancellationToken.None));
    }

    [Fact]
    public async Task ReadLastDownloads_PullsAndChecks_TellsTheNewestDownload()
    {
        await store.AddPullsAsync(
            PullAt(Start, 1, customerId: 7),
            PullAt(Start.AddMinutes(1), 1, customerId: 8, kind: PullKind.PullByDigest),
            PullAt(Start.AddMinutes(2), 1, customerId: 8, kind: PullKind.VersionCheck),
            PullAt(Start.AddMinutes(3), null, kind: PullKind.PullByTag),
            PullAt(Start.AddMinutes(4), 9, customerId: 7, vendorId: Globex));

        var last = await store.Reader.ReadLastDownloadsAsync(Acme, CancellationToken.None);

        Assert.Equal(new Dictionary<int, DateTime> { [7] = Start, [8] = Start.AddMinutes(1) }, last.Customers);
        Assert.Equal(new Dictionary<int, DateTime> { [1] = Start.AddMinutes(1) }, last.Users);
        Assert.True(last.WholeLog);
    }
}
