namespace VendorPortal.Demo;

internal static class DemoServices
{
    public static IServiceCollection AddPortalDemo(this IServiceCollection services)
    {
        services.AddSingleton<SampleVendor>();
        return services;
    }
}
