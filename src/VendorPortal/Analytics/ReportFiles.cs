using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Analytics;

/// <summary>A part of a report, opened; of a superseded one it is not known any more when it was produced, nor its hash. Dispose the stream.</summary>
public sealed record OpenReport(Stream Content, string FileName, bool IsComplete, DateTime? ProducedUtc, string? Sha256);

/// <summary>A report that is kept, and how often pulls of its period have changed by now.</summary>
internal readonly record struct KeptReport(ReportKey Key, bool IsOutdated, long Changes);

/// <summary>
/// Weekly and monthly reports of a vendor's namespaces: those of complete periods are produced once and kept as files, and produced again where pulls of the period have
/// changed since; what is not complete is told as it is. What is being produced is not given up where its reader goes.
/// </summary>
public sealed class ReportFiles : IDisposable
{
    // A little less than the keeper's beat, which is late or early by milliseconds.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(50);

    private readonly PortalDatabase database;
    private readonly PortalDbContextFactory contexts;
    private readonly ReportCalendar calendar;
    private readonly PortalOptions options;
    private readonly TimeProvider time;
    private readonly ReportFolder folder;
    private readonly ReportTurns turns = new();
    private readonly SharedTasks<(int VendorId, ReportKey Key), ReportFile?> running;
    private readonly ReportsSoFar soFar;
    private readonly ConcurrentDictionary<(int VendorId, ReportPeriod Period), (long Changes, DateTimeOffset Since)> seen = new();

    public ReportFiles(PortalDatabase database, PortalDbContextFactory contexts, ReportCalendar calendar, PortalOptions options, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        (this.database, this.contexts, this.calendar, this.options, this.time) = (database, contexts, calendar, options, time);
        folder = new ReportFolder(options, time);
        running = new SharedTasks<(int, ReportKey), ReportFile?>(lifetime.ApplicationStopping);
        soFar = new ReportsSoFar(database, folder, turns, time, lifetime.ApplicationStopping);
    }

    /// <summary>The years (week-years of weeks) with reports of a namespace, the newest first.</summary>
    public async Task<IReadOnlyList<int>> YearsAsync(int vendorId, string ns, ReportTimespan timespan, CancellationToken ct) =>
        [.. (await calendar.PeriodsAsync(vendorId, ns, timespan, ct)).Select(p => p.Period.Year).Distinct().OrderDescending()];

    /// <summary>The periods of a year with anything to report, the newest first, also the one that goes on.</summary>
    public async Task<IReadOnlyList<ReportPeriodFiles>> ListAsync(int vendorId, string ns, ReportTimespan timespan, int year, CancellationToken ct)
    {
        var periods = (await calendar.PeriodsAsync(vendorId, ns, timespan, ct)).Where(p => p.Period.Year == year).Reverse().ToList();
        await using var context = contexts.ForVendor(vendorId);
        var stored = (await context.Reports.AsNoTracking().Where(r => r.Namespace == ns && r.Timespan == timespan && r.Year == year).OrderBy(r => r.Part).ToListAsync(ct))
            .ToLookup(ReportKey.Of);
        var changes = await ChangesAsync(context, [.. periods.Select(p => p.Period)], ct);
        return
        [
            .. periods.Select(p => new ReportPeriodFiles(
                p.Period, p.IsComplete, [.. ReportNames.Views.Select(view => new ReportKey(ns, p.Period, view)).Select(key => Describe(key, stored[key], p.IsComplete, changes[p.Period]))])),
        ];
    }

    /// <summary>
    /// A report of a complete period, produced where it has to be; null where there is none. While pulls of its period are still changing it is what was kept before.
    /// </summary>
    public async Task<ReportFile?> EnsureAsync(int vendorId, ReportKey key, CancellationToken ct)
    {
        if (await calendar.FindAsync(vendorId, key.Namespace, key.Period, ct) is not true)
            return null;
        if (await FindKeptAsync(vendorId, key, ct) is { } kept && (kept.State != ReportState.Outdated || !await IsAtRestAsync(vendorId, key.Period, ct)))
            return kept;
        return await running.RunAsync(
            (vendorId, key),
            stop => turns.TakeAsync(vendorId, async () => await FindKeptAsync(vendorId, key, stop) is { State: not ReportState.Outdated } made ? made : await ProduceAsync(vendorId, key, stop), stop),
            ct);
    }

    /// <summary>
    /// Opens a part of a report: of a revision, or of the current one; of a period that is not complete the only part, as it is now. Null where there is none.
    /// </summary>
    public async Task<OpenReport?> OpenAsync(int vendorId, ReportKey key, int part, int? revision, CancellationToken ct)
    {
        switch (await calendar.FindAsync(vendorId, key.Namespace, key.Period, ct))
        {
            case true:
                return await OpenKeptAsync(vendorId, key, part, revision, ct);
            case false when part == 1 && revision is null:
                return await soFar.OpenAsync(vendorId, key, ct);
            default:
                return null;
        }
    }

