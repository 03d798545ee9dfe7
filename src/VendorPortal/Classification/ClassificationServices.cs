namespace VendorPortal.Classification;

internal static class ClassificationServices
{
    public static IServiceCollection AddPortalClassification(this IServiceCollection services)
    {
        services.AddSingleton<PullNotifications>();
        services.AddSingleton<Reclassifier>();
        services.AddSingleton<ClassificationService>();
        services.AddHostedService(provider => provider.GetRequiredService<ClassificationService>());
        return services;
    }
}
