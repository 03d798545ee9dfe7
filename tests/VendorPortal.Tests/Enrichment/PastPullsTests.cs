using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;
using static VendorPortal.Tests.Testing.VendorStore;

namespace VendorPortal.Tests.Enrichment;

public sealed class PastPullsTests : IAsyncLifetime
{
    private VendorStore store = null!;

    public async Task InitializeAsync()
    {
        store = await VendorStore.CreateAsync();
        await store.AddUsersAsync("alice", "bob", "ci");
        await store.Customers.CreateCustomerAsync(Acme, "Initech", CancellationToken.None);
        await store.Customers.CreateCustomerAsync(Acme, "Hooli", CancellationToken.None);
    }

    public async Task DisposeAsync() => await store.DisposeAsync();

    private Task RunAsync() => store.PastPulls.RunPendingAsync(CancellationToken.None);

    private Task AssignAsync(int user, int? customer, bool past) => store.Customers.AssignAsync(Acme, [user], customer, past, CancellationToken.None);

    private async Task<List<Pull>> PullsAsync(int vendor = Acme)
    {
        await using var context = store.Open(vendor);
        return await context.Pulls.AsNoTracking().OrderBy(p => p.Id).ToListAsync();
    }

    [Fact]
    public async Task Run_AssignedForThePastToo_ChangesTheUsersPullsOnly()
    {
        await store.AddPullsAsync(
            PullAt(Start.AddDays(-2), 1), PullAt(Start.AddDays(-1), 2), PullAt(Start.AddHours(-1), 1, customerId: 2), PullAt(Start.AddMinutes(-1), null),
            PullAt(Start.AddDays(-1), 1, vendorId: Globex));
        await AssignAsync(1, 1, past: true);

        await RunAsync();

        Assert.Equal([1, null, 1, null], (await PullsAsync()).Select(p => p.CustomerId));
        Assert.Equal([null], (await PullsAsync(Globex)).Select(p => p.CustomerId));
        await using var context = store.Open();
        Assert.False(await context.RegistryUsers.AnyAsync(u => u.PastPending));
        // What is made of the changed days knows that it is outdated.
        Assert.Equal(
            new[] { Start.AddDays(-2), Start.AddHours(-1) }.Select(at => DateOnly.FromDateTime(at).DayNumber), await context.DailyChanges.OrderBy(d => d.Day).Select(d => d.Day).ToListAsync());
    }

    [Fact]
    public async Task Run_AssignedFromNowOn_ChangesNothing()
    {
        await store.AddPullsAsync(PullAt(Start.AddDays(-2), 1));
        await AssignAsync(1, 1, past: false);

        await RunAsync();

        Assert.Equal([null], (await PullsAsync()).Select(p => p.CustomerId));
    }

    [Fact]
    public async Task Run_MovedForThePastThenFromNowOn_FollowsTheTimeline()
    {
        await store.AddPullsAsync(PullAt(Start.AddDays(-2), 1), PullAt(Start.AddDays(2), 1));
        await AssignAsync(1, 1, past: true);
        store.Clock.UtcNow = Start.AddDays(1);
        await AssignAsync(1, 2, past: false);

        await RunAsync();

        Assert.Equal([1, 2], (await PullsAsync()).Select(p => p.CustomerId));
    }

    [Fact]
    public async Task Run_NewPublisher_LabelsItsPullsAndMovesThemInTheRollUp()
    {
        await store.AddPullsAsync(
            PullAt(Start, 3), PullAt(Start.AddMinutes(1), 3, kind: PullKind.PullByDigest), PullAt(Start.AddMinutes(2), 3, kind: PullKind.VersionCheck),
            PullAt(Start.AddMinutes(3), 3, artifactId: 2), PullAt(Start.AddMinutes(4), 1), PullAt(Start.AddDays(1), 3));
        var day = DateOnly.FromDateTime(Start).DayNumber;
        await using (var context = store.Open())
        {
            context.AddRange(
                new DailyArtifactPulls { VendorId = Acme, ArtifactId = 1, Day = day, Tag = 2, Digest = 1, Checks = 1 },
                new DailyArtifactPulls { VendorId = Acme, ArtifactId = 1, Day = day + 1, Tag = 1 },
                new DailyArtifactPulls { VendorId = Acme, ArtifactId = 2, Day = day, Tag = 1 },
                new ArtifactPublisher { VendorId = Acme, ArtifactId = 1, UserId = 3, PastPending = true });
            await context.SaveChangesAsync();
        }

        await RunAsync();
        await RunAsync();

        Assert.Equal([true, true, true, false, false, true], (await PullsAsync()).Select(p => p.Labels == PullLabels.Publisher));
        await using var after = store.Open();
        var rows = await after.DailyArtifactPulls.AsNoTracking().OrderBy(d => d.ArtifactId).ThenBy(d => d.Day).ToListAsync();
        Assert.Equal([(1, 0, 0, 3), (0, 0, 0, 1), (1, 0, 0, 0)], rows.Select(d => (d.Tag, d.Digest, d.Checks, d.Labelled)));
        Assert.False(await after.ArtifactPublishers.AnyAsync(p => p.PastPending));
    }

