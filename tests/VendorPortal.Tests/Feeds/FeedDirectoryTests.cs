using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Hosting;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

public sealed class FeedDirectoryTests : IAsyncLifetime
{
    private VendorStore store = null!;

    public async Task InitializeAsync() => store = await VendorStore.CreateAsync();

    public async Task DisposeAsync() => await store.DisposeAsync();

    private Task<CreatedFeed> AddAsync(string name = "registry", int vendor = VendorStore.Acme) =>
        store.Feeds.AddAsync(vendor, name, FeedKind.Distribution, "https://portal.example", CancellationToken.None);

    [Fact]
    public async Task Authenticate_OwnSecretOfAFeed_FindsItsVendorAndKind()
    {
        var feed = await AddAsync(vendor: VendorStore.Globex);

        var found = await store.Feeds.AuthenticateAsync(feed.Id, feed.Secret, CancellationToken.None);

        Assert.Equal((VendorStore.Globex, 1, FeedKind.Distribution, "2-1"), (found!.VendorId, found.FeedId, found.Kind, found.PublicId));
    }

    [Fact]
    public async Task Authenticate_SecretOfAnotherFeed_FindsNothing()
    {
        var one = await AddAsync("one");
        var other = await AddAsync("other");
        var foreign = await AddAsync(vendor: VendorStore.Globex);

        Assert.Null(await store.Feeds.AuthenticateAsync(one.Id, other.Secret, CancellationToken.None));
        Assert.Null(await store.Feeds.AuthenticateAsync(one.Id, foreign.Secret, CancellationToken.None));
        Assert.Null(await store.Feeds.AuthenticateAsync(foreign.Id, one.Secret, CancellationToken.None));
        Assert.Null(await store.Feeds.AuthenticateAsync(one.Id, "", CancellationToken.None));
        Assert.Null(await store.Feeds.AuthenticateAsync(one.Id, null, CancellationToken.None));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("0-1")]
    [InlineData("1-0")]
    [InlineData("1--1")]
    [InlineData("+1-1")]
    [InlineData("1-1 ")]
    [InlineData("1-99999999999")]
    [InlineData("1-7")]
    [InlineData("9-1")]
    public async Task Authenticate_UnknownOrMalformedId_FindsNothing(string? id)
    {
        var feed = await AddAsync();

        Assert.Null(await store.Feeds.AuthenticateAsync(id, feed.Secret, CancellationToken.None));
    }

