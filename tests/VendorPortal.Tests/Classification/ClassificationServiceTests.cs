using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Import;
using VendorPortal.Journal;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Classification;

/// <summary>The classification as it runs in the portal, from a registry's post to the log, with a clock that is moved by hand.</summary>
public sealed class ClassificationServiceTests : IAsyncLifetime
{
    private readonly ManualTimeProvider time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private PortalHost portal = null!;
    private FeedClient feed = null!;

    public async Task InitializeAsync()
    {
        portal = await PortalHost.StartAsync(null, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(time));
        feed = await FeedClient.AddAsync(portal);
    }

    public async Task DisposeAsync()
    {
        feed.Dispose();
        await portal.DisposeAsync();
    }

    [Fact]
    public async Task Post_HeadThenGet_IsOneRowAndTellsThePages()
    {
        var told = 0;
        await feed.PostAsync(FeedClient.Pull("1", time.GetUtcNow(), method: "HEAD"));
        await feed.PostAsync(FeedClient.Pull("2", time.GetUtcNow().AddMilliseconds(100), tag: null));
        portal.Services.GetRequiredService<PullNotifications>().Changed += vendor => Interlocked.Add(ref told, vendor);

        await UntilAsync(pulls => pulls.Count > 0);

        var pull = Assert.Single(await PullsAsync());
        Assert.Equal((PullKind.PullByTag, PullRule.HeadTagGet, 2), (pull.Kind, pull.Rule, pull.Requests));
        await Eventually.TrueAsync(() => Task.FromResult(told == portal.VendorId), "the pages are told");
    }

    [Fact]
    public async Task Post_WhereTheClassificationIsBehind_IsTakenUpFromTheJournal()
    {
        portal.Services.GetRequiredService<ClassificationService>().MaxWaiting = 0; // all there is goes that way
        var at = time.GetUtcNow();
        await feed.PostAsync(FeedClient.Pull("1", at, method: "HEAD"));
        await UntilAsync(pulls => pulls is [{ Kind: PullKind.VersionCheck }]);

        await feed.PostAsync(FeedClient.Pull("2", at.AddMilliseconds(100), tag: null));
        await UntilAsync(pulls => pulls is [{ Kind: PullKind.PullByTag, Requests: 2 }]);
    }

    [Fact]
    public async Task Post_LateGet_TurnsTheVersionCheckIntoAPull()
    {
        var at = time.GetUtcNow();
        await feed.PostAsync(FeedClient.Pull("1", at, method: "HEAD"));
        await UntilAsync(pulls => pulls is [{ Kind: PullKind.VersionCheck }]);

        await feed.PostAsync(FeedClient.Pull("2", at.AddSeconds(1), tag: null));
        await UntilAsync(pulls => pulls is [{ Kind: PullKind.PullByTag, Requests: 2 }]);
    }

    [Fact]
    public async Task Push_AfterThePullsOfItsAccount_LabelsThemWithoutWaitingAndLaterOnesToo()
    {
        await feed.PostAsync(FeedClient.Pull("1", time.GetUtcNow()), FeedClient.Pull("2", time.GetUtcNow(), p => p["actor"]!["name"] = "customer"));
        await UntilAsync(pulls => pulls.Count == 2);
        Assert.All(await PullsAsync(), p => Assert.Equal(PullLabels.None, p.Labels));

        await feed.PostAsync(FeedClient.Pull("push", time.GetUtcNow(), p => p["action"] = "push"));
        // The clock stands: nothing but the push itself can be what wakes it.
        await Eventually.TrueAsync(async () => (await PullsAsync()).Count(p => p.Labels == PullLabels.Publisher) == 1, "the earlier pull is labelled");

        await feed.PostAsync(FeedClient.Pull("3", time.GetUtcNow()), FeedClient.Pull("4", time.GetUtcNow(), p => p["actor"]!["name"] = "customer"));
        await UntilAsync(pulls => pulls.Count == 4);
        Assert.Equal([PullLabels.None, PullLabels.None, PullLabels.Publisher, PullLabels.Publisher], (await PullsAsync()).Select(p => p.Labels).Order());
        await using var context = Context();
        var day = Assert.Single(await context.DailyArtifactPulls.ToListAsync());
        Assert.Equal((2, 2), (day.Tag, day.Labelled));
    }

    [Fact]
    public async Task Push_WithReferences_FoldsEarlierPullsAnew()
    {
        var at = time.GetUtcNow();
        await feed.PostAsync([FeedClient.Pull("1", at), .. Enumerable.Range(2, 3).Select(d => FeedClient.Pull($"{d}", at.AddMilliseconds(d), tag: null, digest: d))]);
        await UntilAsync(pulls => pulls.Count == 2);

        await feed.PostAsync(FeedClient.Pull("push", time.GetUtcNow(), p =>
        {
            p["action"] = "push";
            p["target"]!["mediaType"] = "application/vnd.oci.image.index.v1+json";
            p["target"]!["references"] = new JsonArray([.. Enumerable.Range(2, 3).Select(d => new JsonObject { ["digest"] = RequestGenerators.Digest(d) })]);
        }));

        await UntilAsync(pulls => pulls is [{ Requests: 4, Kind: PullKind.PullByTag }]);
    }

