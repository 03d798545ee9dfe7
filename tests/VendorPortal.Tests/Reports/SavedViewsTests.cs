using VendorPortal.Hosting;
using VendorPortal.Reports;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports;

/// <summary>Saved views of two members of one vendor and one of another.</summary>
public sealed class SavedViewsTests : IAsyncLifetime
{
    private readonly TestStore store = new();
    private readonly SavedViews views;
    private int acme;
    private int globex;
    private int ann;
    private int bob;

    public SavedViewsTests() => views = new SavedViews(store.Contexts, store.Database, new ManualTimeProvider(ApiHost.Now));

    public async Task InitializeAsync()
    {
        (acme, globex) = (await store.AddVendorAsync(), await store.AddVendorAsync());
        await using var context = store.Contexts.ForInstallation();
        Member[] members = [new() { UserName = "ann" }, new() { UserName = "bob" }];
        context.AddRange(members);
        await context.SaveChangesAsync();
        (ann, bob) = (members[0].Id, members[1].Id);
        // Ann belongs to both vendors.
        context.AddRange(new[] { (acme, ann), (acme, bob), (globex, ann) }.Select(m => new VendorMember { VendorId = m.Item1, MemberId = m.Item2, Role = MemberRole.Owner }));
        await context.SaveChangesAsync();
    }

    public Task DisposeAsync()
    {
        store.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Save_IsTheMembersAloneUntilShared()
    {
        var id = await views.SaveAsync(acme, ann, "  Failed in May ", "kind=denied", default);
        Assert.Equal([new SavedViewItem(id, "Failed in May", "kind=denied", IsShared: false, IsOwn: true, IsDefault: false)], await views.ListAsync(acme, ann, default));
        Assert.Empty(await views.ListAsync(acme, bob, default));

        await views.ShareAsync(acme, ann, id, true, default);
        Assert.Equal([new SavedViewItem(id, "Failed in May", "kind=denied", IsShared: true, IsOwn: false, IsDefault: false)], await views.ListAsync(acme, bob, default));
    }

    [Fact]
    public async Task AnotherVendor_SeesAndChangesNothing_EvenOfTheSameMember()
    {
        var id = await views.SaveAsync(acme, ann, "Secret", "customer=Initech", default);
        await views.ShareAsync(acme, ann, id, true, default);
        Assert.Empty(await views.ListAsync(globex, ann, default));
        await Assert.ThrowsAsync<InputException>(() => views.RenameAsync(globex, ann, id, "x", default));
        await Assert.ThrowsAsync<InputException>(() => views.ReplaceAsync(globex, ann, id, "x", default));
        await Assert.ThrowsAsync<InputException>(() => views.RemoveAsync(globex, ann, id, default));
        await Assert.ThrowsAsync<InputException>(() => views.SetDefaultAsync(globex, ann, id, default));

        // Of one number at both vendors, each has its own.
        Assert.Equal(id, await views.SaveAsync(globex, ann, "Mine", "kind=denied", default));
        await views.SetDefaultAsync(acme, ann, id, default);
        Assert.Equal("customer=Initech", await views.FindDefaultAsync(acme, ann, default));
        Assert.Null(await views.FindDefaultAsync(globex, ann, default));
        await views.RemoveAsync(globex, ann, id, default);
        Assert.Equal("customer=Initech", await views.FindDefaultAsync(acme, ann, default));
    }

    [Fact]
    public async Task AnotherMember_ChangesNothing()
    {
        var id = await views.SaveAsync(acme, ann, "Hers", "kind=denied", default);
        await Assert.ThrowsAsync<InputException>(() => views.SetDefaultAsync(acme, bob, id, default));
        await views.ShareAsync(acme, ann, id, true, default);
        await Assert.ThrowsAsync<InputException>(() => views.RenameAsync(acme, bob, id, "x", default));
        await Assert.ThrowsAsync<InputException>(() => views.ShareAsync(acme, bob, id, false, default));
        await Assert.ThrowsAsync<InputException>(() => views.RemoveAsync(acme, bob, id, default));
        Assert.Equal("Hers", Assert.Single(await views.ListAsync(acme, ann, default)).Name);
    }

    [Fact]
    public async Task Default_ThatIsNoLongerShared_IsNone()
    {
        var id = await views.SaveAsync(acme, ann, "Hers", "kind=denied", default);
        await views.ShareAsync(acme, ann, id, true, default);
        await views.SetDefaultAsync(acme, bob, id, default);
        Assert.Equal("kind=denied", await views.FindDefaultAsync(acme, bob, default));
        Assert.Null(await views.FindDefaultAsync(acme, ann, default));
        await views.ShareAsync(acme, ann, id, false, default);
        Assert.Null(await views.FindDefaultAsync(acme, bob, default));
    }

    [Fact]
    public async Task Restore_AfterRemove_IsAsItWas()
    {
        var id = await views.SaveAsync(acme, ann, "A", "kind=denied", default);
        await views.ShareAsync(acme, ann, id, true, default);
        await views.SetDefaultAsync(acme, ann, id, default);
        var before = Assert.Single(await views.ListAsync(acme, ann, default));
        await views.RemoveAsync(acme, ann, id, default);
        Assert.Empty(await views.ListAsync(acme, ann, default));
        Assert.Null(await views.FindDefaultAsync(acme, ann, default));
        await views.RestoreAsync(acme, ann, before, default);
        Assert.Equal(before, Assert.Single(await views.ListAsync(acme, ann, default)) with { Id = id });
    }

    [Fact]
    public async Task Names_AreBoundedAndTheMembersOwn()
    {
        var id = await views.SaveAsync(acme, ann, "A", "", default);
        await views.SaveAsync(acme, bob, "A", "", default);
        await Assert.ThrowsAsync<InputException>(() => views.SaveAsync(acme, ann, "A", "", default));
        await Assert.ThrowsAsync<InputException>(() => views.SaveAsync(acme, ann, " ", "", default));
        await Assert.ThrowsAsync<InputException>(() => views.SaveAsync(acme, ann, new string('x', SavedView.MaxName + 1), "", default));
        await Assert.ThrowsAsync<InputException>(() => views.SaveAsync(acme, ann, "B", new string('x', SavedView.MaxQuery + 1), default));
        await views.RenameAsync(acme, ann, id, "A", default); // as it is
        await views.RenameAsync(acme, ann, id, "B", default);
        Assert.Equal("B", Assert.Single(await views.ListAsync(acme, ann, default)).Name);
    }

    [Fact]
    public async Task Save_BeyondTheBound_IsRefused()
    {
        for (var i = 0; i < SavedViews.MaxOfMember; i++)
            await views.SaveAsync(acme, ann, $"View {i}", "", default);
        var refused = await Assert.ThrowsAsync<InputException>(() => views.SaveAsync(acme, ann, "One more", "", default));
        Assert.Contains("remove one first", refused.Message, StringComparison.Ordinal);
        await views.SaveAsync(acme, bob, "One more", "", default);
    }
}
