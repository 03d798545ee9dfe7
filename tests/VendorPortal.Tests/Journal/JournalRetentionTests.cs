using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Classification;
using VendorPortal.Hosting;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;
using static VendorPortal.Tests.Testing.Pipeline;

namespace VendorPortal.Tests.Journal;

/// <summary>Old requests go, their pulls stay, and nothing that is told late makes them twice.</summary>
public sealed class JournalRetentionTests
{
    private const int Days = 30;

    [Fact]
    public async Task Run_RequestsOlderThanKept_GoAndTheirPullsStay()
    {
        await using var pipeline = await TwoDaysAsync();
        var before = await PullsAsync(pipeline);

        Assert.Equal(3, await RunAsync(pipeline, Days));

        Assert.Equal(before, await PullsAsync(pipeline));
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        Assert.Equal(1, await context.RegistryRequests.CountAsync());
        Assert.Equal([(1, 2L), (2, 1L)], (await context.JournalPurges.OrderBy(p => p.FeedId).ToListAsync()).Select(p => (p.FeedId, p.Requests)));
        Assert.Equal(0, await RunAsync(pipeline, Days));
    }

    [Fact]
    public async Task Run_KeptForEver_RemovesNothing()
    {
        await using var pipeline = await TwoDaysAsync();

        Assert.Equal(0, await RunAsync(pipeline, 0));
    }

    [Fact]
    public async Task Run_PullOverMidnight_GoesWholeOrStaysWhole()
    {
        await using var pipeline = await Pipeline.StartAsync();
        var midnight = (Pipeline.Start.Date.AddDays(1) - Pipeline.Start).TotalSeconds;
        await pipeline.SendAsync(Head("1", midnight - 1, "1.0"), Get("2", midnight + 1, null), Head("3", midnight + 60, "2.0"));
        await pipeline.AdvanceAsync(86_400);
        await pipeline.AdvanceAsync(Days * 86_400);

        Assert.Equal(2, await RunAsync(pipeline, Days));

        Assert.Equal(2, (await PullsAsync(pipeline)).Count);
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        var left = await context.RegistryRequests.SingleAsync();
        Assert.Equal(left.Id, left.PullId);
    }

    [Fact]
    public async Task Run_SomethingWaitsForClassification_NothingNearItGoes()
    {
        await using var pipeline = await TwoDaysAsync();
        await pipeline.SendAsync(Get("late", 1, null, 9));

        Assert.Equal(0, await RunAsync(pipeline, Days));
        await pipeline.AdvanceAsync(30);
        Assert.Equal(4, await RunAsync(pipeline, Days));
    }

    [Fact]
    public async Task Run_HistoryJustArrived_WaitsADay()
    {
        await using var pipeline = await TwoDaysAsync(journalDays: Days);
        await pipeline.SendAsync(1, Get("history", -86_400, "0.9"));
        await pipeline.AdvanceAsync(30);

        Assert.Equal(0, await RunAsync(pipeline, Days));
        await pipeline.AdvanceAsync(JournalRetention.HistoryRest.TotalSeconds);
        Assert.Equal(5, await RunAsync(pipeline, Days)); // the second day has become old meanwhile
    }

    [Fact]
    public async Task EventToldAgain_ItsDayWasRemoved_IsARepeatAndNoSecondPull()
    {
        await using var pipeline = await TwoDaysAsync();
        await RunAsync(pipeline, Days);
        var before = await PullsAsync(pipeline);

        var outcome = await pipeline.SendAsync(Batch(Head("1", 0, "1.0"), Get("never told", 300, "3.0")));
        await pipeline.AdvanceAsync(30);

        Assert.Equal(new JournalOutcome(0, 2), outcome);
        Assert.Equal(before, await PullsAsync(pipeline));
    }

