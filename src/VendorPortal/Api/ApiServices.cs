using VendorPortal.Exports;

namespace VendorPortal.Api;

internal static class ApiServices
{
    public static IServiceCollection AddPortalApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddPortalExports();
        services.AddApiDocument();
        return services;
    }

    public static void MapPortalApi(this WebApplication app)
    {
        app.MapArtifactPulls();
        app.MapIngestHealth();
        app.MapDownloadBreakdown();
        app.MapPublisherLogin();
        app.MapPublisherSeries();
        app.MapPublisherFiles();
        app.MapOpenApi().RequireAuthorization();
        // Scripts that mistype a route get a problem document, not a page.
        app.MapFallback("/api/{**route}", NotFound).RequireAuthorization().ExcludeFromDescription();
    }

    private static IResult NotFound() =>
        TypedResults.Problem("There is no such route. /openapi/v1.json lists all.", statusCode: StatusCodes.Status404NotFound, title: "No such route.");
}
