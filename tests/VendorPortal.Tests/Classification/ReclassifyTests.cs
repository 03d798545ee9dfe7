using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Commands;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;
using static VendorPortal.Tests.Testing.Pipeline;

namespace VendorPortal.Tests.Classification;

/// <summary>A range of the journal classified once more; that it gives what the live run gives over anything is a property of the engine.</summary>
public sealed class ReclassifyTests
{
    [Fact]
    public async Task Range_CutsThroughASession_TreatsItWholeAndLeavesTheRestAlone()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Head("1", 0, "1.0"), Get("2", 3, null), Head("3", 100, "2.0"), Get("4", 103, null), Get("5", 200, "3.0"));
        await pipeline.AdvanceAsync(300);
        Spoil(pipeline, "UPDATE Pulls SET Requests = 9");

        await pipeline.ReclassifyAsync(Pipeline.Start.AddSeconds(2), Pipeline.Start.AddSeconds(102));

        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        Assert.Equal([2, 2, 9], await context.Pulls.OrderBy(p => p.Id).Select(p => p.Requests).ToListAsync());
        var done = await context.Reclassifications.SingleAsync();
        Assert.Equal((2L, 2L), (done.Requests, done.Rewritten));
        Assert.NotNull(done.FinishedUtc);
    }

    [Fact]
    public async Task NothingComesOutDifferently_NoRowAndNoSegmentIsTouched()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Enumerable.Range(0, 50).Select(i => Get($"{i}", i * 10, "1.0")));
        await pipeline.AdvanceAsync(600);
        Assert.True(await pipeline.Store.SealAsync(pipeline.VendorId, seal: 8, max: 16) > 1);
        Spoil(pipeline, "UPDATE Pulls SET Ruleset = 1");
        var segments = await SegmentsAsync(pipeline);

        await pipeline.ReclassifyAsync();

        Assert.Equal(segments, await SegmentsAsync(pipeline));
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        Assert.Equal((50L, 0L), await context.Reclassifications.Select(r => ValueTuple.Create(r.Requests, r.Rewritten)).SingleAsync());
        Assert.True(await context.Pulls.AllAsync(p => p.Ruleset == PullClassifier.Ruleset));
    }

    [Fact]
    public async Task ARowComesOutDifferently_OnlyItIsListedBesideItsSegment()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Enumerable.Range(0, 50).Select(i => Get($"{i}", i * 10, "1.0")));
        await pipeline.AdvanceAsync(600);
        await pipeline.Store.SealAsync(pipeline.VendorId, seal: 8, max: 16);
        var segments = await SegmentsAsync(pipeline);
        Spoil(pipeline, "UPDATE Pulls SET Kind = 3 WHERE Id = (SELECT MIN(Id) FROM Pulls)");

        await pipeline.ReclassifyAsync();

        Assert.Equal(segments, await SegmentsAsync(pipeline));
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        Assert.Equal(await context.Pulls.MinAsync(p => p.Id), (await context.PullSegmentChanges.SingleAsync()).Id);
        Assert.Equal(Enumerable.Repeat("PullByTag 1.0×1", 50), await pipeline.LogAsync());
    }

    [Fact]
    public async Task ModeWasChanged_AppliesToThePast()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Head("1", 0, "1.0"), Get("2", 1, null, user: "bob"));
        await pipeline.AdvanceAsync(60);
        Assert.Equal(["VersionCheck 1.0×1", "PullByDigest @1×1"], await pipeline.LogAsync());
        await using (var context = pipeline.Store.Contexts.ForInstallation())
            await context.Vendors.ExecuteUpdateAsync(set => set.SetProperty(v => v.Mode, ClassificationMode.Strict));
        await pipeline.CrashAsync();

        await pipeline.ReclassifyAsync();

        Assert.Equal(["PullByTag 1.0×2"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task Begin_SameRangeUnfinished_GoesOnAnotherRangeReplacesIt()
    {
        await using var pipeline = await Pipeline.StartAsync();
        var from = Pipeline.Start;
        Assert.False(await pipeline.Reclassifier.BeginAsync(pipeline.VendorId, from, null, CancellationToken.None));
        Assert.True(await pipeline.Reclassifier.BeginAsync(pipeline.VendorId, from, null, CancellationToken.None));
        Assert.False(await pipeline.Reclassifier.BeginAsync(pipeline.VendorId, from, from.AddDays(1), CancellationToken.None));
        await pipeline.ReclassifyAsync(from, from.AddDays(1));
        Assert.False(await pipeline.Reclassifier.BeginAsync(pipeline.VendorId, from, from.AddDays(1), CancellationToken.None));
    }

    [Fact]
    public async Task LargeRange_KilledTwiceWhileItRuns_EndsAsIfItHadNotBeen()
    {
        await using var pipeline = await Pipeline.StartAsync(); // a hundred requests a page
        await pipeline.SendAsync(Enumerable.Range(0, 400).SelectMany(i => (VendorPortal.Journal.RegistryRequest[])[Head($"h{i}", i * 4, "1.0"), Get($"g{i}", (i * 4) + 1, null), Refused($"r{i}", (i * 4) + 2, "9.9", 404)]));
        await pipeline.AdvanceAsync(10_000);
        var expected = await pipeline.LogAsync();
        Spoil(pipeline, "UPDATE Pulls SET Kind = 3, Rule = 1, Requests = 1, Status = NULL");
        await pipeline.Reclassifier.BeginAsync(pipeline.VendorId, null, null, CancellationToken.None);

        for (var run = 0; run < 2; run++)
        {
            for (var page = 0; page < 3; page++)
            {
                await pipeline.Engine.ReclassifyAsync(CancellationToken.None);
                await pipeline.Engine.WriteFinalAsync(CancellationToken.None);
            }

            await pipeline.CrashAsync();
            var half = (await pipeline.Reclassifier.ReadAsync(pipeline.VendorId, CancellationToken.None))!;
            Assert.InRange(half.Fraction, 0.1, 0.9);
        }

        await pipeline.ReclassifyAsync();

        Assert.Equal(expected, await pipeline.LogAsync());
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        Assert.Equal(1_200, (await context.Reclassifications.SingleAsync()).Requests);
    }

    [Fact]
    public async Task LateRequestsKeepComing_ItStillEnds()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Enumerable.Range(0, 40).Select(i => Head($"h{i}", i * 10, "1.0")));
        await pipeline.AdvanceAsync(600);
        await pipeline.SendAsync(Get("live", 600, "9.0", user: "bob")); // what is older than this is past
        await pipeline.Reclassifier.BeginAsync(pipeline.VendorId, null, null, CancellationToken.None);

        for (var call = 0; call < 20; call++)
        {
            await pipeline.SendAsync(Get($"g{call}", (call * 10) + 1, null)); // its neighbour is in memory whenever we look
            await pipeline.Engine.ReclassifyAsync(CancellationToken.None);
            await pipeline.AdvanceAsync(0);
        }

        Assert.True((await pipeline.Reclassifier.ReadAsync(pipeline.VendorId, CancellationToken.None))!.IsFinished);
        await pipeline.AdvanceAsync(30);
        Assert.Equal([.. Enumerable.Repeat("PullByTag 1.0×2", 20), .. Enumerable.Repeat("VersionCheck 1.0×1", 20), "PullByTag 9.0×1"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task Command_WhileAPortalServesAndReceives_IsDoneByThePortal()
    {
        await using var portal = await PortalHost.StartAsync();
        using var feed = await FeedClient.AddAsync(portal);
        var now = DateTimeOffset.UtcNow.AddHours(-1);
        for (var i = 0; i < 20; i++)
            await feed.PostAsync(FeedClient.Pull($"h{i}", now.AddSeconds(i * 10), method: "HEAD"), FeedClient.Pull($"g{i}", now.AddSeconds((i * 10) + 1), tag: null));
        var contexts = portal.Services.GetRequiredService<PortalDbContextFactory>();
        await Eventually.TrueAsync(async () => (await PullsAsync(contexts, portal.VendorId)).Count == 20, "the history is classified");
        Execute(portal.Services.GetRequiredService<PortalDatabase>().ConnectionString, "DELETE FROM Pulls; DELETE FROM DailyArtifactPulls");

        // Another process on the same file, as far as the store can tell: services, connections and locks of its own.
        using var sending = new CancellationTokenSource();
        var sender = SendAsync(feed, sending.Token);
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await PortalCommands.RunAsync(["reclassify", "--data", portal.Folder], output, error);
        await sending.CancelAsync();
        var sent = await sender;

        Assert.True(code == 0, error.ToString());
        using var answer = JsonDocument.Parse(output.ToString());
        Assert.InRange(answer.RootElement.GetProperty("requests").GetInt64(), 40, 40 + sent);
        Assert.Equal(PullClassifier.Ruleset, answer.RootElement.GetProperty("ruleset").GetInt32());
        Assert.Contains("100 %", error.ToString(), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await PullsAsync(contexts, portal.VendorId)).Count == 20 + sent, "what came meanwhile is classified too");
        var pulls = await PullsAsync(contexts, portal.VendorId);
        Assert.Equal(Enumerable.Repeat((PullKind.PullByTag, 2), 20), pulls.Take(20).Select(p => (p.Kind, p.Requests)));
        await using var rows = contexts.ForVendor(portal.VendorId);
        Assert.Equal(pulls.Count, (await rows.DailyArtifactPulls.ToListAsync()).Sum(d => d.Tag));
        Assert.Equal(40 + sent, await rows.RegistryRequests.CountAsync(r => r.PullId > 0));
    }

    [Fact]
    public async Task Command_PortalIsStartedMeanwhile_ItWaitsAndGoesOn()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Head("1", 0, "1.0"), Get("2", 1, null));
        await pipeline.AdvanceAsync(60);
        Spoil(pipeline, "DELETE FROM Pulls");
        pipeline.Engine.Dispose();
        await pipeline.Reclassifier.BeginAsync(pipeline.VendorId, null, null, CancellationToken.None);

        using (var other = pipeline.Store.Database.TryTakeClassification())
        {
            Assert.NotNull(other);
            Assert.Null(pipeline.Store.Database.TryTakeClassification());
            Assert.False(await pipeline.Reclassifier.WorkAsync(TimeSpan.FromMinutes(1), _ => { }, pipeline.VendorId, CancellationToken.None));
        }

        Assert.True(await pipeline.Reclassifier.WorkAsync(TimeSpan.FromMinutes(1), _ => { }, pipeline.VendorId, CancellationToken.None));
        Assert.Equal(["PullByTag 1.0×2"], await pipeline.LogAsync());
    }

    private static async Task<int> SendAsync(FeedClient feed, CancellationToken ct)
    {
        var sent = 0;
        while (!ct.IsCancellationRequested)
        {
            await feed.PostAsync(FeedClient.Pull($"live{sent}", DateTimeOffset.UtcNow, tag: $"9.{sent}"));
            sent++;
            await Task.Delay(50, CancellationToken.None);
        }

        return sent;
    }

    private static async Task<List<Pull>> PullsAsync(PortalDbContextFactory contexts, int vendorId)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await context.Pulls.OrderBy(p => p.Id).ToListAsync();
    }

    private static void Spoil(Pipeline pipeline, string sql) => Execute(pipeline.Store.Database.ConnectionString, sql);

    private static void Execute(string connectionString, string sql)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task<List<long>> SegmentsAsync(Pipeline pipeline)
    {
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        return await context.PullSegments.Where(s => s.Rows > 0).OrderBy(s => s.FirstId).Select(s => s.FirstId).ToListAsync();
    }
}
