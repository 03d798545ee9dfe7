namespace VendorPortal.Analytics;

internal static class AnalyticsServices
{
    public static IServiceCollection AddPortalAnalytics(this IServiceCollection services)
    {
        services.AddSingleton<ReportCalendar>();
        services.AddSingleton<ReportFiles>();
        services.AddSingleton<PublisherSeries>();
        services.AddHostedService<ReportKeeper>();
        return services;
    }
}
