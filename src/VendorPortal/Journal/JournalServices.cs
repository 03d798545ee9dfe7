using VendorPortal.Hosting;

namespace VendorPortal.Journal;

internal static class JournalServices
{
    public static IServiceCollection AddPortalJournal(this IServiceCollection services)
    {
        services.AddSingleton<PortalMetrics>();
        services.AddSingleton<RequestJournal>();
        services.AddHostedService(provider => provider.GetRequiredService<RequestJournal>());
        services.AddSingleton<JournalRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<JournalRetention>());
        return services;
    }
}
