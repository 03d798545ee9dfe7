using System.Collections.Concurrent;
using System.Threading.Channels;
using VendorPortal.Classification;
using VendorPortal.Storage;

namespace VendorPortal.Enrichment;

/// <summary>How far a change of past pulls has come: 0 to 1, and the rows changed so far.</summary>
public sealed record PastProgress(double Fraction, long Changed);

/// <summary>
/// Brings past pulls in line with what was decided later: the customer of their user, and whether their account publishes the artifact.
/// It walks through the log in short transactions, so that receiving hardly waits; a pass that was cut short starts over
/// and finds less to do. The flags are cleared only when nothing was decided meanwhile.
/// </summary>
public sealed class PastPulls(CustomerDirectory directory, PortalDatabase database, PullNotifications notifications, TimeProvider time, ILogger<PastPulls> logger) : BackgroundService
{
    /// <summary>Other processes work on the same store; their decisions are found at the latest after this time.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(1);

    private readonly Channel<bool> wakeUp = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<int, PastProgress> progress = new();

    /// <summary>Raised with the vendor's id when a pass begins, comes on, or ends.</summary>
    public event Action<int>? ProgressChanged;

    /// <summary>The pass that runs for a vendor; null where none does.</summary>
    public PastProgress? Progress(int vendorId) => progress.GetValueOrDefault(vendorId);

    /// <summary>Says that there may be something to do: users or publishers whose past is pending.</summary>
    public void Wake() => wakeUp.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void OnChanged(int vendorId) => Wake();
        directory.Changed += OnChanged;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await RunPendingAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    logger.LogError(exception, "Past pulls could not be changed; trying again in {Delay}", LookAgainAfter);
                }

                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops; the next start goes on
        }
        finally
        {
            directory.Changed -= OnChanged;
        }
    }

    /// <summary>Does all that is pending now.</summary>
    internal async Task RunPendingAsync(CancellationToken ct)
    {
        await using var log = new PastPullsLog(database);
        foreach (var vendorId in log.PendingVendors())
        {
            try
            {
                while (!await RunAsync(log, vendorId, ct))
                    logger.LogInformation("Customers of vendor {Vendor} changed during the pass; starting over", vendorId);
            }
            finally
            {
                progress.TryRemove(vendorId, out _);
                ProgressChanged?.Invoke(vendorId);
            }
        }
    }

    /// <summary>One pass through a vendor's log. False where something was decided meanwhile.</summary>
    private async Task<bool> RunAsync(PastPullsLog log, int vendorId, CancellationToken ct)
    {
        var version = directory.Version(vendorId);
        var pending = log.ReadPending(vendorId);
        var assignments = await directory.AssignmentsAsync(vendorId, ct);
        var (first, last) = log.Range(vendorId);
        long changed = 0;
        for (var after = first - 1; after < last;)
        {
            ct.ThrowIfCancellationRequested();
            var (next, changes) = log.FindChanges(vendorId, after, pending, assignments);
            if (changes.Count > 0)
                changed += await UnderLockAsync(() => log.Apply(vendorId, changes), ct);
            Report(vendorId, new PastProgress(Math.Min(1, (double)(next - first + 1) / (last - first + 1)), changed));
            if (directory.Version(vendorId) != version)
                return false;
            after = next;
        }

        var done = await UnderLockAsync(() => directory.Version(vendorId) == version && log.Clear(vendorId, pending), ct);
        if (done)
            logger.LogInformation("Past pulls of vendor {Vendor}: {Changed} changed", vendorId, changed);
        if (changed > 0)
            notifications.Publish(vendorId);
        return done;
    }

    private void Report(int vendorId, PastProgress now)
    {
        progress[vendorId] = now;
        ProgressChanged?.Invoke(vendorId);
    }

    private async Task<T> UnderLockAsync<T>(Func<T> write, CancellationToken ct)
    {
        await database.WriteLock.WaitAsync(ct);
        try
        {
            return write();
        }
        finally
        {
            database.WriteLock.Release();
        }
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(LookAgainAfter, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await wakeUp.Reader.ReadAsync(both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // time to look for the decisions of other processes
        }
    }
}
