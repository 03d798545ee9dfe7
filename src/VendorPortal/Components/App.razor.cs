using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components;
using VendorPortal.Security;
using static Microsoft.AspNetCore.Components.Web.RenderMode;

namespace VendorPortal.Components;

/// <summary>The document around every page. Static: it alone sees the request, and hands on what a circuit needs of it.</summary>
public sealed partial class App
{
    private IReadOnlyDictionary<string, object> nonce = new Dictionary<string, object>(StringComparer.Ordinal);
    private string theme = "system";
    private string? zone;
    private string? chosenZone;
    private string? list;

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    // Pages that change the sign-in cookie are plain pages without a circuit.
    private IComponentRenderMode? Mode => HttpContext.AcceptsInteractiveRouting() ? InteractiveServer : null;

    protected override void OnInitialized()
    {
        nonce = new Dictionary<string, object>(StringComparer.Ordinal) { ["nonce"] = SecurityHeaders.Nonce(HttpContext) };
        theme = HttpContext.Request.Cookies["theme"] is "light" or "dark" ? HttpContext.Request.Cookies["theme"]! : "system";
        zone = HttpContext.Request.Cookies["tz"];
        chosenZone = HttpContext.Request.Cookies["zone"];
        list = HttpContext.Request.Cookies["list"];
    }
}
