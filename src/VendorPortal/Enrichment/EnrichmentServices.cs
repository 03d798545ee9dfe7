using Microsoft.Extensions.DependencyInjection.Extensions;
using VendorPortal.Classification;

namespace VendorPortal.Enrichment;

internal static class EnrichmentServices
{
    public static IServiceCollection AddPortalEnrichment(this IServiceCollection services)
    {
        services.TryAddSingleton<PullNotifications>();
        services.AddSingleton<CustomerDirectory>();
        services.AddSingleton<CustomerCsvImport>();
        services.AddSingleton<CustomerReader>();
        services.AddSingleton<PastPulls>();
        services.AddHostedService(provider => provider.GetRequiredService<PastPulls>());
        return services;
    }
}
