using System.Globalization;
using System.Security.Claims;
using CsvHelper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using VendorPortal.Feeds;
using VendorPortal.Hosting;
using VendorPortal.Security;

namespace VendorPortal.Import;

/// <summary>
/// <c>POST /imports/{feedId}</c>: the body is the file, read while it arrives and never kept. For the pages: it takes the sign-in cookie
/// with the anti-forgery header, not a token. Answers when all is stored; <c>GET /imports/rejected</c> gives what was refused of the last one.
/// </summary>
internal static class ImportEndpoints
{
    private const int MaxFileName = 200;

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/imports").ExcludeFromDescription()
            .RequireAuthorization(new AuthorizeAttribute(PortalClaims.OwnerPolicy) { AuthenticationSchemes = IdentityConstants.ApplicationScheme });
        group.MapPost("/{feedId}", PostAsync).AddEndpointFilter(AccountEndpoints.RequireToken);
        group.MapGet("/rejected", Rejected);
    }

    private static async Task<Results<Ok<ImportCounts>, ProblemHttpResult>> PostAsync(
        string feedId, string? name, HttpContext context, FeedDirectory feeds, ImportJobs jobs, PortalOptions options, CancellationToken ct)
    {
        if (await feeds.FindAsync(feedId, ct) is not { } feed || feed.VendorId != context.User.Vendor().Id)
            return Problem(StatusCodes.Status404NotFound, "There is no such feed in use.");
        var limit = options.Ingest.MaxImportBytes;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = limit == 0 ? null : limit;
        if (limit > 0 && context.Request.ContentLength > limit)
            return Problem(StatusCodes.Status413PayloadTooLarge, $"The file is larger than the operator of this portal allows: {limit} bytes.");
        if (jobs.TryBegin(feed, FileName(name), context.Request.ContentLength) is not { } job)
            return Problem(StatusCodes.Status409Conflict, "Another import is running. Wait for its end, or cancel it.");
        await jobs.RunAsync(job, context.Request.Body);
        return job.State switch
        {
            ImportState.Done => TypedResults.Ok(job.Counts!),
            ImportState.Cancelled => Problem(StatusCodes.Status409Conflict, "The import was cancelled; what is stored stays."),
            _ => Problem(StatusCodes.Status400BadRequest, job.Failure!),
        };
    }

    private static Results<FileContentHttpResult, ProblemHttpResult> Rejected(ClaimsPrincipal principal, ImportJobs jobs)
    {
        if (jobs.Find(principal.Vendor().Id) is not { Monitor.Rejected: { Count: > 0 } rejected })
            return Problem(StatusCodes.Status404NotFound, "Nothing of the last import was rejected.");
        using var output = new MemoryStream();
        using (var csv = CsvWriter.Create(output, CsvWriterOptions.Default with { Injection = CsvInjection.Escape }))
        {
            Write(csv, "Line", "Reason", "Sample");
            foreach (var one in rejected)
                Write(csv, (one.Index + 1).ToString(CultureInfo.InvariantCulture), one.Reason, one.Sample ?? "");
        }

        return TypedResults.File(output.ToArray(), "text/csv; charset=utf-8", "rejected.csv");
    }

    private static void Write(CsvWriter csv, params ReadOnlySpan<string> cells)
    {
        foreach (var cell in cells)
            csv.WriteField(cell);
        csv.EndRecord();
    }

    // Only shown: control characters and length are all that can be wrong with it.
    private static string FileName(string? name)
    {
        var clean = string.Concat((name ?? "").Where(c => !char.IsControl(c))).Trim();
        return clean.Length == 0 ? "The file" : clean.Length <= MaxFileName ? clean : string.Concat(clean.AsSpan(0, MaxFileName - 1), "…");
    }

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);
}
