using VendorPortal.Feeds.Following;

namespace VendorPortal.Feeds;

internal static class FeedServices
{
    public static IServiceCollection AddPortalFeeds(this IServiceCollection services)
    {
        // Else a gzip that was cut off reads as if it ended there, and its last lines would be lost without a word.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        services.AddSingleton<FeedDirectory>();
        services.AddSingleton<FeedFormats>();
        services.AddSingleton<FollowedFeeds>();
        services.AddHostedService<FileFollower>(); // after the journal: services stop in reverse
        return services;
    }

    public static void MapPortalFeeds(this WebApplication app) => app.MapIngest();
}