    [Fact]
    public async Task Add_ManyAtOnceFromTwoProcesses_GivesEachAnIdOfItsOwn()
    {
        await using var other = store.Another();

        var feeds = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() =>
            (i % 2 == 0 ? store : other).Feeds.AddAsync(VendorStore.Acme, "registry", FeedKind.Ndjson, null, CancellationToken.None))));

        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"1-{i}").Order(StringComparer.Ordinal), feeds.Select(f => f.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Add_AfterTheNewestFeedWasRemoved_DoesNotReuseItsId()
    {
        await AddAsync();
        var removed = await AddAsync();
        await store.Feeds.RemoveAsync(VendorStore.Acme, removed.Id, CancellationToken.None);

        Assert.Equal("1-3", (await AddAsync()).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    public async Task Add_NameThatCannotBeUsed_SaysSo(string name) =>
        await Assert.ThrowsAsync<InputException>(() => AddAsync(name));

    [Fact]
    public async Task Add_NameOfHundredAndOneCharacters_SaysSo() =>
        await Assert.ThrowsAsync<InputException>(() => AddAsync(new string('x', 101)));

    [Fact]
    public async Task Find_KnownFeed_CostsNoQueryForSomeSecondsThenFollowsTheStore()
    {
        var feed = await AddAsync();
        await using var other = store.Another();
        Assert.NotNull(await store.Feeds.FindAsync(feed.Id, CancellationToken.None));
        await other.Feeds.RemoveAsync(VendorStore.Acme, feed.Id, CancellationToken.None);

        Assert.NotNull(await store.Feeds.FindAsync(feed.Id, CancellationToken.None));
        store.Clock.UtcNow += FeedDirectory.KeptFor + TimeSpan.FromMilliseconds(1);
        Assert.Null(await store.Feeds.FindAsync(feed.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Find_FeedAddedByAnotherProcessAfterAMiss_IsFoundAtOnce()
    {
        Assert.Null(await store.Feeds.FindAsync("1-1", CancellationToken.None));
        await using var other = store.Another();
        var feed = await other.Feeds.AddAsync(VendorStore.Acme, "registry", FeedKind.Ndjson, null, CancellationToken.None);

        Assert.NotNull(await store.Feeds.AuthenticateAsync(feed.Id, feed.Secret, CancellationToken.None));
    }

    [Fact]
    public async Task Remove_Feed_StopsAtOnceAndKeepsItsRequests()
    {
        var feed = await AddAsync();
        await using (var context = store.Open())
        {
            context.Add(new JournalRequest { VendorId = VendorStore.Acme, Id = 256, FeedId = 1, EventId = new byte[16], Method = RequestMethod.Get, Status = 200 });
            await context.SaveChangesAsync();
        }

        Assert.NotNull(await store.Feeds.FindAsync(feed.Id, CancellationToken.None));

        Assert.True(await store.Feeds.RemoveAsync(VendorStore.Acme, feed.Id, CancellationToken.None));

        Assert.Null(await store.Feeds.AuthenticateAsync(feed.Id, feed.Secret, CancellationToken.None));
        Assert.Empty(await store.Feeds.ListAsync(VendorStore.Acme, CancellationToken.None));
        Assert.False(await store.Feeds.RemoveAsync(VendorStore.Acme, feed.Id, CancellationToken.None));
        await using var after = store.Open();
        Assert.Equal(1, await after.RegistryRequests.CountAsync());
    }

    [Fact]
    public async Task Remove_FeedOfAnotherVendor_DoesNothing()
    {
        var feed = await AddAsync(vendor: VendorStore.Globex);

        Assert.False(await store.Feeds.RemoveAsync(VendorStore.Acme, feed.Id, CancellationToken.None));

        Assert.NotNull(await store.Feeds.AuthenticateAsync(feed.Id, feed.Secret, CancellationToken.None));
    }

    [Fact]
    public async Task List_TwoVendors_ShowsTheOwnFeedsWithoutSecrets()
    {
        var feed = await AddAsync("ours");
        await AddAsync("theirs", VendorStore.Globex);

        var listed = Assert.Single(await store.Feeds.ListAsync(VendorStore.Acme, CancellationToken.None));

        Assert.Equal(("1-1", "ours", FeedKind.Distribution, VendorStore.Start), (listed.Id, listed.Name, listed.Kind, listed.CreatedUtc));
        await using var context = store.Open();
        var row = await context.Feeds.SingleAsync();
        Assert.DoesNotContain(feed.Secret, System.Text.Encoding.UTF8.GetString(row.SecretHash), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://public.example/", "http://asked.example", "http://*:8080", "https://public.example/ingest/1-1")]
    [InlineData("", "http://asked.example:81/", "http://*:8080", "http://asked.example:81/ingest/1-1")]
    [InlineData(null, null, "http://*:8080;https://*:8443", "http://localhost:8080/ingest/1-1")]
    [InlineData(null, null, "http://0.0.0.0:9000", "http://localhost:9000/ingest/1-1")]
    [InlineData(null, null, "http://[::]:9000", "http://localhost:9000/ingest/1-1")]
    [InlineData(null, null, "http://10.0.0.1:9000", "http://10.0.0.1:9000/ingest/1-1")]
    public void UrlOf_PublicUrlThenRequestThenListenAddress_IsWhereToPost(string? publicUrl, string? asked, string urls, string expected)
    {
        var directory = new FeedDirectory(null!, new PortalOptions { PublicUrl = publicUrl, Urls = urls }, TimeProvider.System);

        Assert.Equal(expected, directory.UrlOf("1-1", asked));
    }

    [Fact]
    public async Task Follow_RelativePath_IsMadeAbsoluteAndListed()
    {
        var feed = await store.Feeds.FollowAsync(VendorStore.Acme, "edge", FeedKind.AccessLog, new AccessLogFormat(AccessLogFormat.CombinedName), "logs/../access.log", CancellationToken.None);

        Assert.Equal(Path.GetFullPath("access.log"), feed.File);
        Assert.Equal(new FeedFile(feed.File!, 0, null), Assert.Single(await store.Feeds.ListAsync(VendorStore.Acme, CancellationToken.None)).File);
        Assert.Empty(await store.Feeds.ListAsync(VendorStore.Globex, CancellationToken.None));
    }

    [Theory]
    [InlineData(FeedKind.Harbor, "/var/log/access.log", "Only a feed of kind accesslog or ndjson is read from a file.")]
    [InlineData(FeedKind.Ndjson, "", "The file's path is empty; it has 1 to 4096 characters.")]
    [InlineData(FeedKind.Ndjson, "/var/log/a\nb", "The file's path has control characters; remove them.")]
    [InlineData(FeedKind.Ndjson, "/tmp", "'/tmp' is a folder; name the file in it.")]
    [InlineData(FeedKind.Ndjson, "/nowhere/", "'/nowhere/' is a folder; name the file in it.")]
    public async Task Follow_PathOrKindThatIsNone_IsRefused(FeedKind kind, string path, string words)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => store.Feeds.FollowAsync(VendorStore.Acme, "edge", kind, null, path, CancellationToken.None));

        Assert.Equal(words, error.Message);
        Assert.Empty(await store.Feeds.ListAsync(VendorStore.Acme, CancellationToken.None));
    }

    [Fact]
    public async Task Follow_FileOfAnotherFeedOfTheVendor_IsRefusedUntilThatIsRemoved()
    {
        Task<CreatedFeed> FollowAsync(int vendor) => store.Feeds.FollowAsync(vendor, "edge", FeedKind.Ndjson, null, "/var/log/requests.ndjson", CancellationToken.None);
        var first = await FollowAsync(VendorStore.Acme);

        var error = await Assert.ThrowsAsync<InputException>(() => FollowAsync(VendorStore.Acme));
        Assert.Equal("The feed 'edge' reads '/var/log/requests.ndjson' already; its pulls would count twice.", error.Message);
        await FollowAsync(VendorStore.Globex);
        await store.Feeds.RemoveAsync(VendorStore.Acme, first.Id, CancellationToken.None);
        await FollowAsync(VendorStore.Acme);
    }
}
