using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using VendorPortal.Exports;
using VendorPortal.Reports;
using VendorPortal.Security;

namespace VendorPortal.Api;

/// <summary><c>/api/v1/artifact-pulls</c>: the log of the Downloads page for scripts, through the same filter.</summary>
internal static class ArtifactPullEndpoints
{
    private const int DefaultPage = 50;
    private const int DefaultOptions = 100;

    public static void MapArtifactPulls(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/artifact-pulls")
            .WithTags("Artifact pulls")
            .RequireAuthorization()
            .AddEndpointFilter(ApiFilters.NoStore)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet("", ListAsync).WithName("ListArtifactPulls").WithFilterParameters(ParameterDocs.Limit(DefaultPage), ParameterDocs.Cursor)
            .WithSummary("Pulls, newest first, a page at a time.")
            .WithDescription("Each pull is found exactly once on the way through the pages, also while new ones arrive.");
        group.MapGet("/count", CountAsync).WithName("CountArtifactPulls").WithFilterParameters()
            .WithSummary("The number of pulls a filter keeps, by kind, and of different addresses.");
        group.MapGet("/filter-options", OptionsAsync).WithName("ListFilterOptions").WithFilterParameters(ParameterDocs.Limit(DefaultOptions), ParameterDocs.Search)
            .WithSummary("The values each filter can take, with the pulls each has under all other filters.");
        group.MapGet("/filter-options/versions", VersionsAsync).WithName("ListVersionOptions").WithFilterParameters(ParameterDocs.Limit(DefaultOptions), ParameterDocs.Search)
            .WithSummary("Tags and digests of the given artifacts, newest version first.")
            .WithDescription("At least one artifact is required.");
        group.MapGet("/export", Export).WithName("ExportArtifactPulls").WithFilterParameters(ParameterDocs.Format, ParameterDocs.Columns, ParameterDocs.Raw, ParameterDocs.Gzip)
            .Produces<string>(StatusCodes.Status200OK, "text/csv", "application/x-ndjson", "application/json", "application/gzip")
            .WithSummary("Every pull a filter keeps as a file, streamed and never capped.")
            .WithDescription("CSV of RFC 4180 with CRLF line ends. Text cells that begin with = + - @, TAB or CR get a leading apostrophe unless raw=true.");
        group.MapGet("/{id}", ReadAsync).WithName("GetArtifactPull").ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("One pull with the registry requests behind it and why they are one pull.");
    }

    private static async Task<Results<Ok<PullListBody>, ValidationProblem>> ListAsync(HttpRequest request, ClaimsPrincipal principal, PullReader reader, CancellationToken ct)
    {
        var vendor = principal.Vendor();
        var query = new ApiQuery(request.Query);
        var (filter, limit, cursor) = (query.Filter(), query.Limit(DefaultPage), query.Cursor(vendor.Id));
        if (query.HasErrors)
            return query.Problem();
        var page = await reader.ReadPageAsync(vendor.Id, filter, cursor, limit, ct);
        return TypedResults.Ok(new PullListBody([.. page.Items.Select(PullRecord.Of)], page.Next is { } next ? PullCursor.Format(vendor.Id, next) : null));
    }

    private static async Task<Results<Ok<PullCountBody>, ValidationProblem>> CountAsync(HttpRequest request, ClaimsPrincipal principal, PullReader reader, CancellationToken ct)
    {
        var vendor = principal.Vendor();
        var query = new ApiQuery(request.Query);
        var filter = query.Filter();
        if (query.HasErrors)
            return query.Problem();
        var count = await reader.CountAsync(vendor.Id, filter, ct);
        return TypedResults.Ok(new PullCountBody(count.Count, count.UniqueAddresses, KindCounts.Of(count)));
    }

    private static async Task<Results<Ok<FilterOptionsBody>, ValidationProblem>> OptionsAsync(HttpRequest request, ClaimsPrincipal principal, FilterOptionsReader reader, CancellationToken ct)
    {
        var vendor = principal.Vendor();
        var query = new ApiQuery(request.Query);
        var (filter, limit, search) = (query.Filter(), query.Limit(DefaultOptions), query.Text("search"));
        if (query.HasErrors)
            return query.Problem();
        return TypedResults.Ok(FilterOptionsBody.Of(await reader.ReadAsync(vendor.Id, filter, FilterOptionsBody.Dimensions, search, limit, ct)));
    }

    private static async Task<Results<Ok<FilterOptionList>, ValidationProblem>> VersionsAsync(HttpRequest request, ClaimsPrincipal principal, FilterOptionsReader reader, CancellationToken ct)
    {
        var vendor = principal.Vendor();
        var query = new ApiQuery(request.Query);
        var (filter, limit, search) = (query.Filter(), query.Limit(DefaultOptions), query.Text("search"));
        if (!query.HasErrors && filter.Artifacts.Count == 0)
            query.Refuse(new FilterError("artifact", "artifact is missing. Accepted: the name of an artifact such as acme/app, once or more."));
        if (query.HasErrors)
            return query.Problem();
        return TypedResults.Ok(await reader.ReadAsync(vendor.Id, filter, FilterDimension.Version, search, limit, ct));
    }

    private static Results<PullExportResult, ValidationProblem> Export(HttpRequest request, ClaimsPrincipal principal)
    {
        var vendor = principal.Vendor();
        var query = new ApiQuery(request.Query);
        var filter = query.Filter();
        var options = query.Export();
        return query.HasErrors ? query.Problem() : new PullExportResult(vendor.Id, principal.Reader(), filter, options);
    }

    private static async Task<Results<Ok<PullDetailBody>, ProblemHttpResult>> ReadAsync(string id, ClaimsPrincipal principal, PullDetailReader reader, CancellationToken ct)
    {
        var vendor = principal.Vendor();
        if (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && await reader.ReadAsync(vendor.Id, number, ct) is { } detail)
            return TypedResults.Ok(new PullDetailBody(detail));
        return TypedResults.Problem(
            "There is no pull with this id. Accepted: the id of an item of /api/v1/artifact-pulls.", statusCode: StatusCodes.Status404NotFound, title: "No such pull.");
    }
}
