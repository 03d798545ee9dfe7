using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components;

/// <summary>The root of what a circuit renders.</summary>
public sealed partial class Routes
{
    private ViewerZone viewer = ViewerZone.Utc;
    private ListSettingsMemory memory = new(ListSettings.Default);

    /// <summary>The browser's time zone, as the request's cookie named it; not trusted.</summary>
    [Parameter]
    public string? Zone { get; set; }

    /// <summary>The time zone the person has chosen in its place, from a cookie too.</summary>
    [Parameter]
    public string? ChosenZone { get; set; }

    /// <summary>How the person wants the list of pulls to look, from a cookie too.</summary>
    [Parameter]
    public string? List { get; set; }

    protected override void OnInitialized()
    {
        viewer = ViewerZone.Of(Zone, ChosenZone);
        memory = new ListSettingsMemory(ListSettings.Parse(List));
    }
}