    [Fact]
    public async Task Classification_StoreRefusesForAWhile_GoesOnByItself()
    {
        Execute("CREATE TRIGGER refuse BEFORE INSERT ON Pulls BEGIN SELECT RAISE(ABORT, 'refused'); END");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(1, (await feed.PostAsync(FeedClient.Pull($"{i}", time.GetUtcNow()))).Accepted);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Empty(await PullsAsync());
        Execute("DROP TRIGGER refuse");

        await UntilAsync(pulls => pulls.Count == 20);
    }

    [Fact]
    public async Task Journal_RequestsThatAnotherProcessLeft_BecomePullsWithoutARestart()
    {
        await feed.PostAsync(FeedClient.Pull("1", time.GetUtcNow()));
        await UntilAsync(pulls => pulls.Count == 1);
        var left = new FeedBatch();
        left.Requests.AddRange([Pipeline.Get("a", -90, "1.0", user: "left"), Pipeline.Get("b", -80, "1.0", user: "left")]);
        Write(left);

        await UntilAsync(pulls => pulls.Count == 3);

        Assert.All(await PullsAsync(), pull => Assert.Equal(1, pull.Requests));
    }

    [Fact]
    public async Task Push_ToldToAnotherProcess_FoldsWhatThatOneLeft()
    {
        var at = time.GetUtcNow();
        await feed.PostAsync(FeedClient.Pull("0", at));
        await UntilAsync(pulls => pulls.Count == 1);
        var left = new FeedBatch();
        left.Manifests.Add(new ManifestFact(RequestGenerators.Digest(1), "application/vnd.oci.image.index.v1+json", [.. Enumerable.Range(2, 3).Select(d => (RequestGenerators.Digest(d), (string?)null))]));
        left.Requests.Add(Pipeline.Get("a", 0, "1.0", user: "left"));
        left.Requests.AddRange(Enumerable.Range(2, 3).Select(d => Pipeline.Get($"{d}", d / 1000.0, null, d, "left")));
        Write(left);

        await UntilAsync(pulls => pulls is [{ Requests: 1 }, { Requests: 4, Kind: PullKind.PullByTag }] or [{ Requests: 4, Kind: PullKind.PullByTag }, { Requests: 1 }]);
    }

    [Fact]
    public async Task Post_InAMillisecondWhosePullsAnImportBrought_KeepsThemAllAndGoesOn()
    {
        var at = time.GetUtcNow();
        await feed.PostAsync(FeedClient.Pull("1", at));
        await UntilAsync(pulls => pulls.Count == 1);
        var target = new ImportTarget(portal.VendorId, 1, at.UtcDateTime.AddYears(1));
        await portal.Services.GetRequiredService<RequestImport>().RunAsync(target, History(), Path.Combine(portal.Folder, "import"), new ImportMonitor(), CancellationToken.None);
        Assert.Equal(2, (await PullsAsync()).Count);

        await feed.PostAsync(FeedClient.Pull("2", at, p => p["actor"]!["name"] = "second"));
        await feed.PostAsync(FeedClient.Pull("3", at.AddSeconds(1)));

        await UntilAsync(pulls => pulls.Sum(p => p.Requests) == 4);
        Assert.Equal(4, (await PullsAsync()).Select(p => p.Id).Distinct().Count());

        async IAsyncEnumerable<FeedBatch> History()
        {
            var batch = new FeedBatch();
            batch.Requests.Add(Pipeline.Get("past", 0, "1.0", user: "past"));
            yield return batch;
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Settle_NothingBecomesAPull_EndsAtTheLimit()
    {
        Execute("CREATE TRIGGER refuse BEFORE INSERT ON Pulls BEGIN SELECT RAISE(ABORT, 'refused'); END");
        await feed.PostAsync(FeedClient.Pull("1", time.GetUtcNow()));
        var settling = portal.Services.GetRequiredService<ClassificationService>().SettleAsync(portal.VendorId, null, TimeSpan.FromMinutes(2), CancellationToken.None);
        var began = time.GetUtcNow();

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(settling.IsCompleted);
            },
            "it gives up");

        await settling;
        Assert.True(time.GetUtcNow() - began >= TimeSpan.FromMinutes(2));
        Assert.Empty(await PullsAsync());
    }

    private PortalDbContext Context() => portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(portal.VendorId);

    private async Task<List<Pull>> PullsAsync()
    {
        await using var context = Context();
        return await context.Pulls.OrderBy(p => p.Id).ToListAsync();
    }

    // Time goes on in steps shorter than the window, until the log is as wanted.
    private Task UntilAsync(Func<List<Pull>, bool> condition) => Eventually.TrueAsync(
        async () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            return condition(await PullsAsync());
        },
        "the log is as wanted");

    // What another process receives.
    private void Write(FeedBatch batch)
    {
        using var connection = portal.Services.GetRequiredService<PortalDatabase>().OpenWriter();
        using var elsewhere = new JournalWriter(connection);
        elsewhere.Write([new JournalPost(portal.VendorId, 1, batch)], time.GetUtcNow().UtcDateTime);
    }

    private void Execute(string sql)
    {
        using var connection = portal.Services.GetRequiredService<PortalDatabase>().OpenWriter();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
