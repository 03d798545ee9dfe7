using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Exports;

/// <summary>Who takes an export: from the verified sign-in, or whoever runs commands beside the store.</summary>
public sealed record ExportReader(int? MemberId, int? TokenId, string Name)
{
    /// <summary>Neither member nor token: who may run commands is for the system to say.</summary>
    public static readonly ExportReader CommandLine = new(null, null, "command line");
}

/// <summary>An export that was begun; its <see cref="Tally"/> is filled by who writes it.</summary>
public sealed record BegunExport(int VendorId, int Id, ExportTally Tally);

/// <summary>The record of exports: the audit entry of each, kept for <see cref="Kept"/>.</summary>
public sealed class ExportHistory(PortalDbContextFactory contexts, PortalDatabase database, TimeProvider time, ILogger<ExportHistory> logger)
{
    /// <summary>A year, and time to look back at it.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    // Each export that begins brings one and takes some of the old ones.
    private const int Pruned = 100;

    // How far a command is only its own process knows; one that has not ended in a day never will.
    private static readonly TimeSpan LongestCommand = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(int VendorId, int Id), ExportTally> running = new();

    /// <summary>Has an export written and notes it, its beginning before its first row, and its end however it ends.</summary>
    public Task NoteAsync(int vendorId, ExportReader reader, PullFilter filter, string format, Func<ExportTally, Task> write, CancellationToken ct) =>
        NoteAsync(vendorId, reader, PullFilterUrl.Format(filter, TimeZoneInfo.Utc), format, write, ct);

    /// <summary>As the other overload, of a file that is not of pulls.</summary>
    public async Task NoteAsync(int vendorId, ExportReader reader, string query, string format, Func<ExportTally, Task> write, CancellationToken ct)
    {
        var begun = await BeginAsync(vendorId, reader, query, format, ct);
        var result = ExportResult.Failed;
        try
        {
            await write(begun.Tally);
            result = ExportResult.Complete;
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            result = ExportResult.Cancelled;
            throw;
        }
        finally
        {
            await EndAsync(begun, result);
        }
    }

    /// <summary>Notes that an export begins. Where this fails, nothing may leave the portal.</summary>
    public Task<BegunExport> BeginAsync(int vendorId, ExportReader reader, PullFilter filter, string format, CancellationToken ct) =>
        BeginAsync(vendorId, reader, PullFilterUrl.Format(filter, TimeZoneInfo.Utc), format, ct);

    private async Task<BegunExport> BeginAsync(int vendorId, ExportReader reader, string query, string format, CancellationToken ct)
    {
        var begun = await database.WriteAsync(
            contexts, vendorId,
            async context =>
            {
                var id = (await context.Exports.MaxAsync(e => (int?)e.Id, ct) ?? 0) + 1;
                context.Add(new ExportRecord
                {
                    VendorId = vendorId,
                    Id = id,
                    MemberId = reader.MemberId,
                    TokenId = reader.TokenId,
                    Who = reader.Name.Length <= ExportRecord.MaxWho ? reader.Name : reader.Name[..ExportRecord.MaxWho],
                    StartedUtc = time.GetUtcNow().UtcDateTime,
                    Query = query.Length <= ExportRecord.MaxQuery ? query : query[..ExportRecord.MaxQuery],
                    Format = format,
                });
                await PruneAsync(context, ct);
                return new BegunExport(vendorId, id, new ExportTally());
            },
            ct);
        logger.LogInformation(
            "Export {ExportId} of vendor {VendorId} begins: {Format}, member {MemberId}, token {TokenId}", begun.Id, vendorId, format, reader.MemberId, reader.TokenId);
        running[(vendorId, begun.Id)] = begun.Tally;
        return begun;
    }

    /// <summary>Notes how an export ended. Not cancelled with its reader, and no reason for it to fail.</summary>
    public async Task EndAsync(BegunExport export, ExportResult result)
    {
        logger.LogInformation(
            "Export {ExportId} of vendor {VendorId} ended: {Result}, {Rows} rows, {Bytes} bytes", export.Id, export.VendorId, result, export.Tally.Rows, export.Tally.Bytes);
        try
        {
            await database.WriteAsync(
                contexts, export.VendorId,
                context => context.Exports.Where(e => e.Id == export.Id).ExecuteUpdateAsync(
                    set => set.SetProperty(e => e.EndedUtc, time.GetUtcNow().UtcDateTime).SetProperty(e => e.Result, result)
                        .SetProperty(e => e.Rows, export.Tally.Rows).SetProperty(e => e.Bytes, export.Tally.Bytes)),
                CancellationToken.None);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or DbUpdateException)
        {
            logger.LogWarning(exception, "The end of export {ExportId} of vendor {VendorId} could not be noted", export.Id, export.VendorId);
        }
        finally
        {
            running.TryRemove((export.VendorId, export.Id), out _);
        }
    }

    // The oldest come first, so that a few are looked at and not all of a year.
    private async Task PruneAsync(PortalDbContext context, CancellationToken ct)
    {
        var before = time.GetUtcNow().UtcDateTime - Kept;
        var oldest = await context.Exports.OrderBy(e => e.Id).Take(Pruned).Select(e => new { e.Id, e.StartedUtc }).ToListAsync(ct);
        if (oldest.LastOrDefault(e => e.StartedUtc < before) is { } last)
            await context.Exports.Where(e => e.Id <= last.Id).ExecuteDeleteAsync(ct);
    }

    /// <summary>The newest exports first. One that runs tells how far it is; one that the portal has not ended has failed.</summary>
    public async Task<IReadOnlyList<ExportRecord>> ReadAsync(int vendorId, int most, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var records = await context.Exports.AsNoTracking().OrderByDescending(e => e.Id).Take(most).ToListAsync(ct);
        foreach (var record in records.Where(record => record.Result == ExportResult.Running))
        {
            if (running.TryGetValue((vendorId, record.Id), out var tally))
                (record.Rows, record.Bytes) = (tally.Rows, tally.Bytes);
            else if (record.MemberId is not null || record.TokenId is not null || time.GetUtcNow().UtcDateTime - record.StartedUtc > LongestCommand)
                record.Result = ExportResult.Failed;
        }

        return records;
    }
}
