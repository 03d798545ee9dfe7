using Microsoft.EntityFrameworkCore;
using VendorPortal.Journal;
using VendorPortal.Storage;

namespace VendorPortal.Classification;

/// <summary>
/// Requests in, final pulls out. Keeps the requests of each key until no later one can join them, looks up the neighbours of late
/// ones in the journal, and writes what is final. Driven by one thread; all state can be rebuilt from the journal.
/// </summary>
internal sealed partial class ClassificationEngine : IDisposable
{
    /// <summary>How long nothing must have arrived for a key until its requests are thought complete, whatever the event times say.</summary>
    public static readonly TimeSpan IdleAfter = TimeSpan.FromTicks(PullClassifier.Window) + TimeSpan.FromSeconds(1);

    // Posts wait while a chunk is written: it must not take long.
    private const int MaxWrite = 500;
    private const int MaxResume = 20_000;
    private const int MaxNeighbours = 5_000;
    private static readonly TimeSpan RememberKeysFor = TimeSpan.FromSeconds(20);

    private readonly PortalDatabase database;
    private readonly PortalDbContextFactory contexts;
    private readonly TimeProvider time;
    private readonly JournalReader journal;
    private readonly DbConnectionHolder writer;
    private readonly Dictionary<int, VendorClassification?> vendors = new();
    private readonly Dictionary<SessionKey, Session> sessions = new();

    public ClassificationEngine(PortalDatabase database, PortalDbContextFactory contexts, TimeProvider time)
    {
        this.database = database;
        this.contexts = contexts;
        this.time = time;
        journal = new JournalReader(database);
        writer = new DbConnectionHolder(database);
    }

    /// <summary>Requests that wait for their session to end.</summary>
    public int Pending => sessions.Values.Sum(s => s.Requests.Count);

    /// <summary>Takes what a journal commit brought.</summary>
    public async Task AcceptAsync(JournalCommit commit, CancellationToken ct)
    {
        foreach (var manifest in commit.Manifests)
        {
            if (await VendorAsync(manifest.VendorId, ct) is not { } vendor)
                continue;
            vendor.Graph.Learn(manifest.Digest, manifest.Children);
            if (manifest.WasRequested)
                Add(relearned, manifest.VendorId, [manifest.Digest]);
        }

        await AddAsync(commit.Requests, ct);
    }

    /// <summary>Writes every pull that is final by now and returns the vendors whose log has changed.</summary>
    public async Task<IReadOnlyCollection<int>> WriteFinalAsync(CancellationToken ct)
    {
        var final = FindFinal();
        foreach (var chunk in final.Chunk(MaxWrite))
        {
            await database.WriteLock.WaitAsync(ct);
            try
            {
                CountRewritten(writer.Pulls.Write(chunk));
            }
            catch
            {
                writer.Reset();
                throw; // nothing of the chunk is stored; all of it can be read from the journal again
            }
            finally
            {
                database.WriteLock.Release();
            }

            foreach (var action in chunk)
                Settle(action);
        }

        var before = (time.GetUtcNow().UtcDateTime - RememberKeysFor).Ticks;
        foreach (var vendor in vendors.Values)
            vendor?.Forget(before);
        return final.Select(f => f.Key.VendorId).ToHashSet();
    }

    public void Dispose() => writer.Dispose();

    private Task AddAsync(List<JournaledRequest> requests, CancellationToken ct) => AddAsync(requests, null, ct);

    // What is loaded once more says itself where its neighbours have to be looked for, and has been waited for already.
    private async Task AddAsync(List<JournaledRequest> requests, Func<JournaledRequest, bool>? reload, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime.Ticks;
        var arrival = time.GetTimestamp() - (reload is null ? 0 : (long)(IdleAfter.TotalSeconds * time.TimestampFrequency));
        var late = new List<JournaledRequest>();
        foreach (var request in requests)
        {
            if (await VendorAsync(request.VendorId, ct) is not { } vendor)
                continue;
            var key = SessionKey.Of(request, vendor.Mode);
            if (!sessions.TryGetValue(key, out var session))
                sessions[key] = session = new Session();
            if (!session.Add(request, arrival) && reload is null)
                continue;
            if (reload?.Invoke(request) ?? (request.Facts.GivenKind is null && vendor.MayJoinClassified(key, request.Facts.Ticks)))
                late.Add(request);
            vendor.Saw(request.Facts.Ticks, now);
        }

        foreach (var group in late.GroupBy(r => r.VendorId))
            LoadNeighbours(vendors[group.Key]!, [.. group], arrival);
    }

