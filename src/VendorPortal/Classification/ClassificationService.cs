using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Journal;
using VendorPortal.Storage;

namespace VendorPortal.Classification;

/// <summary>
/// Runs the classification beside the portal: takes what the journal has committed, and writes pulls as their sessions end, about six
/// seconds after the last request. Whatever it has not written when the process ends is taken up at the next start, and what another process
/// has left in the journal some minutes later.
/// </summary>
public sealed class ClassificationService(
    PortalDatabase database, PortalDbContextFactory contexts, PullNotifications notifications, TimeProvider time, ILogger<ClassificationService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private const int MaxTaken = 20_000;
    private static readonly TimeSpan RelearnEvery = TimeSpan.FromSeconds(5);

    // Whoever has received a request makes it part of a pull within seconds.
    private static readonly TimeSpan LookForLeftEvery = TimeSpan.FromMinutes(1);

    private readonly Channel<JournalCommit> commits = Channel.CreateUnbounded<JournalCommit>(new UnboundedChannelOptions { SingleReader = true });
    private volatile bool isAlone;
    private volatile bool isBehind;
    private volatile bool isStopping;
    private int handedOver;

    /// <summary>
    /// False in a command: where another process classifies, it does not wait until that one ends but works beside it, and what has been left
    /// in the journal is the other's to take up.
    /// </summary>
    internal bool WaitsForItsTurn { get; set; } = true;

    /// <summary>More requests than these are left in the journal until there is time for them: whoever posts does not wait for the classification.</summary>
    internal int MaxWaiting { get; set; } = 50_000;

    /// <summary>
    /// Returns once all that waits now, of a vendor or of one feed of it, is part of a pull, whichever process makes it one; or when for
    /// <paramref name="limit"/> it has not become less. The newest sessions end some seconds after their last request.
    /// </summary>
    public async Task SettleAsync(int vendorId, int? feedId, TimeSpan limit, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var waiting = context.RegistryRequests.Where(r => r.PullId == null && (feedId == null || r.FeedId == feedId));
        // What is received meanwhile is newer: a feed that never pauses does not hold anybody here.
        var newest = await waiting.MaxAsync(r => (long?)r.Id, ct);
        var (least, since) = (int.MaxValue, time.GetTimestamp());
        while (newest is not null && time.GetElapsedTime(since) < limit && await waiting.CountAsync(r => r.Id <= newest, ct) is var left and > 0)
        {
            if (left < least)
                (least, since) = (left, time.GetTimestamp());
            await Task.Delay(Beat, time, ct);
        }
    }

    /// <summary>
    /// Hands over what was committed. Where the classification is far behind, it is told only that there is more in the journal; beside another
    /// process, which would take that for its own, this waits.
    /// </summary>
    internal async ValueTask AcceptAsync(JournalCommit commit)
    {
        while (Volatile.Read(ref handedOver) >= MaxWaiting && commit.Manifests.Count == 0)
        {
            if (isAlone || isStopping)
            {
                isBehind = true;
                return;
            }

            await Task.Delay(Beat, time);
        }

        // Refused where it stops: the journal has it, the next start takes it up.
        if (commits.Writer.TryWrite(commit))
            Interlocked.Add(ref handedOver, commit.Requests.Count);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        isStopping = true;
        commits.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogError(error, "Classification failed; it starts again from the journal");
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        using var alone = database.TryTakeClassification() ?? (WaitsForItsTurn ? await TakeAsync(ct) : null);
        using var engine = new ClassificationEngine(database, contexts, time);
        (isAlone, isBehind) = (alone is not null, false);
        if (alone is not null)
        {
            Drain();
            await engine.ResumeAsync(ct);
        }

        using var beat = new PeriodicTimer(Beat, time);
        var (relearnedAt, lookedAt) = (time.GetTimestamp(), time.GetTimestamp());
        var tick = beat.WaitForNextTickAsync(ct).AsTask();
        var more = commits.Reader.WaitToReadAsync(ct).AsTask();
        while (true)
        {
            await Task.WhenAny(more, tick);
            if (more.IsCompleted)
            {
                if (!await more)
                    return; // stopping
                // No more than a part of it: what is final by now is to be written meanwhile, however much there is.
                for (var taken = 0; taken < MaxTaken && Take() is { } commit; taken += Math.Max(1, commit.Requests.Count))
                    await engine.AcceptAsync(commit, ct);
                more = commits.Reader.WaitToReadAsync(ct).AsTask();
            }

            if (!tick.IsCompleted)
                continue;
            await tick;
            if (engine.IsReloading || time.GetElapsedTime(relearnedAt) >= RelearnEvery)
            {
                await engine.ReloadRelearnedAsync(ct);
                if (alone is not null)
                    await engine.ReclassifyAsync(ct);
                relearnedAt = time.GetTimestamp();
            }

            if (alone is not null && isBehind && !commits.Reader.TryPeek(out _))
            {
                isBehind = false; // before it is read: what comes from now on says so again
                await engine.CatchUpAsync(ct);
            }

            // What waits here is in the journal as well: it is not to be taken twice.
            if (alone is not null && !commits.Reader.TryPeek(out _) && time.GetElapsedTime(lookedAt) >= LookForLeftEvery)
            {
                await engine.TakeUpLeftAsync(ct);
                lookedAt = time.GetTimestamp();
            }

            foreach (var vendorId in await engine.WriteFinalAsync(ct))
                notifications.Publish(vendorId);
            tick = beat.WaitForNextTickAsync(ct).AsTask();
        }
    }

    // A command classifies what it brings, or once more; it lets go when it is done.
    private async Task<IDisposable> TakeAsync(CancellationToken ct)
    {
        for (var told = false; ; told = true)
        {
            if (database.TryTakeClassification() is { } alone)
                return alone;
            if (!told)
                logger.LogInformation("Another process classifies on this store; what is received meanwhile waits in the journal");
            Drain();
            await Task.Delay(Beat, time, ct);
        }
    }

    // What waits here is in the journal and comes from there. So a fault that lasts does not hold back the journal either.
    private void Drain()
    {
        while (Take() is not null)
            continue;
    }

    private JournalCommit? Take()
    {
        if (!commits.Reader.TryRead(out var commit))
            return null;
        Interlocked.Add(ref handedOver, -commit.Requests.Count);
        return commit;
    }
}
