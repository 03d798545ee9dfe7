using Microsoft.Extensions.DependencyInjection.Extensions;
using VendorPortal.Analytics;
using VendorPortal.Api;
using VendorPortal.Classification;
using VendorPortal.Components;
using VendorPortal.Demo;
using VendorPortal.Enrichment;
using VendorPortal.Feeds;
using VendorPortal.Import;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Security;
using VendorPortal.Storage;
using VendorPortal.Usage;

namespace VendorPortal.Hosting;

/// <summary>
/// The host: options, services, pipeline, maps, in this order. Tests build the same host through the configure seam.
/// </summary>
public static class PortalApplication
{
    /// <summary>Builds the web host; <paramref name="configure"/> runs before services are registered.</summary>
    /// <exception cref="PortalConfigurationException">The configuration is not usable; the message has a line for each error.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var app = BuildServices(args, configure);
        Map(app);
        return app;
    }

    /// <summary>As <see cref="Build"/>, without pipeline and maps: the services for a command, which starts none of them.</summary>
    /// <exception cref="PortalConfigurationException">The configuration is not usable; the message has a line for each error.</exception>
    internal static WebApplication BuildServices(string[] args, Action<WebApplicationBuilder>? configure)
    {
        // Settings lie beside the program, wherever it is started from; the data directory is relative to where one stands.
        // The name is what the list of static assets is found by, also where tests are the program that runs.
        var name = typeof(PortalApplication).Assembly.GetName().Name;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory, ApplicationName = name });
        builder.WebHost.UseStaticWebAssets(); // `dotnet run` without a launch profile is Production, where assets of a build are else empty
        configure?.Invoke(builder);
        var options = ReadOptions(builder.Configuration);
        builder.WebHost.UseUrls(options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        PrivateFolder.Create(options.DataDirectory);
        AddServices(builder.Services, options);
        return builder.Build();
    }

    internal static PortalOptions ReadOptions(IConfiguration configuration)
    {
        var options = new PortalOptions();
        configuration.GetSection(PortalOptions.Section).Bind(options);
        var errors = options.Validate();
        return errors.Count == 0 ? options : throw new PortalConfigurationException(errors);
    }

    private static void AddServices(IServiceCollection services, PortalOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System); // a test may have brought its own clock
        services.AddPortalStorage(options);
        services.AddPortalSegments();
        services.AddPortalClassification();
        services.AddPortalJournal(); // after the classification: services stop in reverse, and the journal hands over to it
        services.AddPortalEnrichment();
        services.AddPortalFeeds();
        services.AddPortalImport();
        services.AddPortalUsage();
        services.AddPortalDemo();
        services.AddPortalReports();
        services.AddPortalAnalytics();
        services.AddPortalApi();
        services.AddPortalSecurity(options);
        services.AddPortalComponents();
        services.AddPortalHealth();
        services.AddHostedService<MetricsExport>();
        services.AddHostedService<IngestMetrics>();
    }

    private static void Map(WebApplication app)
    {
        app.UsePortalSecurity();
        app.MapStaticAssets().AllowAnonymous();
        app.MapPortalSecurity();
        app.MapPortalFeeds();
        app.MapPortalImport();
        app.MapPortalDemo();
        app.MapPortalApi();
        app.MapPortalUsage();
        app.MapPortalComponents();
        app.MapPortalHealth();
    }
}

/// <summary>The configuration cannot be used; <see cref="Errors"/> says all that is wrong with it.</summary>
public sealed class PortalConfigurationException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
