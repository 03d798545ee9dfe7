using Microsoft.EntityFrameworkCore;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Classification;

/// <summary>How far a reclassification has come.</summary>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Requests">Requests looked at.</param>
/// <param name="Rewritten">Rows of the log that came out differently.</param>
/// <param name="IsFinished">True when there is nothing left to do.</param>
public sealed record ReclassificationProgress(double Fraction, long Requests, long Rewritten, bool IsFinished);

/// <summary>
/// Classifies a range of a vendor's journal once more. What is to be done is put into the store; the process that classifies does it: a
/// portal that serves, or this one while there is none.
/// </summary>
public sealed class Reclassifier(PortalDatabase database, PortalDbContextFactory contexts, PullNotifications notifications, TimeProvider time)
{
    /// <summary>
    /// Asks for a range, times in UTC, the end not included; null is open. An unfinished one of the same range goes on where it is, which
    /// this tells by true; an unfinished one of another range is given up.
    /// </summary>
    public async Task<bool> BeginAsync(int vendorId, DateTime? fromUtc, DateTime? toUtc, CancellationToken ct)
    {
        var (fromId, endId) = (fromUtc is { } from ? PullIds.Bound(from) : 0, toUtc is { } to ? PullIds.Bound(to) : long.MaxValue);
        await using var context = contexts.ForVendor(vendorId);
        var earlier = await context.Reclassifications.FirstOrDefaultAsync(ct);
        if (earlier is { FinishedUtc: null } && earlier.FromId == fromId && earlier.EndId == endId)
            return true;
        if (earlier is not null)
            context.Remove(earlier);
        await context.SaveChangesAsync(ct);
        context.Add(new Reclassification { VendorId = vendorId, FromId = fromId, EndId = endId, NextId = fromId, StartedUtc = time.GetUtcNow().UtcDateTime });
        await context.SaveChangesAsync(ct);
        return false;
    }

    /// <summary>The newest reclassification of a vendor; null where there never was one.</summary>
    public async Task<ReclassificationProgress?> ReadAsync(int vendorId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        if (await context.Reclassifications.AsNoTracking().FirstOrDefaultAsync(ct) is not { } now)
            return null;
        var first = Math.Max(now.FromId, await context.RegistryRequests.MinAsync(r => (long?)r.Id, ct) ?? 0);
        var last = Math.Min(now.EndId, await context.RegistryRequests.MaxAsync(r => (long?)r.Id, ct) ?? 0);
        var fraction = now.FinishedUtc is not null ? 1 : last <= first ? 0 : Math.Clamp((double)(now.NextId - first) / (last - first), 0, 1);
        return new ReclassificationProgress(fraction, now.Requests, now.Rewritten, now.FinishedUtc is not null);
    }

    /// <summary>
    /// Works on what was asked for, at most for <paramref name="limit"/>, so that a portal that is started meanwhile can take over. Returns
    /// false at once where another process classifies. <paramref name="report"/> hears of <paramref name="vendorId"/> now and then.
    /// </summary>
    public async Task<bool> WorkAsync(TimeSpan limit, Action<ReclassificationProgress> report, int vendorId, CancellationToken ct)
    {
        using var alone = database.TryTakeClassification();
        if (alone is null)
            return false;
        using var engine = new ClassificationEngine(database, contexts, time);
        var started = time.GetTimestamp();
        do
        {
            await engine.ReclassifyAsync(ct);
            foreach (var changed in await engine.WriteFinalAsync(ct))
                notifications.Publish(changed);
            if (await ReadAsync(vendorId, ct) is { } progress)
                report(progress);
        }
        while (engine.IsReclassifying && time.GetElapsedTime(started) < limit);
        await engine.SavePlacesAsync(ct);
        return true;
    }
}
