using Microsoft.EntityFrameworkCore;
using VendorPortal.Journal;

namespace VendorPortal.Classification;

// What waits in the journal and came by another process: an earlier one, or one that has ended before its time.
internal sealed partial class ClassificationEngine
{
    private HashSet<(int Vendor, long Id)> unclaimed = [];

    /// <summary>Takes up what an earlier run has left unclassified.</summary>
    public async Task ResumeAsync(CancellationToken ct)
    {
        foreach (var vendorId in await VendorsAsync(ct))
        {
            await TakeUpAsync(vendorId, _ => true, reload: null, ct);
            await using var own = contexts.ForVendor(vendorId);
            var past = await own.Manifests.Where(m => m.PastPending).Select(m => m.Digest).ToListAsync(ct);
            Add(relearned, vendorId, past);
        }
    }

    /// <summary>Takes up what was received while there was no time for it.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        foreach (var vendorId in await VendorsAsync(ct))
            await TakeUpAsync(vendorId, _ => true, reload: null, ct); // what is held already is known
    }

    /// <summary>
    /// Takes up what nobody classifies: it waits in the journal, is not held here, and was so at the call before. Between two calls lies more
    /// time than a process that lives needs for what it has received.
    /// </summary>
    public async Task TakeUpLeftAsync(CancellationToken ct)
    {
        var (before, now) = (unclaimed, new HashSet<(int, long)>());
        var held = sessions.Values.SelectMany(s => s.Requests).Select(r => (r.VendorId, r.Facts.Id)).ToHashSet();
        bool IsLeft(JournaledRequest request)
        {
            var id = (request.VendorId, request.Facts.Id);
            if (held.Contains(id))
                return false;
            now.Add(id);
            return before.Contains(id);
        }

        foreach (var vendorId in await VendorsAsync(ct))
        {
            await LearnAsync(vendorId, ct);
            await TakeUpAsync(vendorId, IsLeft, r => r.Facts.GivenKind is null, ct);
        }

        unclaimed = now;
    }

    // What another process was told of manifests: the requests that nobody else loads are classified with it as well.
    private async Task LearnAsync(int vendorId, CancellationToken ct)
    {
        if (!vendors.TryGetValue(vendorId, out var vendor) || vendor is null)
            return;
        await using var context = contexts.ForVendor(vendorId);
        await ManifestGraphReader.ReadIntoAsync(vendor.Graph, context, ct);
        var past = await context.Manifests.Where(m => m.PastPending).Select(m => m.Digest).ToListAsync(ct);
        Add(relearned, vendorId, reloads.TryGetValue(vendorId, out var reload) ? past.Except(reload.Digests).ToList() : past);
    }

    private async Task TakeUpAsync(int vendorId, Predicate<JournaledRequest> wanted, Func<JournaledRequest, bool>? reload, CancellationToken ct)
    {
        long after = -1;
        while (journal.ReadPending(vendorId, after, MaxResume) is { Count: > 0 } pending)
        {
            after = pending[^1].Facts.Id;
            await AddAsync(pending.FindAll(wanted), reload, ct);
            if (pending.Count == MaxResume)
                await WriteFinalAsync(ct); // a long backlog does not have to fit into memory
        }
    }

    private async Task<List<int>> VendorsAsync(CancellationToken ct)
    {
        await using var context = contexts.ForInstallation();
        return await context.Vendors.Select(v => v.Id).ToListAsync(ct);
    }
}
