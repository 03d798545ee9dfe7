namespace VendorPortal.Usage;

internal static class UsageServices
{
    public static IServiceCollection AddPortalUsage(this IServiceCollection services)
    {
        services.AddSingleton<UsageIntake>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageIntake>());
        services.AddSingleton<UsageErasure>();
        services.AddSingleton<UsageRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageRetention>());
        services.AddSingleton<UsageRebuild>();
        services.AddSingleton<UsageReader>();
        services.AddSingleton<ProductMembers>();
        services.AddSingleton<UserExport>();
        return services;
    }

    public static void MapPortalUsage(this WebApplication app)
    {
        app.MapUsageIntake();
        app.MapUsage();
        app.MapMembers();
    }
}
