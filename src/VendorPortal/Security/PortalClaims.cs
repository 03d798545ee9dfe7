using System.Globalization;
using System.Security.Claims;

namespace VendorPortal.Security;

/// <summary>The vendor of the verified sign-in or token.</summary>
public sealed record CurrentVendor(int Id, string Slug, string Name);

/// <summary>Claims of a signed-in member or an API token.</summary>
public static class PortalClaims
{
    public const string VendorId = "portal:vendor";
    public const string VendorSlug = "portal:vendor-slug";
    public const string VendorName = "portal:vendor-name";
    public const string Role = "portal:role";

    /// <summary>The vendor of a telemetry token. It stands in place of <see cref="VendorId"/>, so that the token opens nothing that asks for a vendor.</summary>
    public const string TelemetryVendorId = "portal:telemetry";

    /// <summary>The policy of what only tokens of kind telemetry open.</summary>
    public const string TelemetryPolicy = "telemetry";

    /// <summary>The policy of what a program may change: by token, never by the session of a browser, which other sites might ride.</summary>
    public const string TokenPolicy = "token";

    /// <summary>The policy of what only owners of the vendor may do.</summary>
    public const string OwnerPolicy = "owner";

    /// <summary>The vendor a principal acts for.</summary>
    /// <exception cref="InvalidOperationException">The principal is not signed in, or belongs to no vendor.</exception>
    public static CurrentVendor Vendor(this ClaimsPrincipal principal) =>
        principal.FindVendor() ?? throw new InvalidOperationException("The principal carries no vendor.");

    /// <summary>The vendor a telemetry token sends events for.</summary>
    /// <exception cref="InvalidOperationException">The principal is no telemetry token.</exception>
    public static int TelemetryVendor(this ClaimsPrincipal principal) =>
        int.TryParse(principal.FindFirstValue(TelemetryVendorId), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new InvalidOperationException("The principal is no telemetry token.");

    public static CurrentVendor? FindVendor(this ClaimsPrincipal principal) =>
        principal.Identity?.IsAuthenticated == true
        && int.TryParse(principal.FindFirstValue(VendorId), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new CurrentVendor(id, principal.FindFirstValue(VendorSlug) ?? "", principal.FindFirstValue(VendorName) ?? "")
            : null;
}