    /// <summary>What is kept of a vendor, and how often pulls of each period have changed.</summary>
    internal async Task<IReadOnlyList<KeptReport>> KeptAsync(int vendorId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var firsts = await context.Reports.AsNoTracking().Where(r => r.Part == 1).Select(r => new { Report = r, Key = ReportKey.Of(r) }).ToListAsync(ct);
        var changes = await ChangesAsync(context, [.. firsts.Select(r => r.Key.Period).Distinct()], ct);
        return [.. firsts.Select(r => new KeptReport(r.Key, r.Report.Changes != changes[r.Key.Period], changes[r.Key.Period]))];
    }

    /// <summary>Removes what is kept of a period that has nothing to report any more.</summary>
    internal async Task RemoveEmptyAsync(int vendorId, ReportKey key, CancellationToken ct)
    {
        if (await calendar.FindAsync(vendorId, key.Namespace, key.Period, ct) is null)
            await turns.TakeAsync(vendorId, () => RemoveAsync(vendorId, key, ct), ct);
    }

    /// <summary>How often pulls of a period have changed.</summary>
    internal Task<long> ChangesAsync(int vendorId, ReportPeriod period, CancellationToken ct) =>
        database.ReadAsync(connection => DayChanges.Sum(connection, vendorId, period.FirstDay, period.LastDay), ct);

    private static async Task<Dictionary<ReportPeriod, long>> ChangesAsync(PortalDbContext context, IReadOnlyList<ReportPeriod> periods, CancellationToken ct)
    {
        if (periods.Count == 0)
            return [];
        var (first, last) = (periods.Min(p => p.FirstDay.DayNumber), periods.Max(p => p.LastDay.DayNumber));
        var days = await context.DailyChanges.AsNoTracking().Where(d => d.Day >= first && d.Day <= last).ToDictionaryAsync(d => d.Day, d => d.Changes, ct);
        return periods.ToDictionary(p => p, p => Enumerable.Range(p.FirstDay.DayNumber, p.LastDay.DayNumber - p.FirstDay.DayNumber + 1).Sum(day => days.GetValueOrDefault(day)));
    }

    /// <summary>
    /// Whether pulls of a period have not changed for a while, as far as was looked. An import or a reclassification writes for minutes: what is produced meanwhile is
    /// wrong when it is done.
    /// </summary>
    internal bool IsAtRest(int vendorId, ReportPeriod period, long changes)
    {
        var now = time.GetUtcNow();
        var (_, since) = seen.AddOrUpdate((vendorId, period), (changes, now), (_, before) => before.Changes == changes ? before : (changes, now));
        return now - since >= Rest;
    }

    /// <summary>
    /// Removes the files of a vendor that were superseded so long ago that no address of them works any more, and what a process that ended has left half-written. What
    /// cannot be removed is told, and tried again.
    /// </summary>
    internal async Task RemoveOldAsync(int vendorId, Action<string, Exception> failed, CancellationToken ct)
    {
        soFar.RemoveOld();
        var old = folder.Old(vendorId); // looked for first: what is put there and noted meanwhile is noted by then
        if (old.Count == 0)
            return;
        await using var context = contexts.ForVendor(vendorId);
        var kept = (await context.Reports.AsNoTracking().ToListAsync(ct)).Select(r => folder.PathOf(vendorId, ReportKey.Of(r), r.Revision, r.Part)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in old.Where(file => !kept.Contains(file.FullName)))
        {
            try
            {
                file.Delete();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failed(file.FullName, error);
            }
        }
    }

    /// <summary>Removes all files of a vendor that is gone.</summary>
    internal void Forget(int vendorId)
    {
        soFar.RemoveOld(vendorId);
        folder.Remove(vendorId);
    }

    public void Dispose()
    {
        soFar.Dispose();
        turns.Dispose();
    }

    private async Task<OpenReport?> OpenKeptAsync(int vendorId, ReportKey key, int part, int? revision, CancellationToken ct)
    {
        for (var again = true; ; again = false)
        {
            // Who asks for a revision goes on with it, also where pulls have changed since.
            var report = (revision is null ? null : await FindKeptAsync(vendorId, key, ct)) ?? await EnsureAsync(vendorId, key, ct);
            if (report is null)
                return null;
            if (revision is { } asked && asked != report.Revision)
                return OpenSuperseded(vendorId, key, part, asked);
            if (report.Parts.FirstOrDefault(p => p.Number == part) is not { } found)
                return null;
            if (ReportFolder.Open(folder.PathOf(vendorId, key, report.Revision, part)) is { } content)
                return new OpenReport(content, found.FileName, true, report.ProducedUtc, found.Sha256);
            if (!again)
                return null; // it was there a moment ago, twice
        }
    }

