namespace VendorPortal.Reports;

internal static class ReportServices
{
    public static IServiceCollection AddPortalReports(this IServiceCollection services) => services;

}
