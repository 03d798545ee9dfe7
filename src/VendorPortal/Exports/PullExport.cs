using System.IO.Compression;
using VendorPortal.Reports;
using VendorPortal.Storage;

namespace VendorPortal.Exports;

/// <summary>How large an export will be: known where all of it was looked at, else told from its newest rows.</summary>
public sealed record ExportSize(long Bytes, bool IsExact);

/// <summary>
/// Writes what a filter keeps to a stream, newest first, never capped and never held in memory. The API and the command line share it.
/// </summary>
/// <remarks>
/// Rows are read in batches, each in a snapshot of its own that ends before the batch is written: a slow reader holds nothing back. Each pull
/// that is in the log from the beginning to the end comes exactly once, and nothing newer than the first row.
/// </remarks>
public sealed class PullExport(PortalDatabase database, TimeProvider time)
{
    /// <summary>Writes the rows and returns their number. The stream stays open.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; what was written so far is not complete.</exception>
    public Task<long> WriteAsync(int vendorId, PullFilter filter, ExportOptions options, Stream output, CancellationToken ct) =>
        WriteAsync(vendorId, filter, options, output, new ExportTally(), ct);

    /// <summary>The same, with the rows and bytes told as they are written.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; what was written so far is not complete.</exception>
    public async Task<long> WriteAsync(int vendorId, PullFilter filter, ExportOptions options, Stream output, ExportTally tally, CancellationToken ct)
    {
        await WriteAsync(vendorId, filter, options, new TalliedStream(output, tally), tally, onlyNewest: false, ct);
        return tally.Rows;
    }

    /// <summary>How large a file of so many rows will be, from a batch of the newest.</summary>
    public Task<ExportSize> EstimateAsync(int vendorId, PullFilter filter, ExportOptions options, long rows, CancellationToken ct) => Task.Run(
        async () =>
        {
            var tally = new ExportTally();
            var isAll = await WriteAsync(vendorId, filter, options, new TalliedStream(Stream.Null, tally), tally, onlyNewest: true, ct);
            return isAll ? new ExportSize(tally.Bytes, true) : new ExportSize((long)((double)tally.Bytes / tally.Rows * Math.Max(rows, tally.Rows)), false);
        },
        ct);

    /// <summary><c>YYYY-MM-DD_artifact_pulls.csv</c> with the current UTC date.</summary>
    public string FileName(ExportOptions options) => $"{FilterTimes.Format(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))}_artifact_pulls.{options.Extension}";

    // True where all was written.
    private async Task<bool> WriteAsync(int vendorId, PullFilter filter, ExportOptions options, TalliedStream counted, ExportTally tally, bool onlyNewest, CancellationToken ct)
    {
        if (!options.Gzip)
            return await WriteRowsAsync(vendorId, filter, options, counted, tally, onlyNewest, ct);
        await using var packed = new GZipStream(counted, CompressionLevel.Fastest, leaveOpen: true);
        try
        {
            return await WriteRowsAsync(vendorId, filter, options, packed, tally, onlyNewest, ct);
        }
        catch
        {
            counted.Cut(); // without its end a packed file is known to be incomplete
            throw;
        }
    }

    private async Task<bool> WriteRowsAsync(int vendorId, PullFilter filter, ExportOptions options, Stream output, ExportTally tally, bool onlyNewest, CancellationToken ct)
    {
        var layout = PullLayout.Of(options);
        var batch = new PullBatch(layout);
        var writer = new PullRowWriter(layout, batch, output, tally);
        var rest = await database.ReadLogAsync(vendorId, connection => batch.Fill(connection, PullSelector.Select(connection, vendorId, filter)), ct);
        await writer.WriteAsync(ct);
        while (!onlyNewest && rest is { } selection)
        {
            rest = await database.ReadLogAsync(vendorId, connection => batch.Fill(connection, selection), ct);
            await writer.WriteAsync(ct);
        }

        await writer.EndAsync(ct);
        return rest is null;
    }
}
