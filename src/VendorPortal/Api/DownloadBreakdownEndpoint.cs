using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using VendorPortal.Exports;
using VendorPortal.Reports;
using VendorPortal.Security;

namespace VendorPortal.Api;

/// <summary>Downloads of a repository.</summary>
/// <param name="RepoType">Its kind: <c>container</c>, <c>helm</c>, <c>model</c>, <c>dataset</c> or <c>other</c>.</param>
/// <param name="RepoName">Its name, with its namespace.</param>
/// <param name="TotalDownloads">The sum of the records.</param>
/// <param name="Records">Days of UTC with downloads, oldest first.</param>
internal sealed record RepositoryDownloadsBody(string RepoType, string RepoName, long TotalDownloads, IReadOnlyList<DayDownloadsBody> Records);

/// <summary>Downloads of a day.</summary>
/// <param name="Timestamp">Its midnight in UTC, <c>2021-01-22T00:00:00.000Z</c>.</param>
/// <param name="Downloads">Pulls by tag and by digest; never 0.</param>
internal sealed record DayDownloadsBody(DateTime Timestamp, long Downloads);

/// <summary><c>/api/v1/publisher-analytics/download-breakdown</c>: every repository's downloads by day, as the page Overview exports them.</summary>
internal static class DownloadBreakdownEndpoint
{
    public const string Path = "/api/v1/publisher-analytics/download-breakdown";

    public static void MapDownloadBreakdown(this IEndpointRouteBuilder routes) => routes.MapGet(Path, Export)
        .WithName("ExportDownloadBreakdown")
        .WithTags("Publisher analytics")
        .RequireAuthorization()
        .AddEndpointFilter(ApiFilters.NoStore)
        .WithParameters(
            ParameterDocs.Choice("format", "The form of the file; json by default.", "json", "csv"),
            ParameterDocs.Text("from", "First day of UTC, such as 2026-05-01; without it from the first pull on."),
            ParameterDocs.Text("to", "Last day of UTC, inclusive; without it up to now."))
        .Produces<IReadOnlyList<RepositoryDownloadsBody>>()
        .Produces<string>(StatusCodes.Status200OK, "text/csv")
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .WithSummary("The downloads of every repository by day, as JSON or CSV, streamed.")
        .WithDescription("Repositories in the order of their names, those without downloads among them. Version checks, denied tries and publishers' own pulls are no downloads.");

    private static Results<BreakdownResult, ValidationProblem> Export(HttpRequest request, ClaimsPrincipal principal)
    {
        var query = new ApiQuery(request.Query);
        var format = query.Choice("format", BreakdownFormat.Json, ("json", BreakdownFormat.Json), ("csv", BreakdownFormat.Csv));
        var (from, to) = (query.Day("from"), query.Day("to"));
        if (from > to)
            query.Refuse(new FilterError("from", "from lies after to: no day can be between them. Give a from that is not after to."));
        return query.HasErrors ? query.Problem() : new BreakdownResult(principal.Vendor().Id, principal.Reader(), from, to, format);
    }

    /// <summary>Noted in the history of exports before its first byte. A failure half-way breaks the connection, so that no client takes a part for the whole.</summary>
    private sealed class BreakdownResult(int vendorId, ExportReader reader, DateOnly? from, DateOnly? to, BreakdownFormat format) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var breakdown = httpContext.RequestServices.GetRequiredService<DownloadBreakdown>();
            var response = httpContext.Response;
            response.ContentType = format == BreakdownFormat.Json ? "application/json" : "text/csv; charset=utf-8";
            response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = breakdown.FileName(format) }.ToString();
            if (HttpMethods.IsHead(httpContext.Request.Method))
                return;
            var filter = new PullFilter
            {
                FromUtc = from?.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), ToUtc = to?.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), Kinds = [KindNames.PullByTag, KindNames.PullByDigest],
            };
            var ct = httpContext.RequestAborted;
            try
            {
                await httpContext.RequestServices.GetRequiredService<ExportHistory>().NoteAsync(
                    vendorId, reader, filter, $"breakdown.{DownloadBreakdown.NameOf(format)}", tally => breakdown.WriteAsync(vendorId, from, to, format, response.Body, tally, ct), ct);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                httpContext.Abort();
            }
        }
    }
}
