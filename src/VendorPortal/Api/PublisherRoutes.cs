using VendorPortal.Analytics;

namespace VendorPortal.Api;

/// <summary>What the routes of the publisher analytics API have in common.</summary>
internal static class PublisherRoutes
{
    public static RouteGroupBuilder MapPublisherGroup(this IEndpointRouteBuilder routes) => routes.MapGroup(ReportPaths.Api)
        .WithTags("Publisher analytics")
        .RequireAuthorization()
        .AddEndpointFilter(ApiFilters.NoStore)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);

    /// <summary>For what does not exist and what belongs to others: one answer.</summary>
    public static IResult NotFound() => TypedResults.Problem(
        "There is no such namespace, repository or report, or you may not see it.", statusCode: StatusCodes.Status404NotFound, title: "Not found.");
}
