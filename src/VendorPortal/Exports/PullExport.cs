using VendorPortal.Reports;
using VendorPortal.Storage;

namespace VendorPortal.Exports;

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
    public async Task<long> WriteAsync(int vendorId, PullFilter filter, ExportOptions options, Stream output, CancellationToken ct)
    {
        var layout = PullLayout.Of(options);
        var batch = new PullBatch(layout);
        var writer = new PullRowWriter(layout, batch, output);
        var rest = await database.ReadLogAsync(vendorId, connection => batch.Fill(connection, PullSelector.Select(connection, vendorId, filter)), ct);
        await writer.WriteAsync(ct);
        long rows = batch.Rows;
        while (rest is { } selection)
        {
            rest = await database.ReadLogAsync(vendorId, connection => batch.Fill(connection, selection), ct);
            await writer.WriteAsync(ct);
            rows += batch.Rows;
        }

        await writer.FlushAsync(ct);
        return rows;
    }

    /// <summary><c>YYYY-MM-DD_artifact_pulls.csv</c> with the current UTC date.</summary>
    public string FileName(ExportOptions options) => $"{FilterTimes.Format(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))}_artifact_pulls.{options.Extension}";
}
