namespace VendorPortal.Demo;

internal static class DemoServices
{
    public static IServiceCollection AddPortalDemo(this IServiceCollection services)
    {
        services.AddSingleton<SampleVendor>();
        return services;
    }

    public static void MapPortalDemo(this WebApplication app) => app.MapDemo();
}
