using VendorPortal.Storage;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Analytics;

/// <summary>
/// What there is of periods that are not complete. A report is written into a temporary file that all readers share until pulls of its period change; the last few
/// are kept, for an hour at most.
/// </summary>
internal sealed class ReportsSoFar(PortalDatabase database, ReportFolder folder, ReportTurns turns, TimeProvider time, CancellationToken stopping) : IDisposable
{
    private const int MaxKept = 4;

    // New names and network data count as no change.
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private readonly SharedTasks<(int VendorId, ReportKey Key, long Changes), bool> running = new(stopping);
    private readonly Lock gate = new();
    private readonly List<SoFar> kept = []; // the oldest first
    private bool isDisposed;

    private sealed record SoFar(int VendorId, ReportKey Key, long Changes, string Path, DateTime ProducedUtc);

    /// <summary>Null where there is nothing to report.</summary>
    public async Task<OpenReport?> OpenAsync(int vendorId, ReportKey key, CancellationToken ct)
    {
        var changes = await database.ReadAsync(connection => DayChanges.Sum(connection, vendorId, key.Period.FirstDay, key.Period.LastDay), ct);
        // What was produced for this reader may have gone for others before it is opened.
        for (var tries = 3; tries > 0; tries--)
        {
            if (Open(vendorId, key, changes) is { } open)
                return open;
            if (!await running.RunAsync((vendorId, key, changes), stop => turns.TakeAsync(vendorId, () => ProduceAsync(vendorId, key, changes, stop), stop), ct))
                return null;
        }

        return null;
    }

    /// <summary>Removes what is too old, and all of a vendor that is gone.</summary>
    public void RemoveOld(int? goneVendorId = null)
    {
        lock (gate)
            Remove(file => file.VendorId == goneVendorId || IsOld(file));
    }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            Remove(_ => true);
        }
    }

    private async Task<bool> ProduceAsync(int vendorId, ReportKey key, long changes, CancellationToken ct)
    {
        lock (gate)
        {
            if (Find(vendorId, key, changes) is not null)
                return true; // made for somebody who asked later and whose turn was before
        }

        using var produced = await ReportProduction.RunAsync(database, vendorId, key, folder.Of(vendorId), long.MaxValue, ct);
        if (produced is null)
            return false;
        var path = produced.Parts[0].File + ".now.tmp";
        File.Move(produced.Parts[0].File, path);
        lock (gate)
        {
            kept.Add(new SoFar(vendorId, key, produced.Changes, path, time.GetUtcNow().UtcDateTime));
            Remove(file => isDisposed || IsOld(file) || (file.VendorId == vendorId && file.Key == key && file.Path != path));
            if (kept.Count > MaxKept)
                Remove(file => file == kept[0]);
        }

        return true;
    }

    private OpenReport? Open(int vendorId, ReportKey key, long changes)
    {
        lock (gate)
        {
            if (Find(vendorId, key, changes) is not { } found)
                return null;
            if (ReportFolder.Open(found.Path) is { } content)
                return new OpenReport(content, key.FileName(1, 1, isComplete: false), false, found.ProducedUtc, null);
            kept.Remove(found);
            return null;
        }
    }

    private SoFar? Find(int vendorId, ReportKey key, long changes) => kept.Find(file => file.VendorId == vendorId && file.Key == key && file.Changes >= changes && !IsOld(file));

    private bool IsOld(SoFar file) => time.GetUtcNow().UtcDateTime - file.ProducedUtc >= MaxAge;

    // Whoever is reading one reads on. What cannot be removed now is removed with what processes leave behind.
    private void Remove(Predicate<SoFar> isGone)
    {
        foreach (var file in kept.FindAll(isGone))
        {
            kept.Remove(file);
            try
            {
                File.Delete(file.Path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // later
            }
        }
    }
}
