using VendorPortal.Enrichment;
using VendorPortal.Hosting;
using VendorPortal.Tests.Testing;
using static VendorPortal.Tests.Testing.VendorStore;

namespace VendorPortal.Tests.Enrichment;

public sealed class CustomerDirectoryTests : IAsyncLifetime
{
    private VendorStore store = null!;

    public async Task InitializeAsync()
    {
        store = await VendorStore.CreateAsync();
        await store.AddUsersAsync("alice", "bob");
    }

    public async Task DisposeAsync() => await store.DisposeAsync();

    private Task<int> CreateAsync(string name, int vendor = Acme) => store.Customers.CreateCustomerAsync(vendor, name, CancellationToken.None);

    private Task<int> AssignAsync(int user, int? customer, bool past = false) => store.Customers.AssignAsync(Acme, [user], customer, past, CancellationToken.None);

    private async Task<int?> CustomerAsync(int user, DateTime at) => (await store.Customers.AssignmentsAsync(Acme, CancellationToken.None)).Find(user, at);

    private async Task<UserRow> UserAsync(int id) =>
        (await store.Reader.ReadUsersAsync(Acme, new UserQuery(null, false), null, CancellationToken.None)).Single(u => u.Id == id);

    [Fact]
    public async Task Create_NameThatIsTaken_SaysSo()
    {
        await CreateAsync("Initech");

        var exception = await Assert.ThrowsAsync<InputException>(() => CreateAsync("  Initech "));

        Assert.Equal("There is a customer 'Initech' already.", exception.Message);
        Assert.Equal(1, await CreateAsync("Initech", Globex));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("a\u0000b")]
    public async Task Create_NameThatCannotBeUsed_SaysSo(string name) => await Assert.ThrowsAsync<InputException>(() => CreateAsync(name));

    [Fact]
    public async Task Rename_ToAnotherCustomersName_SaysSo()
    {
        var initech = await CreateAsync("Initech");
        await CreateAsync("Hooli");
        var gone = await CreateAsync("Umbrella");
        await store.Customers.RemoveCustomerAsync(Acme, gone, CancellationToken.None);

        await Assert.ThrowsAsync<InputException>(() => store.Customers.RenameCustomerAsync(Acme, initech, "Hooli", CancellationToken.None));
        await Assert.ThrowsAsync<InputException>(() => store.Customers.RenameCustomerAsync(Acme, initech, "Umbrella", CancellationToken.None));
        await Assert.ThrowsAsync<InputException>(() => store.Customers.RenameCustomerAsync(Acme, gone, "Else", CancellationToken.None));
        await store.Customers.RenameCustomerAsync(Acme, initech, "Initrode", CancellationToken.None);
        Assert.Equal(["Hooli", "Initrode"], (await store.Reader.ReadCustomersAsync(Acme, null, null, CancellationToken.None)).Select(c => c.Name));
    }

    [Fact]
    public async Task Assign_FromNowOn_LeavesEarlierPullsWhereTheyWere()
    {
        var (initech, hooli) = (await CreateAsync("Initech"), await CreateAsync("Hooli"));
        await AssignAsync(1, initech);
        store.Clock.UtcNow = Start.AddHours(1);
        await AssignAsync(1, hooli);

        Assert.Null(await CustomerAsync(1, Start.AddSeconds(-1)));
        Assert.Equal(initech, await CustomerAsync(1, Start.AddMinutes(59)));
        Assert.Equal(hooli, await CustomerAsync(1, Start.AddHours(1)));
        Assert.Null(await CustomerAsync(2, Start.AddHours(1)));
        Assert.Equal(("Hooli", false), ((await UserAsync(1)).Customer, (await UserAsync(1)).PastPending));
    }

