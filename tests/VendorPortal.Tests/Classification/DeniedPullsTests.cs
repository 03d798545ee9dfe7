using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;
using static VendorPortal.Tests.Testing.Pipeline;

namespace VendorPortal.Tests.Classification;

/// <summary>Refusals on their way from the journal to the log.</summary>
public sealed class DeniedPullsTests
{
    [Fact]
    public async Task Refusal_NobodyLetIn_IsADeniedRowAfterSixSeconds()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Refused("1", 0, "1.0", 404, method: RequestMethod.Head), Refused("2", 0.1, "1.0", 404));
        await pipeline.AdvanceAsync(5);
        Assert.Empty(await pipeline.LogAsync());

        await pipeline.AdvanceAsync(1.1);

        Assert.Equal(["Denied 1.0×2"], await pipeline.LogAsync());
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        var pull = await context.Pulls.SingleAsync();
        Assert.Equal((404, PullRule.Refused, null), (pull.Status, pull.Rule, pull.DigestId));
        Assert.Equal((0, 0, 0, 1), await context.DailyArtifactPulls.Select(d => ValueTuple.Create(d.Tag, d.Digest, d.Checks, d.Denied)).SingleAsync());
    }

    [Fact]
    public async Task Handshake_WithoutCredentials_IsNoRow()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Refused("1", 0, "1.0", 401) with { User = null }, Refused("2", 1, "1.0", 401, user: "mallory"));
        await pipeline.AdvanceAsync(30);

        Assert.Equal(["Denied 1.0×1"], await pipeline.LogAsync());
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        Assert.Equal([JournalRequest.NoPull], await context.RegistryRequests.Where(r => r.UserId == null).Select(r => r.PullId!.Value).ToListAsync());
    }

    [Fact]
    public async Task Refusal_LetInAfterIt_IsForgivenAlsoWhenThatArrivesLate()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Refused("1", 0, "1.0", 429), Refused("2", 4, "2.0", 404));
        await pipeline.AdvanceAsync(60);
        Assert.Equal(["Denied 1.0×1", "Denied 2.0×1"], await pipeline.LogAsync());

        await pipeline.SendAsync(Get("3", 8, "1.0"));
        await pipeline.AdvanceAsync(60);

        Assert.Equal(["PullByTag 1.0×1"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task Refusal_BridgingASuccessDeliveredEarlier_IsForgivenWithTheOnesBeforeIt()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Refused("1", 0, "1.0", 404), Get("3", 8, "1.0"));
        await pipeline.AdvanceAsync(60);
        Assert.Equal(["Denied 1.0×1", "PullByTag 1.0×1"], await pipeline.LogAsync());

        await pipeline.SendAsync(Refused("2", 4, "1.0", 404));
        await pipeline.AdvanceAsync(6);
        await pipeline.CrashAsync();

        Assert.Equal(["PullByTag 1.0×1"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task Refusal_OfAnotherAccount_IsNotForgivenByASuccess()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(Refused("1", 0, "1.0", 401, user: "mallory"), Get("2", 1, "1.0"));
        await pipeline.AdvanceAsync(30);

        Assert.Equal(["Denied 1.0×1", "PullByTag 1.0×1"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task Scanner_HammeringForMinutes_IsARowAMinuteInBoundedMemory()
    {
        await using var pipeline = await Pipeline.StartAsync();
        for (var second = 0; second < 300; second++)
        {
            await pipeline.SendAsync(Refused($"{second}", second, "latest", 404));
            await pipeline.AdvanceAsync(1);
            Assert.InRange(pipeline.Engine.Pending, 0, 75);
        }

        await pipeline.AdvanceAsync(6);
        Assert.Equal(Enumerable.Repeat("Denied latest×61", 4).Append("Denied latest×56"), await pipeline.LogAsync());
    }

    [Fact]
    public async Task Refusal_ByAnAccountThatPublishes_IsLabelled()
    {
        await using var pipeline = await Pipeline.StartAsync();
        var batch = new VendorPortal.Journal.FeedBatch();
        batch.Publishers.Add(new VendorPortal.Journal.PublisherFact("acme/app", "ci"));
        batch.Requests.Add(Refused("1", 0, "2.0", 404, user: "ci", method: RequestMethod.Head)); // looks before it pushes
        await pipeline.SendAsync(batch);
        await pipeline.AdvanceAsync(30);

        Assert.Equal(["Denied 2.0×1 Publisher"], await pipeline.LogAsync());
    }

    [Fact]
    public async Task TwoFeeds_OneFarBehindTheOther_GiveThePullsOfOne()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(1, Head("live1", 0, "1.0"), Refused("live2", 20, "2.0", 404), Head("live3", 40, "3.0"));
        await pipeline.AdvanceAsync(60); // the live feed has closed its sessions
        Assert.Equal(["VersionCheck 1.0×1", "Denied 2.0×1", "VersionCheck 3.0×1"], await pipeline.LogAsync());

        // The other one reads a file meanwhile, from the beginning, while the first goes on.
        await pipeline.SendAsync(2, Get("file1", 0.3, null));
        await pipeline.SendAsync(1, Head("live4", 60, "4.0"));
        await pipeline.AdvanceAsync(3);
        await pipeline.SendAsync(2, Get("file2", 21, "2.0"), Get("file3", 41, null), Get("file4", 60.2, null));
        await pipeline.AdvanceAsync(60);

        Assert.Equal(["PullByTag 1.0×2", "PullByTag 2.0×1", "PullByTag 3.0×2", "PullByTag 4.0×2"], await pipeline.LogAsync());
    }
}
