namespace VendorPortal.Api;

internal static class ApiServices
{
    public static IServiceCollection AddPortalApi(this IServiceCollection services) => services;

    public static void MapPortalApi(this WebApplication app)
    {
    }
}
