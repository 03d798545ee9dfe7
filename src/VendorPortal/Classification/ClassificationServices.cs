namespace VendorPortal.Classification;

internal static class ClassificationServices
{
    public static IServiceCollection AddPortalClassification(this IServiceCollection services) => services;

}
