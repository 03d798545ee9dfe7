using VendorPortal.Hosting;

namespace VendorPortal.Security;

internal static class SecurityServices
{
    public static IServiceCollection AddPortalSecurity(this IServiceCollection services, PortalOptions options) => services;

    /// <summary>Middleware in its order: headers, authentication, authorization, anti-forgery, rate limits.</summary>
    public static void UsePortalSecurity(this WebApplication app)
    {
    }

    public static void MapPortalSecurity(this WebApplication app)
    {
    }
}
