using Microsoft.Extensions.DependencyInjection.Extensions;
using VendorPortal.Classification;
using VendorPortal.Enrichment.Networks;

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
        services.AddSingleton<NetworkLookup>();
        services.AddSingleton<NetworkFolder>();
        services.AddHostedService(provider => provider.GetRequiredService<NetworkFolder>());
        services.AddSingleton<AddressNetworks>();
        services.AddHostedService(provider => provider.GetRequiredService<AddressNetworks>());
        return services;
    }
}
