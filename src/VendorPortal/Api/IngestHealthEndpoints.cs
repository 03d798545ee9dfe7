using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using VendorPortal.Reports;
using VendorPortal.Security;

namespace VendorPortal.Api;

/// <summary><c>/api/v1/ingest-health</c>: whether what the vendor's feeds report arrives and is counted.</summary>
internal static class IngestHealthEndpoints
{
    public static void MapIngestHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/ingest-health", ReadAsync)
            .WithTags("Ingestion")
            .RequireAuthorization()
            .AddEndpointFilter(ApiFilters.NoStore) // samples are nobody else's business
            .WithName("GetIngestHealth")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .WithSummary("Whether what the feeds report arrives and is counted.")
            .WithDescription("Per feed: last event, lag, accepted, duplicate and rejected events, reasons with samples, gaps; queue, backlog and watermark of the classification.");

    private static async Task<Ok<IngestHealthBody>> ReadAsync(ClaimsPrincipal principal, [FromServices] IngestHealthReader reader, CancellationToken ct)
    {
        var health = await reader.ReadAsync(principal.Vendor().Id, ct);
        return TypedResults.Ok(IngestHealthBody.Of(health));
    }
}