    [Fact]
    public async Task Assign_ForThePastToo_CoversAllTime()
    {
        var (initech, hooli) = (await CreateAsync("Initech"), await CreateAsync("Hooli"));
        await AssignAsync(1, initech);
        store.Clock.UtcNow = Start.AddHours(1);
        await AssignAsync(1, hooli, past: true);

        Assert.Equal(hooli, await CustomerAsync(1, CustomerAtTime.Always));
        Assert.Equal(hooli, await CustomerAsync(1, Start.AddMinutes(1)));
        Assert.True((await UserAsync(1)).PastPending);
    }

    [Fact]
    public async Task Assign_ThatSaysNothingNew_ChangesNoHistory()
    {
        var initech = await CreateAsync("Initech");
        await AssignAsync(1, initech);
        store.Clock.UtcNow = Start.AddHours(1);

        await AssignAsync(1, initech);
        await AssignAsync(2, null, past: true);

        Assert.Equal(initech, await CustomerAsync(1, Start));
        Assert.False((await UserAsync(2)).PastPending);
    }

    [Fact]
    public async Task Assign_AfterTheClockWasPutBack_CountsFromNowOn()
    {
        var (initech, hooli) = (await CreateAsync("Initech"), await CreateAsync("Hooli"));
        await AssignAsync(1, initech);
        store.Clock.UtcNow = Start.AddHours(-1);
        await AssignAsync(1, hooli);

        Assert.Equal(hooli, await CustomerAsync(1, Start.AddHours(2)));
    }

    [Fact]
    public async Task Assign_ToAForeignOrRemovedCustomer_SaysSo()
    {
        await CreateAsync("x");
        await store.Customers.RemoveCustomerAsync(Acme, 1, CancellationToken.None);
        await CreateAsync("one", Globex);
        var foreign = await CreateAsync("two", Globex);

        await Assert.ThrowsAsync<InputException>(() => AssignAsync(1, 1));
        await Assert.ThrowsAsync<InputException>(() => AssignAsync(1, foreign));
        Assert.Null((await UserAsync(1)).CustomerId);
    }

    [Fact]
    public async Task Remove_Customer_UnassignsItsUsersFromNowOn()
    {
        var initech = await CreateAsync("Initech");
        await AssignAsync(1, initech, past: true);
        store.Clock.UtcNow = Start.AddHours(1);

        Assert.Equal(1, await store.Customers.RemoveCustomerAsync(Acme, initech, CancellationToken.None));

        Assert.Equal(initech, await CustomerAsync(1, Start));
        Assert.Null(await CustomerAsync(1, Start.AddHours(1)));
        Assert.Null((await UserAsync(1)).CustomerId);
        Assert.Empty(await store.Reader.ReadCustomersAsync(Acme, null, null, CancellationToken.None));
        Assert.Equal(initech, await CreateAsync("Initech"));
    }

    [Fact]
    public async Task UpdateUser_NameEmailAndCustomer_AreStored()
    {
        var initech = await CreateAsync("Initech");
        await store.Customers.UpdateUserAsync(Acme, 1, new UserEdit(" Alice ", "alice@initech.example", initech, Past: false), CancellationToken.None);

        var user = await UserAsync(1);
        Assert.Equal(("Alice", "alice@initech.example", "Initech"), (user.Name, user.Email, user.Customer));
        await Assert.ThrowsAsync<InputException>(() => store.Customers.UpdateUserAsync(Acme, 1, new UserEdit(null, "nobody", null, false), CancellationToken.None));
        await Assert.ThrowsAsync<InputException>(() => store.Customers.UpdateUserAsync(Globex, 1, new UserEdit("x", null, null, false), CancellationToken.None));
    }

    [Fact]
    public async Task Changed_EveryChange_IsToldWithItsVendorAndMovesTheVersion()
    {
        var told = new List<int>();
        store.Customers.Changed += told.Add;
        var before = store.Customers.Version(Acme);

        await CreateAsync("Initech");
        await CreateAsync("Initech", Globex);
        await Assert.ThrowsAsync<InputException>(() => CreateAsync("Initech"));

        Assert.Equal([Acme, Globex], told);
        Assert.Equal(before + 1, store.Customers.Version(Acme));
    }
}
