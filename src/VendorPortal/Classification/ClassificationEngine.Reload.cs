using Microsoft.EntityFrameworkCore;
using VendorPortal.Journal;

namespace VendorPortal.Classification;

// Sessions that are classified once more because the children of a manifest became known after it was pulled.
internal sealed partial class ClassificationEngine
{
    // The journal has no index by digest; a walk through it must not hold up what is received meanwhile.
    private const int ReloadSlice = 20_000;

    private readonly Dictionary<int, HashSet<string>> relearned = new();
    private readonly Dictionary<int, Reload> reloads = new();

    /// <summary>
    /// True while there is more to load for <see cref="ReloadRelearnedAsync"/> or <see cref="ReclassifyAsync"/>, which are then called again
    /// soon.
    /// </summary>
    public bool IsReloading => IsReclassifying || reloads.Values.Any(r => !r.IsRead);

    /// <summary>
    /// Loads the sessions of manifests whose children became known after they were pulled, a slice of the journal a call; they are
    /// classified once more. They count as done when all of them are written, some calls later; a run that ends before that starts over.
    /// </summary>
    public async Task ReloadRelearnedAsync(CancellationToken ct)
    {
        foreach (var (vendorId, digests) in relearned)
        {
            if (digests.Count == 0 || !reloads.TryAdd(vendorId, new Reload([.. digests.Take(Reload.MaxDigests)])))
                continue;
            digests.ExceptWith(reloads[vendorId].Digests);
            await AddAsync(reloads[vendorId], OpenRequests(vendorId, reloads[vendorId].Digests), ct);
        }

        foreach (var (vendorId, reload) in reloads.ToList())
        {
            if (!reload.IsRead)
            {
                var (requests, through) = journal.ReadByDigest(vendorId, reload.Digests, reload.After, ReloadSlice);
                await AddAsync(reload, requests, ct);
                reload.After = through;
                continue;
            }

            reload.Unwritten.IntersectWith(Loaded(vendorId));
            if (reload.Unwritten.Count == 0)
            {
                await using var context = contexts.ForVendor(vendorId);
                await context.Manifests.Where(m => reload.Digests.Contains(m.Digest)).ExecuteUpdateAsync(set => set.SetProperty(m => m.PastPending, false), ct);
                reloads.Remove(vendorId);
            }
        }
    }

    private Task AddAsync(Reload reload, List<JournaledRequest> requests, CancellationToken ct)
    {
        reload.Unwritten.UnionWith(requests.Select(r => r.Facts.Id));
        return AddAsync(requests, _ => true, ct);
    }

    // What is still open counts as well: an action that it may belong to by now can have been written already.
    private List<JournaledRequest> OpenRequests(int vendorId, IReadOnlyCollection<string> digests) =>
        [.. sessions.Values.SelectMany(s => s.Requests).Where(r => r.VendorId == vendorId && r.Facts.Digest is { } digest && digests.Contains(digest))];

    /// <summary>Requests that were loaded once more, for whatever reason, and are not written yet.</summary>
    private IEnumerable<long> Loaded(int vendorId) =>
        sessions.Where(s => s.Key.VendorId == vendorId).SelectMany(s => s.Value.Requests).Where(r => r.PullId is not null).Select(r => r.Facts.Id);

    private static void Add(Dictionary<int, HashSet<string>> byVendor, int vendorId, IReadOnlyCollection<string> digests)
    {
        if (digests.Count > 0 && !byVendor.TryAdd(vendorId, digests.ToHashSet(StringComparer.Ordinal)))
            byVendor[vendorId].UnionWith(digests);
    }

    /// <summary>Manifests whose pulls are being classified once more, and how far the journal has been read for them.</summary>
    private sealed class Reload(string[] digests)
    {
        public const int MaxDigests = 500;

        public string[] Digests { get; } = digests;

        public long After { get; set; } = -1;

        /// <summary>What was loaded and is not written yet. Requests that late ones bring along do not belong to it: there may always be some.</summary>
        public HashSet<long> Unwritten { get; } = [];

        public bool IsRead => After == long.MaxValue;
    }
}
