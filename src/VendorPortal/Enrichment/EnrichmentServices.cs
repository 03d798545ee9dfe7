namespace VendorPortal.Enrichment;

internal static class EnrichmentServices
{
    public static IServiceCollection AddPortalEnrichment(this IServiceCollection services) => services;

}
