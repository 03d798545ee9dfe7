using VendorPortal.Reports;

namespace VendorPortal.Exports;

/// <summary>
/// Writes what a filter keeps to a stream, newest first, never capped and never held in memory. The API and the command line share it.
/// </summary>
public sealed class PullExport(PullReader reader, TimeProvider time)
{
    /// <summary>Writes the rows and returns their number. The stream stays open.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; what was written so far is not complete.</exception>
    public Task<long> WriteAsync(int vendorId, PullFilter filter, ExportOptions options, Stream output, CancellationToken ct)
    {
        var pulls = reader.ReadAllAsync(vendorId, filter, ct);
        return options.Format == ExportFormat.Csv
            ? PullCsv.WriteAsync(pulls, options, output, ct)
            : PullNdjson.WriteAsync(pulls, output, ct);
    }

    /// <summary><c>YYYY-MM-DD_artifact_pulls.csv</c> with the current UTC date.</summary>
    public string FileName(ExportOptions options) => $"{FilterTimes.Format(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))}_artifact_pulls.{options.Extension}";
}
