using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Feeds;
using VendorPortal.Hosting;
using VendorPortal.Journal;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>Tells a vendor whether what its feeds report arrives, and whether it is counted.</summary>
public sealed class IngestHealthReader(PortalDbContextFactory contexts, RequestJournal journal, Reclassifier reclassifier, PortalOptions options, TimeProvider time)
{
    /// <summary>Requests waiting for classification above which numbers are called incomplete; a busy moment stays below.</summary>
    public const int Backlog = 5_000;

    /// <summary>So many waiting requests are counted.</summary>
    public const int MaxPending = 100_000;

    private const int HoursShown = 48;

    // Files that are not brought again by then are not going to be.
    private static readonly TimeSpan TellsOfImportFor = TimeSpan.FromDays(7);
    private static readonly TimeSpan QuietAfter = TimeSpan.FromHours(24);

    /// <summary>Everything that is known.</summary>
    public async Task<IngestHealth> ReadAsync(int vendorId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var rejections = (await context.FeedRejections.AsNoTracking().ToListAsync(ct)).ToLookup(r => r.FeedId);
        return await ReadAsync(context, rejections, ct);
    }

    /// <summary>The same without what was refused.</summary>
    public async Task<IngestHealth> ReadBriefAsync(int vendorId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await ReadAsync(context, null, ct);
    }

    /// <summary>Why numbers may be incomplete, in words; empty where they are not.</summary>
    public async Task<IReadOnlyList<string>> ReadWarningsAsync(int vendorId, CancellationToken ct) => (await ReadBriefAsync(vendorId, ct)).Warnings;

    /// <summary>How each feed is, without what was refused of it.</summary>
    public async Task<IReadOnlyList<FeedHealth>> ReadFeedsAsync(int vendorId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await ReadFeedsAsync(context, null, time.GetUtcNow().UtcDateTime, ct);
    }

    private async Task<IngestHealth> ReadAsync(PortalDbContext context, ILookup<int, FeedRejection>? rejections, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (pending, watermark) = await ReadPendingAsync(context, now, ct);
        double? again = await reclassifier.ReadAsync(context.VendorId, ct) is { IsFinished: false } running ? running.Fraction : null;
        var feeds = await ReadFeedsAsync(context, rejections, now, ct);
        var queue = journal.QueueDepth;

        var warnings = new List<string>();
        if (queue > options.Ingest.QueueRequests / 10)
            warnings.Add(IngestWords.Queue(queue));
        if (pending > Backlog)
            warnings.Add(IngestWords.Pending(pending));
        if (again is { } done)
            warnings.Add(IngestWords.Reclassifying(done));
        warnings.AddRange(feeds.Where(f => f.Problem is not null).Select(f => IngestWords.Unreadable(f.Name, f.Problem!)));
        var latest = now - TellsOfImportFor;
        if (await context.ImportMarks.AnyAsync(m => m.WrittenUtc > latest, ct))
            warnings.Add(IngestWords.ImportNotEnded);
        var isIncomplete = warnings.Count > 0;
        warnings.AddRange(feeds.Where(f => f.Gap is not null).Select(f => IngestWords.Silent(f.Name, f.Gap!)));
        return new IngestHealth
        {
            AtUtc = now,
            Status = isIncomplete ? IngestStatus.Incomplete : warnings.Count > 0 ? IngestStatus.Quiet : IngestStatus.Ok,
            Warnings = warnings,
            QueueDepth = queue,
            Pending = Math.Min(pending, MaxPending),
            WatermarkUtc = watermark,
            Reclassified = again,
            Feeds = feeds,
        };
    }

    // The journal knows it for one vendor, also where another process classifies.
    private static async Task<(int Pending, DateTime WatermarkUtc)> ReadPendingAsync(PortalDbContext context, DateTime now, CancellationToken ct)
    {
        var waiting = context.RegistryRequests.Where(r => r.PullId == null).OrderBy(r => r.Id).Select(r => r.Id);
        if (await waiting.Select(id => (long?)id).FirstOrDefaultAsync(ct) is not { } oldest)
            return (0, now);
        return (await waiting.Take(MaxPending + 1).CountAsync(ct), PullIds.TimeOf(oldest));
    }

    private static async Task<IReadOnlyList<FeedHealth>> ReadFeedsAsync(PortalDbContext context, ILookup<int, FeedRejection>? rejections, DateTime now, CancellationToken ct)
    {
        var feeds = await context.Feeds.AsNoTracking().Where(f => f.RemovedUtc == null).OrderBy(f => f.Id).ToListAsync(ct);
        var first = FeedHour.Of(now) - (2 * FeedRhythm.Window); // a silence may be as long as what it is compared with
        var hours = (await context.FeedHours.AsNoTracking().Where(h => h.Hour >= first).ToListAsync(ct)).ToLookup(h => h.FeedId);
        var problems = await context.FollowedFiles.Where(f => f.Problem != null).ToDictionaryAsync(f => f.FeedId, f => f.Problem, ct);
        return feeds.ConvertAll(f => Of(f, hours[f.Id].ToDictionary(h => h.Hour), rejections?[f.Id] ?? [], now) with { Problem = problems.GetValueOrDefault(f.Id) });
    }

    private static FeedHealth Of(Feed feed, Dictionary<int, FeedHour> hours, IEnumerable<FeedRejection> rejections, DateTime now)
    {
        var totals = hours.ToDictionary(h => h.Key, h => h.Value.Accepted + h.Value.Ignored + h.Value.Duplicates + h.Value.Rejected);
        var gap = feed.LastReceivedUtc is { } last ? FeedRhythm.FindGap(totals, last, now) : null;
        return new FeedHealth
        {
            Id = FeedIdentity.FormatId(feed.VendorId, feed.Id),
            Name = feed.Name,
            Kind = feed.Kind,
            State = feed.LastReceivedUtc is null ? FeedState.Waiting : gap is not null || now - feed.LastReceivedUtc > QuietAfter ? FeedState.Quiet : FeedState.Receiving,
            LastReceivedUtc = feed.LastReceivedUtc,
            LastEventUtc = feed.NewestEventUtc,
            // A registry whose clock is ahead has none.
            Lag = feed.LastRequestUtc - feed.NewestEventUtc is { } lag ? TimeSpan.FromTicks(Math.Max(0, lag.Ticks)) : null,
            Accepted = feed.Accepted,
            Ignored = feed.Ignored,
            Duplicates = feed.Duplicates,
            Rejected = feed.Rejected,
            Gap = gap,
            Hours = [.. Enumerable.Range(FeedHour.Of(now) - HoursShown + 1, HoursShown).Select(hour => Counts(hour, hours.GetValueOrDefault(hour)))],
            RejectedByReason = [.. rejections.OrderByDescending(r => r.Count).ThenBy(r => r.Reason, StringComparer.Ordinal)
                .Select(r => new RejectionReason(r.Reason, r.Count, r.LastUtc, JsonSerializer.Deserialize<string[]>(r.Samples) ?? []))],
            LastRequest = ReceivedRequest.Parse(feed.LastRequest),
        };
    }

    private static FeedHourCounts Counts(int hour, FeedHour? row) =>
        new(FeedHour.StartOf(hour), row?.Accepted ?? 0, row?.Ignored ?? 0, row?.Duplicates ?? 0, row?.Rejected ?? 0);
}