    /// <summary>
    /// Adds the classified requests that a late one may belong with: those within the window of it, those within the window of
    /// these, and so on. A client that never pauses is cut after <see cref="MaxNeighbours"/> requests: the pulls at the cut, of which
    /// there may be more, stay as they are.
    /// </summary>
    private void LoadNeighbours(VendorClassification vendor, List<JournaledRequest> late, long arrival)
    {
        var (loaded, most) = (0, MaxNeighbours + (10 * late.Count));
        while (late.Count > 0 && loaded < most)
        {
            var keys = late.Select(r => SessionKey.Of(r, vendor.Mode)).ToHashSet();
            var next = new List<JournaledRequest>();
            foreach (var (from, to) in Windows(late))
            {
                foreach (var neighbour in journal.ReadClassified(late[0].VendorId, from, to, r => keys.Contains(SessionKey.Of(r, vendor.Mode))))
                {
                    if (sessions[SessionKey.Of(neighbour, vendor.Mode)].Add(neighbour, arrival))
                        next.Add(neighbour);
                }
            }

            loaded += next.Count;
            late = next;
        }

        foreach (var byKey in late.GroupBy(r => SessionKey.Of(r, vendor.Mode)))
        {
            var cut = byKey.Select(r => r.PullId).ToHashSet();
            sessions[byKey.Key].RemoveAll(r => r.HasRow && cut.Contains(r.PullId));
            if (sessions[byKey.Key].Requests.Count == 0)
                sessions.Remove(byKey.Key);
        }
    }

    private static List<(long From, long To)> Windows(List<JournaledRequest> requests)
    {
        var windows = new List<(long From, long To)>();
        foreach (var ticks in requests.Select(r => r.Facts.Ticks).Order())
        {
            if (windows.Count > 0 && ticks - PullClassifier.Window <= windows[^1].To)
                windows[^1] = (windows[^1].From, ticks + PullClassifier.Window);
            else
                windows.Add((ticks - PullClassifier.Window, ticks + PullClassifier.Window));
        }

        return windows;
    }

    private List<FinalAction> FindFinal()
    {
        var final = new List<FinalAction>();
        foreach (var (key, session) in sessions)
        {
            var vendor = vendors[key.VendorId]!;
            var idle = time.GetElapsedTime(session.LastArrival) >= IdleAfter;
            if (!idle && session.OldestTicks + PullClassifier.Window >= vendor.Watermark)
                continue;
            foreach (var action in PullClassifier.Classify([.. session.Requests.Select(r => r.Facts)], vendor.RulesGraph))
            {
                if (idle || action.ReachTicks + PullClassifier.Window < vendor.Watermark)
                    final.Add(new FinalAction(key, session, action));
            }
        }

        return final;
    }

    private void Settle(FinalAction final)
    {
        var replaced = final.Action.Requests.Select(r => final.Session[r.Id]).Where(r => r.HasRow).Select(r => r.PullId).ToHashSet();
        final.Session.Remove(final.Action);
        foreach (var request in final.Session.Requests.Where(r => replaced.Contains(r.PullId)))
            request.PullId = null;
        if (final.Session.Requests.Count == 0)
            sessions.Remove(final.Key);
        vendors[final.Key.VendorId]!.Classified(final.Key, final.Action.ReachTicks);
    }

    // Null for a vendor that was removed meanwhile: what is still on its way for it goes nowhere.
    private async ValueTask<VendorClassification?> VendorAsync(int vendorId, CancellationToken ct)
    {
        if (vendors.TryGetValue(vendorId, out var known))
            return known;
        await using var context = contexts.ForVendor(vendorId);
        if (await context.Vendors.Where(v => v.Id == vendorId).Select(v => (ClassificationMode?)v.Mode).FirstOrDefaultAsync(ct) is not { } mode)
            return vendors[vendorId] = null;
        var graph = await ManifestGraphReader.ReadAsync(context, ct);
        var newest = await context.RegistryRequests.MaxAsync(r => (long?)r.Id, ct) ?? 0;
        return vendors[vendorId] = new VendorClassification(mode, graph, PullIds.TimeOf(newest).Ticks + TimeSpan.TicksPerSecond);
    }

    /// <summary>The writing connection, opened anew after a failure.</summary>
    private sealed class DbConnectionHolder(PortalDatabase database) : IDisposable
    {
        private System.Data.Common.DbConnection? connection;
        private PullWriter? pulls;
        private DailyRecount? recount;

        public PullWriter Pulls => pulls ??= new PullWriter(connection ??= database.OpenRepeatableWriter());

        public DailyRecount Recount => recount ??= new DailyRecount(connection ??= database.OpenWriter());

        public void Reset()
        {
            pulls?.Dispose();
            recount?.Dispose();
            connection?.Dispose();
            (pulls, recount, connection) = (null, null, null);
        }

        public void Dispose() => Reset();
    }
}
