using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Tests.Testing;
using static VendorPortal.Tests.Testing.Pipeline;

namespace VendorPortal.Tests.Classification;

/// <summary>From the journal to the log, step by step: when a pull is written, what late requests change, what a crash leaves.</summary>
public sealed class ClassificationEngineTests
{
    private const string Signature = "sha256-0000000000000000000000000000000000000000000000000000000000000001.sig";

    [Fact]
    public async Task Pull_LastRequestSixSecondsAgo_IsWrittenAndNotBefore()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Head("1", 0, "1.0"), Get("2", 0.5, null));

        Assert.Empty(await pipeline.AdvanceAsync(5.999));
        Assert.Empty(await pipeline.LogAsync());
        Assert.Equal([pipeline.VendorId], await pipeline.AdvanceAsync(0.001));
        Assert.Equal(["PullByTag 1.0×2"], await pipeline.LogAsync());
        Assert.Equal(0, pipeline.Engine.Pending);
    }

    [Fact]
    public async Task Pull_OtherTrafficHasPassedItBySevenSeconds_IsWritten()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Get("1", 0, "1.0"));
        await pipeline.AdvanceAsync(5);
        await pipeline.SendAsync(Get("2", 5, "1.0", user: "bob"));
        await pipeline.AdvanceAsync(0.5);
        Assert.Empty(await pipeline.LogAsync());

        await pipeline.AdvanceAsync(1.6);
        await pipeline.SendAsync(Get("3", 7.1, "1.0", user: "bob"));
        await pipeline.AdvanceAsync(0);

        Assert.Equal(["PullByTag 1.0×1"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task TakeUpLeft_WhatAnotherProcessLeft_IsTakenAtTheSecondLookWithItsNeighbours()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Head("1", 0, "1.0"));
        await pipeline.AdvanceAsync(6);
        Assert.Equal(["VersionCheck 1.0×1"], await pipeline.LogAsync());
        pipeline.SendElsewhere(Get("2", 3, null), Get("3", 100, "2.0", digest: 2));
        await pipeline.AdvanceAsync(600);

        await pipeline.Engine.TakeUpLeftAsync(CancellationToken.None);
        Assert.Equal(0, pipeline.Engine.Pending); // whoever received it may be about to write it
        await pipeline.AdvanceAsync(60);
        await pipeline.Engine.TakeUpLeftAsync(CancellationToken.None);
        await pipeline.AdvanceAsync(0);

        Assert.Equal(["PullByTag 1.0×2", "PullByTag 2.0×1"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task TakeUpLeft_WhatIsHeldHere_IsNotTouched()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Get("1", 0, "1.0"));
        await pipeline.Engine.TakeUpLeftAsync(CancellationToken.None);
        await pipeline.Engine.TakeUpLeftAsync(CancellationToken.None);

        Assert.Equal(1, pipeline.Engine.Pending);
        await pipeline.AdvanceAsync(5.999); // its time has not begun anew, nor ended early
        Assert.Empty(await pipeline.LogAsync());
        await pipeline.AdvanceAsync(0.001);
        Assert.Equal(["PullByTag 1.0×1"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task VersionCheck_ItsGetIsDeliveredLate_BecomesAPull()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Head("1", 0, "1.0"));
        await pipeline.AdvanceAsync(6);
        Assert.Equal(["VersionCheck 1.0×1"], await pipeline.LogAsync());

        await pipeline.AdvanceAsync(600);
        await pipeline.SendAsync(Get("2", 4.9, null));
        await pipeline.AdvanceAsync(6);

        Assert.Equal(["PullByTag 1.0×2"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task LateRequest_BetweenTwoSessions_MakesThemOne()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.TeachAsync();
        await pipeline.SendAsync(Get("1", 0, "1.0"), Get("3", 9, null, 3));
        await pipeline.AdvanceAsync(60);
        Assert.Equal(["PullByTag 1.0×1", "PullByDigest @3×1"], await pipeline.LogAsync());

        await pipeline.SendAsync(Get("2", 4.5, null, 2));
        await pipeline.AdvanceAsync(60);

        Assert.Equal(["PullByTag 1.0×3"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task LateRequest_SplitsAPullOfWhichAPartIsNotFinal_CrashBetweenTheWrites_LosesNothing()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Head("head", 0, "1.0"), Get("get", 4.9, null));
        await pipeline.AdvanceAsync(6); // complete by the clock: nothing else has moved the watermark
        Assert.Equal(["PullByTag 1.0×2"], await pipeline.LogAsync());

        // The late GET takes the HEAD for itself. Somebody else's traffic makes that half final, not yet the other.
        await pipeline.SendAsync(Get("late", 0.1, null), Get("else", 5.9, "2.0", 9, user: "bob"));
        await pipeline.AdvanceAsync(2.1);
        await pipeline.SendAsync(Get("else2", 8, "2.0", 9, user: "bob"));
        await pipeline.AdvanceAsync(0);
        Assert.Equal(["PullByTag 1.0×2"], await pipeline.LogAsync());
        await pipeline.CrashAsync();
        await pipeline.AdvanceAsync(6);

        Assert.Equal(["PullByTag 1.0×2", "PullByDigest @1×1", "PullByTag 2.0×1", "PullByTag 2.0×1"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task Restart_InTheMiddleOfASession_GivesOnePull()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Head("1", 0, "1.0"));
        await pipeline.AdvanceAsync(1);
        await pipeline.CrashAsync();
        await pipeline.SendAsync(Get("2", 1, null));
        await pipeline.AdvanceAsync(1);
        await pipeline.CrashAsync();
        await pipeline.AdvanceAsync(6);

        Assert.Equal(["PullByTag 1.0×2"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task GraphTaughtLate_PullsBeforeIt_AreFoldedAnew()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await PullAllPlatformsAsync(pipeline);
        Assert.Equal(["PullByTag 1.0×2", "PullByDigest @3×2"], await pipeline.LogAsync());

        await pipeline.TeachAsync();
        await pipeline.Engine.ReloadRelearnedAsync(CancellationToken.None);
        await pipeline.AdvanceAsync(6);
        await pipeline.Engine.ReloadRelearnedAsync(CancellationToken.None);

        Assert.Equal(["PullByTag 1.0×4"], await pipeline.LogAsync());
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        Assert.False(await context.Manifests.AnyAsync(m => m.PastPending));
    }

    [Fact]
    public async Task GraphTaughtLate_CrashBeforeTheyAreWritten_IsDoneAfterwards()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await PullAllPlatformsAsync(pipeline);
        await pipeline.TeachAsync();
        await pipeline.Engine.ReloadRelearnedAsync(CancellationToken.None);
        await pipeline.AdvanceAsync(0);
        await pipeline.Engine.ReloadRelearnedAsync(CancellationToken.None);
        await pipeline.CrashAsync();

        await pipeline.Engine.ReloadRelearnedAsync(CancellationToken.None);
        await pipeline.AdvanceAsync(6);

        Assert.Equal(["PullByTag 1.0×4"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task GraphTaughtLate_MorePullsThanAPage_AreAllFoldedAnew()
    {
        await using var pipeline = await Pipeline.StartAsync();
        var requests = Enumerable.Range(0, 1_200).SelectMany(i => (RegistryRequest[])[Head($"h{i}", i * 10, "1.0"), Get($"c{i}", (i * 10) + 1, null, 3)]);
        await pipeline.SendAsync(requests);
        await pipeline.AdvanceAsync(20_000);
        Assert.Equal(2_400, (await pipeline.LogAsync()).Count);

        await pipeline.TeachAsync();
        for (var i = 0; i < 5; i++)
        {
            await pipeline.Engine.ReloadRelearnedAsync(CancellationToken.None);
            await pipeline.AdvanceAsync(6);
        }

        Assert.Equal(Enumerable.Repeat("PullByTag 1.0×2", 1_200), await pipeline.LogAsync());
    }

    [Fact]
    public async Task GraphTaughtLate_LateRequestsKeepComing_ItStillEnds()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Enumerable.Range(0, 20).Select(i => Head($"h{i}", i * 10, "2.0", 9, "bob")));
        await PullAllPlatformsAsync(pipeline);
        await pipeline.AdvanceAsync(600);
        await pipeline.SendAsync(Get("live", 600, "9.0", 8, "carol")); // what is older than this is past
        await pipeline.TeachAsync();

        for (var call = 0; call < 20; call++)
        {
            await pipeline.SendAsync(Get($"g{call}", (call * 10) + 1, null, 9, "bob")); // its neighbour is in memory whenever we look
            await pipeline.Engine.ReloadRelearnedAsync(CancellationToken.None);
            await pipeline.AdvanceAsync(0);
        }

        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        Assert.False(await context.Manifests.AnyAsync(m => m.PastPending));
        Assert.Contains("PullByTag 1.0×4", await pipeline.LogAsync());
    }

    [Fact]
    public async Task StrictMode_AccountsBehindOneAddress_AreJoinedAndTheGraphIsNotUsed()
    {
        await using var pipeline = await Pipeline.StartAsync(ClassificationMode.Strict);
        await pipeline.TeachAsync();
        await pipeline.SendAsync(Head("1", 0, "1.0"), Get("2", 1, null, user: "bob"), Get("3", 2, null, 2), Get("4", 3, null, 3));
        await pipeline.AdvanceAsync(30);

        Assert.Equal(["PullByTag 1.0×3", "PullByDigest @3×1"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task ClientMode_AccountsBehindOneAddress_StayApart()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Head("1", 0, "1.0"), Get("2", 1, null, user: "bob"));
        await pipeline.AdvanceAsync(30);

        Assert.Equal(["VersionCheck 1.0×1", "PullByDigest @1×1"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task AuxiliaryTag_IsLabelledAndJoinsNothing()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Get("1", 0, "1.0"), Get("2", 1, Signature, 8), Get("3", 2, null, 2));
        await pipeline.AdvanceAsync(30);

        Assert.Equal(["PullByTag 1.0×2", $"PullByTag {Signature}×1 Auxiliary"], await pipeline.LogAsync());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(503)]
    public async Task FailedRequest_IsKeptAndNeverPartOfARow(int status)
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Head("1", 0, "1.0"), Get("2", 4, null) with { Status = status }, Get("3", 8, null) with { IsPush = true });
        await pipeline.AdvanceAsync(30);
        await pipeline.CrashAsync();
        await pipeline.AdvanceAsync(30);

        Assert.Equal(["VersionCheck 1.0×1"], await pipeline.LogAsync());
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        Assert.Equal(3, await context.RegistryRequests.CountAsync());
    }

    [Fact]
    public async Task EndlessPoller_EveryFourSecondsForAnHour_IsWrittenWhileItGoesOnInBoundedMemory()
    {
        await using var pipeline = await Pipeline.StartAsync();
        for (var i = 0; i < 900; i++)
        {
            await pipeline.SendAsync(Head($"{i}", i * 4, "latest"));
            await pipeline.AdvanceAsync(4);
            Assert.InRange(pipeline.Engine.Pending, 0, 4);
            if (i == 450)
                Assert.InRange((await pipeline.LogAsync()).Count, 445, 451);
        }

        await pipeline.AdvanceAsync(6);
        Assert.Equal(Enumerable.Repeat("VersionCheck latest×1", 900), await pipeline.LogAsync());
    }

    [Fact]
    public async Task EndlessPoller_LateRequestInTheMiddleOfManyHours_CostsABoundedPartAndLosesNothing()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Enumerable.Range(0, 7_000).SelectMany(i => (RegistryRequest[])[Head($"h{i}", i * 4, "latest"), Get($"g{i}", (i * 4) + 0.1, null, i % 3 == 0 ? 1 : 9)]));
        await pipeline.AdvanceAsync(100_000);
        var before = await pipeline.LogAsync();

        await pipeline.SendAsync(Get("late", (3_500 * 4) + 0.05, null));
        Assert.InRange(pipeline.Engine.Pending, 4_000, 6_000);
        await pipeline.AdvanceAsync(6);

        var after = await pipeline.LogAsync();
        Assert.Equal(14_001, after.Sum(p => int.Parse(p[(p.IndexOf('×', StringComparison.Ordinal) + 1)..], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(before.Take(1_500), after.Take(1_500));
    }

    [Fact]
    public async Task VendorRemoved_ItsRequestsUnderWay_AreLeftAloneAndOthersGoOn()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await using (var context = pipeline.Store.Contexts.ForInstallation())
            await context.Vendors.Where(v => v.Id == pipeline.VendorId).ExecuteDeleteAsync();

        await pipeline.SendAsync(Get("1", 0, "1.0"));
        await pipeline.TeachAsync();
        await pipeline.AdvanceAsync(60);

        Assert.Empty(await pipeline.LogAsync());
    }

    [Fact]
    public async Task Pull_UserAssignedMeanwhile_HasTheCustomerOfItsTime()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Get("1", 0, "1.0"), Get("2", 100, "1.0"));
        await using (var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId))
        {
            var user = await context.RegistryUsers.SingleAsync();
            context.Add(new VendorPortal.Storage.Entities.CustomerAssignment { VendorId = pipeline.VendorId, UserId = user.Id, FromUtc = Pipeline.Start.AddSeconds(50), CustomerId = 7 });
            await context.SaveChangesAsync();
        }

        await pipeline.AdvanceAsync(200);

        await using var rows = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        Assert.Equal([null, 7], await rows.Pulls.OrderBy(p => p.Id).Select(p => p.CustomerId).ToListAsync());
    }

    [Fact]
    public void Graph_ForgedCycles_AreAnsweredAtOnce()
    {
        var graph = new ManifestGraph();
        var all = Enumerable.Range(0, 300).Select(RequestGenerators.Digest).ToArray();
        foreach (var digest in all)
            graph.Learn(digest, all.Where(d => d != digest));

        Assert.Equal(Childness.No, graph.IsChild(all[0], RequestGenerators.Digest(999)));
    }

    private static async Task PullAllPlatformsAsync(Pipeline pipeline)
    {
        await pipeline.SendAsync(Get("1", 0, "1.0"), Get("2", 1, null, 2), Get("3", 2, null, 3), Get("4", 3, null, 4));
        await pipeline.AdvanceAsync(6);
    }
}
