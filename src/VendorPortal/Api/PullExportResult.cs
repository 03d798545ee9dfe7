using Microsoft.Net.Http.Headers;
using VendorPortal.Exports;
using VendorPortal.Reports;

namespace VendorPortal.Api;

/// <summary>A streamed file of pulls, noted in the history of exports before its first row. A failure half-way breaks the connection, so that no client takes a part for the whole.</summary>
internal sealed class PullExportResult(int vendorId, ExportReader reader, PullFilter filter, ExportOptions options) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var export = httpContext.RequestServices.GetRequiredService<PullExport>();
        var response = httpContext.Response;
        response.ContentType = options.Gzip ? "application/gzip" : options.ContentType;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = export.FileName(options) }.ToString();
        // A packed file, and a file that is packed on its way and unpacked by who receives it, are written alike.
        var isPacked = options.Gzip || AcceptsGzip(httpContext.Request);
        if (isPacked && !options.Gzip)
            response.Headers.ContentEncoding = "gzip";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return;
        var history = httpContext.RequestServices.GetRequiredService<ExportHistory>();
        var ct = httpContext.RequestAborted;
        try
        {
            await history.NoteAsync(
                vendorId, reader, filter, options.Extension,
                tally => export.WriteAsync(vendorId, filter, options with { Gzip = isPacked }, response.Body, tally, ct),
                ct);
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            httpContext.Abort();
        }
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality is not 0);
}
