using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components;

/// <summary>The root of what a circuit renders.</summary>
public sealed partial class Routes
{
    private ViewerZone viewer = ViewerZone.Utc;

    /// <summary>The browser's time zone, as the request's cookie named it; not trusted.</summary>
    [Parameter]
    public string? Zone { get; set; }

    protected override void OnInitialized() => viewer = ViewerZone.Of(Zone);
}