    [Fact]
    public async Task Run_CutShortInALongLog_FinishesLaterWithTheSameResult()
    {
        const int Rows = (2 * PastPullsLog.ChunkRows) + 10;
        await InsertAsync(Rows, i => 1 + (i % 2));
        await AssignAsync(1, 1, past: true);
        using var stop = new CancellationTokenSource();
        var seen = new List<PastProgress>();
        void OnProgress(int vendor)
        {
            if (store.PastPulls.Progress(vendor) is { } progress)
                seen.Add(progress);
            stop.Cancel();
        }

        store.PastPulls.ProgressChanged += OnProgress;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PastPulls.RunPendingAsync(stop.Token));
        store.PastPulls.ProgressChanged -= OnProgress;
        await using (var context = store.Open())
        {
            Assert.Equal(PastPullsLog.ChunkRows / 2, await context.Pulls.CountAsync(p => p.CustomerId == 1));
            Assert.True(await context.RegistryUsers.AnyAsync(u => u.PastPending));
        }

        await RunAsync();

        await using var after = store.Open();
        Assert.Equal(Rows / 2, await after.Pulls.CountAsync(p => p.CustomerId == 1 && p.UserId == 1));
        Assert.Equal(0, await after.Pulls.CountAsync(p => p.CustomerId != null && p.UserId != 1));
        Assert.InRange(Assert.Single(seen).Fraction, 0.4, 0.6);
        Assert.Null(store.PastPulls.Progress(Acme));
    }

    [Fact]
    public async Task Run_ChangedDuringThePass_AppliesTheLastDecision()
    {
        const int Rows = (2 * PastPullsLog.ChunkRows) + 10;
        await InsertAsync(Rows, _ => 1);
        await AssignAsync(1, 1, past: true);
        var once = 0;
        store.PastPulls.ProgressChanged += vendor =>
        {
            if (Interlocked.Exchange(ref once, 1) == 0)
                AssignAsync(1, 2, past: true).GetAwaiter().GetResult();
        };

        await RunAsync();

        await using var after = store.Open();
        Assert.Equal(Rows, await after.Pulls.CountAsync(p => p.CustomerId == 2));
        Assert.False(await after.RegistryUsers.AnyAsync(u => u.PastPending));
    }

    [Fact]
    public async Task Service_AssignmentWhileItRuns_IsAppliedWithoutBeingAsked()
    {
        await store.AddPullsAsync(PullAt(Start.AddDays(-2), 1));
        var changed = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Services.GetRequiredService<PullNotifications>().Changed += vendor => changed.TrySetResult(vendor);
        await store.PastPulls.StartAsync(CancellationToken.None);

        await AssignAsync(1, 1, past: true);

        Assert.Equal(Acme, await changed.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal([1], (await PullsAsync()).Select(p => p.CustomerId));
        await store.PastPulls.StopAsync(CancellationToken.None);
    }

    private async Task InsertAsync(int rows, Func<int, int> userOf)
    {
        var database = store.Services.GetRequiredService<PortalDatabase>();
        await using var connection = database.OpenWriter();
        await using var transaction = connection.BeginTransaction();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO "Pulls" ("VendorId", "Id", "Kind", "ArtifactId", "VersionId", "UserId", "Requests", "Rule", "Labels", "Ruleset")
            VALUES (1, @id, 1, 1, 1, @user, 1, 2, 0, 1)
            """;
        var id = command.Parameters.AddWithValue("@id", 0L);
        var user = command.Parameters.AddWithValue("@user", 0);
        for (var i = 0; i < rows; i++)
        {
            id.Value = PullIds.FirstOf(Start.AddMinutes(-rows + i));
            user.Value = userOf(i);
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }
}