    [Fact]
    public async Task LateEventOfAnotherFeed_ItsNeighboursWereRemoved_IsAPullOfItsOwnAndLeavesTheirs()
    {
        await using var pipeline = await Pipeline.StartAsync();
        await pipeline.SendAsync(1, Head("1", 0, "1.0"), Get("2", 1, null));
        await pipeline.AdvanceAsync((Days + 2) * 86_400);
        Assert.Equal(2, await RunAsync(pipeline, Days));
        var before = Assert.Single(await PullsAsync(pipeline));

        // In the very milliseconds of what was removed: their ids are still those of the pulls.
        await pipeline.SendAsync(2, Head("a", 0, "1.0"), Get("b", 0.5, null, 3));
        await pipeline.AdvanceAsync(30);

        var after = await PullsAsync(pipeline);
        Assert.Equal(3, after.Count);
        Assert.Contains(before, after);
    }

    [Fact]
    public async Task Reclassify_RequestsAreGone_LeavesTheirPullsAlone()
    {
        await using var pipeline = await TwoDaysAsync();
        await RunAsync(pipeline, Days);
        var before = await PullsAsync(pipeline);

        await pipeline.ReclassifyAsync();

        Assert.Equal(before, await PullsAsync(pipeline));
    }

    [Fact]
    public async Task Detail_RequestsWereRemoved_SaysSoAndKeepsRuleAndCounts()
    {
        await using var pipeline = await TwoDaysAsync();
        await RunAsync(pipeline, Days);
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        var oldest = await context.Pulls.MinAsync(p => p.Id);

        var detail = await new PullDetailReader(pipeline.Store.Database).ReadAsync(pipeline.VendorId, oldest, CancellationToken.None);

        Assert.NotNull(detail);
        Assert.Equal((PullRule.HeadTagGet, 2, 0), (detail.Rule, detail.Item.Requests, detail.Requests.Count));
        Assert.EndsWith("The 2 requests behind it were removed after 30 days by retention; the rule and the counts stay.", detail.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AfterARun_TellsWhatWasRemoved()
    {
        await using var pipeline = await TwoDaysAsync();
        using var retention = Retention(pipeline, Days);
        Assert.Equal(new JournalKept(Days, null, 0, null), await retention.ReadAsync(pipeline.VendorId, CancellationToken.None));

        await retention.RunAsync(CancellationToken.None);

        var now = pipeline.Time.GetUtcNow().UtcDateTime;
        Assert.Equal(new JournalKept(Days, now, 3, now), await retention.ReadAsync(pipeline.VendorId, CancellationToken.None));
    }

    // Two pulls on a day that is too old by now, one through each feed, and one on the day after.
    private static async Task<Pipeline> TwoDaysAsync(int journalDays = 0)
    {
        var pipeline = await Pipeline.StartAsync(journalDays: journalDays);
        await pipeline.SendAsync(1, Head("1", 0, "1.0"), Get("2", 1, null));
        await pipeline.SendAsync(2, Get("3", 60, "2.0"));
        await pipeline.AdvanceAsync(86_400);
        await pipeline.SendAsync(1, Get("4", 86_400, "1.0"));
        await pipeline.AdvanceAsync(Days * 86_400);
        return pipeline;
    }

    private static async Task<long> RunAsync(Pipeline pipeline, int days)
    {
        using var retention = Retention(pipeline, days);
        return await retention.RunAsync(CancellationToken.None);
    }

    private static JournalRetention Retention(Pipeline pipeline, int days) => new(
        pipeline.Store.Database, pipeline.Store.Contexts, new PortalOptions { Retention = { JournalDays = days } }, pipeline.Time, NullLogger<JournalRetention>.Instance);

    private static FeedBatch Batch(params IEnumerable<RegistryRequest> requests)
    {
        var batch = new FeedBatch();
        batch.Requests.AddRange(requests);
        return batch;
    }

    private static async Task<List<string>> PullsAsync(Pipeline pipeline)
    {
        await using var context = pipeline.Store.Contexts.ForVendor(pipeline.VendorId);
        var pulls = await context.Pulls.OrderBy(p => p.Id).ToListAsync();
        Assert.Equal(pulls.Count, (await context.DailyArtifactPulls.ToListAsync()).Sum(d => d.Tag + d.Digest + d.Checks + d.Denied + d.Labelled));
        return [.. pulls.Select(p => $"{PullIds.TimeOf(p.Id):O} {p.Id} {p.Kind} {p.Rule} {p.VersionId} {p.Requests}")];
    }
}
