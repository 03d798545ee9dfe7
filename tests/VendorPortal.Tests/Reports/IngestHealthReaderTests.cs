using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;
using static VendorPortal.Tests.Testing.VendorStore;

namespace VendorPortal.Tests.Reports;

/// <summary>What is told of a vendor's feeds, at a clock that the tests set. Nothing classifies here: what is received waits.</summary>
public sealed class IngestHealthReaderTests : IAsyncLifetime
{
    private VendorStore store = null!;
    private SqliteConnection connection = null!;
    private JournalWriter writer = null!;

    public async Task InitializeAsync()
    {
        store = await CreateAsync();
        connection = store.Services.GetRequiredService<PortalDatabase>().OpenWriter();
        writer = new JournalWriter(connection);
        await store.Feeds.AddAsync(Acme, "Production", FeedKind.Ndjson, null, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        writer.Dispose();
        await connection.DisposeAsync();
        await store.DisposeAsync();
    }

    private IngestHealthReader Reader => store.Services.GetRequiredService<IngestHealthReader>();

    private Task<IngestHealth> ReadAsync(int vendor = Acme) => Reader.ReadAsync(vendor, CancellationToken.None);

    private void Receive(Action<FeedBatch> fill)
    {
        var batch = new FeedBatch();
        fill(batch);
        writer.Write([new JournalPost(Acme, 1, batch)], store.Clock.UtcNow);
    }

    private void ReceiveRequests(int count, DateTime at) => Receive(batch => batch.Requests.AddRange(Enumerable.Range(0, count).Select(i =>
        new RegistryRequest { EventId = $"{at:O} {i}", AtUtc = at, Method = RequestMethod.Get, Repository = "acme/app", Tag = "1.0" })));

    [Fact]
    public async Task Read_FollowedFileThatCannotBeRead_IsIncompleteAndSaysWhy()
    {
        await using var context = store.Open();
        context.FollowedFiles.Add(new FollowedFile { VendorId = Acme, FeedId = 1, Path = "/var/log/nginx/access.log" });
        await context.SaveChangesAsync();
        Assert.Equal(IngestStatus.Ok, (await ReadAsync()).Status);

        await context.FollowedFiles.ExecuteUpdateAsync(set => set.SetProperty(f => f.Problem, "Permission denied."));

        var health = await ReadAsync();
        Assert.Equal((IngestStatus.Incomplete, "Permission denied."), (health.Status, health.Feeds[0].Problem));
        Assert.Equal(["Production: its file cannot be read: Permission denied."], health.Warnings);
    }

    [Fact]
    public async Task Read_ImportThatHasNotEnded_IsToldForAWeek()
    {
        await using var context = store.Open();
        context.ImportMarks.Add(new ImportMark { VendorId = Acme, Content = new byte[ImportMark.ContentBytes], WrittenUtc = store.Clock.UtcNow });
        await context.SaveChangesAsync();

        Assert.Equal((IngestStatus.Incomplete, IngestWords.ImportNotEnded), ((await ReadAsync()).Status, (await ReadAsync()).Warnings.Single()));
        Assert.Equal(IngestStatus.Ok, (await ReadAsync(Globex)).Status);

        store.Clock.UtcNow += TimeSpan.FromDays(7);
        Assert.Equal(IngestStatus.Ok, (await ReadAsync()).Status);
    }

    [Fact]
    public async Task Read_NothingReceived_IsOkAndWaiting()
    {
        var health = await ReadAsync();

        Assert.Equal((IngestStatus.Ok, 0, 0, Start), (health.Status, health.QueueDepth, health.Pending, health.WatermarkUtc));
        var feed = Assert.Single(health.Feeds);
        Assert.Equal(("1-1", FeedState.Waiting, null, null, null), (feed.Id, feed.State, feed.Lag, feed.Gap, feed.LastRequest));
        Assert.Equal(48, feed.Hours.Count);
    }

    [Fact]
    public async Task Read_Received_TellsCountsLagWatermarkAndHours()
    {
        ReceiveRequests(3, Start.AddMinutes(-2));
        store.Clock.UtcNow = Start.AddMinutes(70);
        Receive(batch => batch.Reject("at is missing", "{}"u8));

        var health = await ReadAsync();

        Assert.Equal((IngestStatus.Ok, 3, Start.AddMinutes(-2)), (health.Status, health.Pending, health.WatermarkUtc));
        var feed = health.Feeds[0];
        Assert.Equal((FeedState.Receiving, 3, 1), (feed.State, feed.Accepted, feed.Rejected));
        Assert.Equal((TimeSpan.FromMinutes(2), Start.AddMinutes(-2), Start.AddMinutes(70)), (feed.Lag, feed.LastEventUtc, feed.LastReceivedUtc));
        Assert.Equal([(Start, 3L, 0L), (Start.AddHours(1), 0L, 1L)], feed.Hours.TakeLast(2).Select(h => (h.StartUtc, h.Accepted, h.Rejected)));
        Assert.Equal(0, feed.Hours.SkipLast(2).Sum(h => h.Total));
        var reason = Assert.Single(feed.RejectedByReason);
        Assert.Equal(("at is missing", 1), (reason.Reason, reason.Count));
        Assert.Equal(["{}"], reason.Samples);
        Assert.Equal("acme/app", feed.LastRequest!.Repository);
    }

    [Fact]
    public async Task Read_FeedSilentBeyondItsUsual_IsQuietUntilItSendsAgain()
    {
        for (var hour = 0; hour < 72; hour++)
        {
            store.Clock.UtcNow = Start.AddHours(hour);
            Receive(batch => batch.Ignored = 40);
        }

        store.Clock.UtcNow = Start.AddHours(73);
        Assert.Equal(IngestStatus.Ok, (await ReadAsync()).Status);
        store.Clock.UtcNow = Start.AddHours(74);
        var health = await ReadAsync();
        Assert.Equal((IngestStatus.Quiet, FeedState.Quiet), (health.Status, health.Feeds[0].State));
        Assert.Equal(["Production: no events for 3 h, usually 40 an hour."], health.Warnings);
        Assert.Equal(health.Warnings, await Reader.ReadWarningsAsync(Acme, CancellationToken.None));

        Receive(batch => batch.Ignored = 1);
        Assert.Equal(IngestStatus.Ok, (await ReadAsync()).Status);
    }

    [Theory]
    [InlineData(IngestHealthReader.Backlog, IngestStatus.Ok)]
    [InlineData(IngestHealthReader.Backlog + 1, IngestStatus.Incomplete)]
    public async Task Read_Backlog_IsIncompleteAboveTheLimit(int requests, IngestStatus status)
    {
        ReceiveRequests(requests, Start);

        var health = await ReadAsync();

        Assert.Equal((status, requests), (health.Status, health.Pending));
        Assert.Equal(status == IngestStatus.Ok ? [] : [$"{IngestHealthReader.Backlog + 1:N0} requests wait to be classified."], health.Warnings);
    }

    [Fact]
    public async Task Read_Reclassification_IsIncompleteWhileItRuns()
    {
        ReceiveRequests(2, Start);
        await store.Services.GetRequiredService<Reclassifier>().BeginAsync(Acme, null, null, CancellationToken.None);

        var health = await ReadAsync();

        Assert.Equal(IngestStatus.Incomplete, health.Status);
        Assert.NotNull(health.Reclassified);
        Assert.StartsWith("The past is being classified once more", Assert.Single(health.Warnings), StringComparison.Ordinal);
        Assert.Equal(IngestStatus.Ok, (await ReadAsync(Globex)).Status);
    }

    [Fact]
    public async Task Read_AnotherVendor_SeesNothingOfIt()
    {
        ReceiveRequests(IngestHealthReader.Backlog + 1, Start);

        var theirs = await ReadAsync(Globex);

        Assert.Empty(theirs.Feeds);
        Assert.Equal((IngestStatus.Ok, 0, Start), (theirs.Status, theirs.Pending, theirs.WatermarkUtc));
    }
}
