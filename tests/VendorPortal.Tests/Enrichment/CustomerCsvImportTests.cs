using System.Text;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Enrichment;
using VendorPortal.Tests.Testing;
using static VendorPortal.Tests.Testing.VendorStore;

namespace VendorPortal.Tests.Enrichment;

public sealed class CustomerCsvImportTests : IAsyncLifetime
{
    private VendorStore store = null!;

    public async Task InitializeAsync() => store = await VendorStore.CreateAsync();

    public async Task DisposeAsync() => await store.DisposeAsync();

    private static CustomerCsv Csv(string text) => CustomerCsv.Parse(Encoding.UTF8.GetBytes(text));

    private Task<CustomerCsvPlan> ApplyAsync(string text, bool past) => store.Import.ApplyAsync(Acme, Csv(text), past, CancellationToken.None);

    private async Task<List<UserRow>> UsersAsync() => [.. await store.Reader.ReadUsersAsync(Acme, new UserQuery(null, false), null, CancellationToken.None)];

    [Fact]
    public async Task Apply_File_DoesWhatThePreviewSaidAndNothingTheSecondTime()
    {
        await store.AddUsersAsync("alice", "bob", "zoe");
        var old = await store.Customers.CreateCustomerAsync(Acme, "Old", CancellationToken.None);
        await store.Customers.AssignAsync(Acme, [2], old, past: false, CancellationToken.None);
        const string Text = "principal,customer,name,email\nalice,Initech,Alice,a@initech.example\nbob,Initech,,\ncarol,Hooli,Carol,\n";

        var preview = await store.Import.PreviewAsync(Acme, Csv(Text), past: true, CancellationToken.None);
        var applied = await ApplyAsync(Text, past: true);

        Assert.Equal((1, 1, 2, 0), (preview.Created, preview.Edited, preview.Moved, preview.PastOnly));
        Assert.Equal(preview.Changes, applied.Changes);
        Assert.Equal(
            [("alice", "Alice", "Initech"), ("bob", null, "Initech"), ("carol", "Carol", "Hooli"), ("zoe", null, null)],
            (await UsersAsync()).Select(u => (u.Principal, u.Name, u.Customer)));
        Assert.True((await ApplyAsync(Text, past: true)).IsEmpty);
        Assert.True((await ApplyAsync(Text, past: false)).IsEmpty);
    }

    [Fact]
    public async Task Apply_FromNowOn_KeepsWhoTheyWereBefore()
    {
        await store.AddUsersAsync("alice");
        await ApplyAsync("principal,customer\nalice,Initech\n", past: false);
        store.Clock.UtcNow += TimeSpan.FromDays(1);
        await ApplyAsync("principal,customer\nalice,Hooli\n", past: false);

        var assignments = await store.Customers.AssignmentsAsync(Acme, CancellationToken.None);

        Assert.Null(assignments.Find(1, Start.AddSeconds(-1)));
        Assert.Equal(1, assignments.Find(1, Start.AddHours(1)));
        Assert.Equal(2, assignments.Find(1, Start.AddDays(2)));
        Assert.False((await UsersAsync())[0].PastPending);
    }

    [Fact]
    public async Task Apply_ForThePastToo_ReplacesAllAssignmentsAndMarksTheUser()
    {
        await store.AddUsersAsync("alice");
        await ApplyAsync("principal,customer\nalice,Initech\n", past: false);
        store.Clock.UtcNow += TimeSpan.FromDays(1);
        await ApplyAsync("principal,customer\nalice,Hooli\n", past: true);

        var assignments = await store.Customers.AssignmentsAsync(Acme, CancellationToken.None);

        Assert.Equal(2, assignments.OfPull(1, 0));
        Assert.Equal(2, assignments.Find(1, Start.AddHours(1)));
        Assert.True((await UsersAsync())[0].PastPending);
    }

    [Fact]
    public async Task Apply_RemovedCustomer_ComesBackUnderItsId()
    {
        await store.AddUsersAsync("alice");
        var id = await store.Customers.CreateCustomerAsync(Acme, "Initech", CancellationToken.None);
        await store.Customers.RemoveCustomerAsync(Acme, id, CancellationToken.None);

        var plan = await ApplyAsync("principal,customer\nalice,Initech\n", past: true);

        Assert.Equal(["Initech"], plan.RestoredCustomers);
        Assert.Equal(id, (await UsersAsync())[0].CustomerId);
        Assert.Equal(["Initech"], (await store.Reader.ReadCustomersAsync(Acme, null, null, CancellationToken.None)).Select(c => c.Name));
    }

    [Fact]
    public async Task Apply_FileWithErrors_IsRefusedAndChangesNothing()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => ApplyAsync("principal,customer,email\nalice,X,\nbob,X,bad\n", past: true));

        Assert.Empty(await UsersAsync());
    }

    [Fact]
    public async Task Apply_SameNamesOfAnotherVendor_AreNotTouched()
    {
        await ApplyAsync("principal,customer,name\nalice,Initech,Ours\n", past: true);
        await store.Import.ApplyAsync(Globex, Csv("principal,customer,name\nalice,Umbrella,Theirs\n"), past: true, CancellationToken.None);

        Assert.Equal([("Ours", "Initech")], (await UsersAsync()).Select(u => (u.Name, u.Customer)));
        await using var theirs = store.Open(Globex);
        Assert.Equal(("Theirs", 1), await theirs.RegistryUsers.Select(u => ValueTuple.Create(u.Name!, u.Id)).SingleAsync());
    }
}
