namespace VendorPortal.Components;

internal static class ComponentServices
{
    public static IServiceCollection AddPortalComponents(this IServiceCollection services) => services;

    public static void MapPortalComponents(this WebApplication app)
    {
    }
}
