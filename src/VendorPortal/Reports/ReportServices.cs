using VendorPortal.Reports.Insights;
using VendorPortal.Reports.Overview;

namespace VendorPortal.Reports;

internal static class ReportServices
{
    public static IServiceCollection AddPortalReports(this IServiceCollection services)
    {
        services.AddSingleton<PullReader>();
        services.AddSingleton<PullDetailReader>();
        services.AddSingleton<PullSurroundingsReader>();
        services.AddSingleton<FilterOptionsReader>();
        services.AddSingleton<TagDigestReader>();
        services.AddSingleton<TrendReader>();
        services.AddSingleton<SummaryReader>();
        services.AddSingleton<InsightsReader>();
        services.AddSingleton<BreakdownReader>();
        services.AddSingleton<SummaryTableReader>();
        services.AddSingleton<AdoptionReader>();
        services.AddSingleton<TimelineMarks>();
        services.AddSingleton<OverviewReader>();
        services.AddSingleton<ActivityReader>();
        services.AddSingleton<ArtifactCatalog>();
        services.AddSingleton<IngestHealthReader>();
        services.AddSingleton<SavedViews>();
        return services;
    }
}
