using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components.Controls;

/// <summary>A moment in the viewer's zone, shorter the nearer it is; UTC on hover. A faint dash, with the reason, where there is none.</summary>
public sealed partial class TimeText
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    [Parameter, EditorRequired]
    public DateTime? Utc { get; set; }

    /// <summary>What is said where there is no time.</summary>
    [Parameter, EditorRequired]
    public required string Missing { get; set; }

    [CascadingParameter]
    public ViewerZone Viewer { get; set; } = ViewerZone.Utc;

    [Inject]
    public required TimeProvider Time { get; init; }

    private string Short(DateTime utc)
    {
        var local = Viewer.Local(utc);
        var today = Viewer.Local(Time.GetUtcNow().UtcDateTime).Date;
        return local.Date == today ? local.ToString("'today' HH:mm", English)
            : local.Year == today.Year ? local.ToString("MMM d, HH:mm", English)
            : local.ToString("MMM d, yyyy", English);
    }
}
