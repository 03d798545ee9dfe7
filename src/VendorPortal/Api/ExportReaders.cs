using System.Security.Claims;
using VendorPortal.Exports;
using VendorPortal.Security;

namespace VendorPortal.Api;

internal static class ExportReaders
{
    /// <summary>Who takes an export: the token by its name, else the member by the e-mail address.</summary>
    public static ExportReader Reader(this ClaimsPrincipal principal) =>
        new(principal.FindMemberId(), principal.FindTokenId(), (principal.FindTokenId() is null ? principal.FindFirstValue(ClaimTypes.Email) : null) ?? principal.Identity?.Name ?? "");
}
