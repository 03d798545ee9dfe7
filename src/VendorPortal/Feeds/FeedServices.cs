namespace VendorPortal.Feeds;

internal static class FeedServices
{
    public static IServiceCollection AddPortalFeeds(this IServiceCollection services)
    {
        services.AddSingleton<FeedDirectory>();
        services.AddSingleton<FeedFormats>();
        return services;
    }

    public static void MapPortalFeeds(this WebApplication app) => app.MapIngest();
}
