using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using VendorPortal.Storage;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Hosting;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: what it needs answers too.</summary>
internal static class HealthEndpoints
{
    public static IServiceCollection AddPortalHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<StoreCheck>("store");
        return services;
    }

    public static void MapPortalHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    // Anybody may know whether the portal is up; what it runs on is for those who are signed in.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var status = report.Status.ToString().ToLowerInvariant();
        return context.User.Identity?.IsAuthenticated == true
            ? context.Response.WriteAsJsonAsync(new { status, checks = report.Entries.ToDictionary(e => e.Key, e => Detail(e.Value)) }, context.RequestAborted)
            : context.Response.WriteAsJsonAsync(new { status }, context.RequestAborted);
    }

    private static object Detail(HealthReportEntry entry) =>
        new { status = entry.Status.ToString().ToLowerInvariant(), description = entry.Description, data = entry.Data };

    private sealed class StoreCheck(PortalDbContextFactory contexts) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["library"] = SqliteNativeLibrary.Description };
            await using var store = contexts.ForInstallation();
            return await store.Database.CanConnectAsync(cancellationToken)
                ? HealthCheckResult.Healthy("The store answers.", data)
                : HealthCheckResult.Unhealthy("The store does not answer.", data: data);
        }
    }
}
