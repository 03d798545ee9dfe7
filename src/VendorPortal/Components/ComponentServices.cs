using Radzen;
using VendorPortal.Components.Controls;

namespace VendorPortal.Components;

internal static class ComponentServices
{
    public static IServiceCollection AddPortalComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(options => options.MaximumReceiveMessageSize = Carried.MaxMessage);
        services.AddCascadingAuthenticationState();
        services.AddRadzenComponents();
        return services;
    }

    public static void MapPortalComponents(this WebApplication app)
    {
        app.MapGet("/", () => Results.LocalRedirect("/overview")).ExcludeFromDescription();

        // The frame's ancestors are named in the portal's own policy.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
