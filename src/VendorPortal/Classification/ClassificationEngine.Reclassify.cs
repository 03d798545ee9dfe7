using Microsoft.EntityFrameworkCore;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Classification;

// A range of the journal that is classified once more, on demand.
internal sealed partial class ClassificationEngine
{
    private const int RollUpDays = 7;

    private readonly Dictionary<int, Walk> walks = new();

    /// <summary>How many requests of a reclassification are loaded at once.</summary>
    internal int PageRows { get; init; } = 10_000;

    /// <summary>True while a reclassification is under way.</summary>
    public bool IsReclassifying { get; private set; }

    /// <summary>
    /// Goes on with the reclassifications that the store holds, a page of the journal a call; what was loaded is written by the calls of
    /// <see cref="WriteFinalAsync"/> between. The place reached is kept in the store, so a run that ends is taken up by the next.
    /// </summary>
    public async Task ReclassifyAsync(CancellationToken ct)
    {
        await using var context = contexts.ForInstallation();
        var open = await context.Reclassifications.IgnoreQueryFilters(["Vendor"]).AsNoTracking().Where(r => r.FinishedUtc == null).ToListAsync(ct);
        IsReclassifying = open.Count > 0;
        foreach (var reclassification in open)
        {
            if (!walks.TryGetValue(reclassification.VendorId, out var walk) || walk.StartedUtc != reclassification.StartedUtc)
                walks[reclassification.VendorId] = walk = new Walk(reclassification);
            await ContinueAsync(reclassification, walk, ct);
        }

        foreach (var vendorId in walks.Keys.Except(open.Select(r => r.VendorId)).ToList())
            walks.Remove(vendorId);
    }

    /// <summary>Keeps the places reached, before a run that ends on purpose.</summary>
    public async Task SavePlacesAsync(CancellationToken ct)
    {
        foreach (var (vendorId, walk) in walks)
            await SaveAsync(vendorId, walk, ct);
    }

    private async Task ContinueAsync(Reclassification reclassification, Walk walk, CancellationToken ct)
    {
        var allWritten = await SaveAsync(reclassification.VendorId, walk, ct);
        if (walk.IsRead)
        {
            if (allWritten)
                await RollUpAsync(reclassification, ct);
            return;
        }

        var page = journal.ReadRange(reclassification.VendorId, walk.NextId, reclassification.EndId, PageRows);
        walk.IsRead = page.Count < PageRows;
        if (page.Count == 0)
            return;
        // The page is without gaps: only at its edges can anything be missing.
        var (first, last) = (page.Min(r => r.Facts.Ticks), page.Max(r => r.Facts.Ticks));
        await AddAsync(page, r => r.Facts.Ticks - first <= PullClassifier.Window || last - r.Facts.Ticks <= PullClassifier.Window, ct);
        walk.NextId = page[^1].Facts.Id + 1;
        walk.Requests += page.Count;
        walk.Unwritten.UnionWith(page.Select(r => r.Facts.Id));
    }

    // What was loaded is written by now, or waits with a session that goes on: then the place is before it. True where nothing waits.
    private async Task<bool> SaveAsync(int vendorId, Walk walk, CancellationToken ct)
    {
        walk.Unwritten.IntersectWith(Loaded(vendorId));
        var reached = walk.Unwritten.Count == 0 ? walk.NextId : walk.Unwritten.Min();
        var done = walk.Requests - (reached < walk.NextId ? journal.CountRange(vendorId, reached, walk.NextId) : 0);
        await using var context = contexts.ForVendor(vendorId);
        await context.Reclassifications.Where(r => r.StartedUtc == walk.StartedUtc).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.NextId, reached).SetProperty(r => r.Requests, done).SetProperty(r => r.Rewritten, walk.Rewritten), ct);
        return reached == walk.NextId;
    }

    // The counts of the range's days once more from the log itself, a week a call.
    private async Task RollUpAsync(Reclassification reclassification, CancellationToken ct)
    {
        int next;
        await database.WriteLock.WaitAsync(ct);
        try
        {
            next = writer.Recount.Count(reclassification.VendorId, reclassification.FromId, reclassification.EndId, reclassification.RollUpDay, RollUpDays);
        }
        catch
        {
            writer.Reset();
            throw;
        }
        finally
        {
            database.WriteLock.Release();
        }

        DateTime? finished = next == DailyRecount.Done ? time.GetUtcNow().UtcDateTime : null;
        await using var context = contexts.ForVendor(reclassification.VendorId);
        await context.Reclassifications.Where(r => r.StartedUtc == reclassification.StartedUtc).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.RollUpDay, next).SetProperty(r => r.FinishedUtc, finished), ct);
    }

    private void CountRewritten(IEnumerable<FinalAction> written)
    {
        foreach (var final in written)
        {
            if (walks.TryGetValue(final.Key.VendorId, out var walk) && final.Action.Requests.Any(r => final.Session[r.Id].PullId is not null))
                walk.Rewritten++;
        }
    }

    /// <summary>How far this run has come with a reclassification.</summary>
    private sealed class Walk(Reclassification reclassification)
    {
        public DateTime StartedUtc { get; } = reclassification.StartedUtc;

        public long NextId { get; set; } = reclassification.NextId;

        public long Requests { get; set; } = reclassification.Requests;

        public long Rewritten { get; set; } = reclassification.Rewritten;

        /// <summary>What was loaded and is not written yet. Requests that late ones bring along do not belong to it: there may always be some.</summary>
        public HashSet<long> Unwritten { get; } = [];

        public bool IsRead { get; set; }
    }
}
