using System.Globalization;
using CsvHelper;
using VendorPortal.Reports;

namespace VendorPortal.Exports;

/// <summary>Writes pulls as CSV of RFC 4180. What is unknown is an empty cell.</summary>
internal static class PullCsv
{
    private static readonly string[] Columns = ["Date", "Customer", "User", "Email", "Address", "Artifact", "Version"];

    // By their names in the API, in its order.
    private static readonly string[] MoreColumns = ["id", "kind", "tag", "digest", "client", "clientVersion", "country", "host", "networkType", "requests"];

    public static async Task<long> WriteAsync(IAsyncEnumerable<PullItem> pulls, ExportOptions options, Stream output, CancellationToken ct)
    {
        // OWASP's advice on CSV injection: a leading apostrophe makes a spreadsheet take a formula for text.
        var csvOptions = CsvWriterOptions.Default with { Injection = options.Raw ? CsvInjection.None : CsvInjection.Escape };
        await using var csv = CsvWriter.Create(output, csvOptions, leaveOpen: true);
        csv.WriteHeader(options.AllColumns ? [.. Columns, .. MoreColumns] : Columns);
        await foreach (var pull in pulls.WithCancellation(ct))
        {
            Write(csv, pull, options.AllColumns);
            await csv.EndRecordAsync(ct); // writes to the output, at the pace of its reader, where the buffer is full
        }

        await csv.FlushAsync(ct);
        return csv.RecordCount - 1;
    }

    private static void Write(CsvWriter csv, PullItem pull, bool allColumns)
    {
        csv.WriteField(pull.AtUtc, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        csv.WriteField(pull.Customer);
        csv.WriteField(pull.User);
        csv.WriteField(pull.Email);
        csv.WriteField(pull.Address);
        csv.WriteField(pull.Artifact);
        csv.WriteField(pull.Version);
        if (!allColumns)
            return;
        csv.WriteField(pull.Id.ToString(CultureInfo.InvariantCulture));
        csv.WriteField(KindNames.Of(pull.Kind));
        csv.WriteField(pull.Tag);
        csv.WriteField(pull.Digest);
        csv.WriteField(pull.Client);
        csv.WriteField(pull.ClientVersion);
        csv.WriteField(pull.Country);
        csv.WriteField(pull.Host);
        csv.WriteField(pull.NetworkType);
        csv.WriteField(pull.Requests);
    }
}