    private OpenReport? OpenSuperseded(int vendorId, ReportKey key, int part, int revision)
    {
        var parts = File.Exists(folder.PathOf(vendorId, key, revision, 2)) ? 2 : 1;
        return ReportFolder.Open(folder.PathOf(vendorId, key, revision, part)) is { } content ? new OpenReport(content, key.FileName(part, parts, isComplete: true), true, null, null) : null;
    }

    // The catalogue tells what is there once it is there: files first, under names of their own revision, then the rows, then what was before goes.
    private async Task<ReportFile?> ProduceAsync(int vendorId, ReportKey key, CancellationToken ct)
    {
        using var produced = await ReportProduction.RunAsync(database, vendorId, key, folder.Of(vendorId), options.Reports.MaxPartBytes, ct);
        if (produced is null)
            return null;
        var before = await ReadAsync(vendorId, key, ct);
        var isSame = before.Count > 0 && before.Select(r => Convert.ToHexString(r.Sha256)).SequenceEqual(produced.Parts.Select(p => Convert.ToHexString(p.Sha256)));
        var revision = before.Count == 0 ? 1 : before[0].Revision + (isSame ? 0 : 1);
        foreach (var (index, part) in produced.Parts.Index())
        {
            folder.Touch(part.File);
            File.Move(part.File, folder.PathOf(vendorId, key, revision, index + 1), overwrite: true);
        }

        var now = isSame ? before[0].ProducedUtc : time.GetUtcNow().UtcDateTime;
        var rows = produced.Parts.Select((part, index) => new StoredReport
        {
            VendorId = vendorId,
            Namespace = key.Namespace,
            Timespan = key.Period.Timespan,
            Year = key.Period.Year,
            Number = key.Period.Number,
            View = key.View,
            Part = index + 1,
            Rows = part.Rows,
            Bytes = part.Bytes,
            Sha256 = part.Sha256,
            Revision = revision,
            ProducedUtc = now,
            Ruleset = PullClassifier.Ruleset,
            Changes = produced.Changes,
        }).ToList();
        await database.WriteAsync(
            contexts, vendorId,
            async context =>
            {
                await Of(context, key).ExecuteDeleteAsync(ct);
                context.AddRange(rows);
                return rows.Count;
            },
            ct);
        if (!isSame)
        {
            // Their addresses work for a while: from now on it counts how long they are superseded.
            foreach (var old in before)
                folder.Touch(folder.PathOf(vendorId, key, old.Revision, old.Part));
        }

        return Describe(key, rows, isComplete: true, produced.Changes);
    }

    private async Task<bool> RemoveAsync(int vendorId, ReportKey key, CancellationToken ct)
    {
        await database.WriteAsync(contexts, vendorId, context => Of(context, key).ExecuteDeleteAsync(ct), ct);
        folder.Remove(vendorId, key);
        return true;
    }

    private async Task<bool> IsAtRestAsync(int vendorId, ReportPeriod period, CancellationToken ct) => IsAtRest(vendorId, period, await ChangesAsync(vendorId, period, ct));

    private async Task<ReportFile?> FindKeptAsync(int vendorId, ReportKey key, CancellationToken ct)
    {
        var stored = await ReadAsync(vendorId, key, ct);
        // What was lost from the folder, or not brought back with the database, is produced again.
        var isThere = stored.Count > 0 && stored.TrueForAll(r => new FileInfo(folder.PathOf(vendorId, key, r.Revision, r.Part)) is { Exists: true } file && file.Length == r.Bytes);
        return isThere ? Describe(key, stored, isComplete: true, await ChangesAsync(vendorId, key.Period, ct)) : null;
    }

    private async Task<List<StoredReport>> ReadAsync(int vendorId, ReportKey key, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await Of(context, key).AsNoTracking().OrderBy(r => r.Part).ToListAsync(ct);
    }

    private static IQueryable<StoredReport> Of(PortalDbContext context, ReportKey key) => context.Reports.Where(r =>
        r.Namespace == key.Namespace && r.Timespan == key.Period.Timespan && r.Year == key.Period.Year && r.Number == key.Period.Number && r.View == key.View);

    private static ReportFile Describe(ReportKey key, IEnumerable<StoredReport> stored, bool isComplete, long changes)
    {
        var rows = stored.ToList();
        if (!isComplete || rows.Count == 0)
            return new ReportFile(key.View, isComplete ? ReportState.Waiting : ReportState.Incomplete, 0, null, 0, ReportPaths.Part(key, 1), []);
        var state = rows[0].Changes != changes ? ReportState.Outdated : rows[0].Revision > 1 ? ReportState.Reproduced : ReportState.Complete;
        return new ReportFile(
            key.View, state, rows[0].Revision, rows[0].ProducedUtc, rows[0].Ruleset, ReportPaths.Part(key, 1),
            [.. rows.Select(r => new ReportPart(r.Part, r.Rows, r.Bytes, Convert.ToHexStringLower(r.Sha256), key.FileName(r.Part, rows.Count, true), ReportPaths.Part(key, r.Part, r.Revision)))]);
    }
}
