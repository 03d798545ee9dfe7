namespace VendorPortal.Import;

/// <summary>Registrations of this folder.</summary>
public static class ImportServices
{
    public static IServiceCollection AddPortalImport(this IServiceCollection services) =>
        services.AddSingleton<RequestImport>().AddSingleton<ImportFiles>().AddSingleton<FileImport>().AddSingleton<ImportJobs>();

    public static void MapPortalImport(this WebApplication app) => app.MapImports();
}
