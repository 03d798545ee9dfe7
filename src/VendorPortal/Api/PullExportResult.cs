using Microsoft.Net.Http.Headers;
using VendorPortal.Exports;
using VendorPortal.Reports;

namespace VendorPortal.Api;

/// <summary>A streamed file of pulls. A failure half-way breaks the connection, so that no client takes a part for the whole.</summary>
internal sealed class PullExportResult(int vendorId, PullFilter filter, ExportOptions options) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var export = httpContext.RequestServices.GetRequiredService<PullExport>();
        var response = httpContext.Response;
        response.ContentType = options.ContentType;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = export.FileName(options) }.ToString();
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return;
        try
        {
            await export.WriteAsync(vendorId, filter, options, response.Body, httpContext.RequestAborted);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Abort();
        }
    }
}
