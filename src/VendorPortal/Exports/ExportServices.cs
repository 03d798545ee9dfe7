namespace VendorPortal.Exports;

internal static class ExportServices
{
    public static IServiceCollection AddPortalExports(this IServiceCollection services)
    {
        services.AddSingleton<PullExport>();
        services.AddSingleton<ExportHistory>();
        services.AddSingleton<DownloadBreakdown>();
        return services;
    }
}
