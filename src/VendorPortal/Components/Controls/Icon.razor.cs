using System.Collections.Frozen;
using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components.Controls;

/// <summary>
/// One of the portal's own icons, 16 px, drawn in the text's colour. Silent to screen readers unless it has a <see cref="Label"/>.
/// </summary>
public sealed partial class Icon
{
    // Strokes of 1.6 with round ends on a grid of 16; set in portal.css.
    private static readonly FrozenDictionary<string, MarkupString> Shapes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["download"] = "<path d='M8 2.2v7.3M4.9 6.6 8 9.7l3.1-3.1M2.8 13.2h10.4'/>",
        ["upload"] = "<path d='M8 9.8V2.5M4.9 5.4 8 2.3l3.1 3.1M2.8 13.2h10.4'/>",
        ["hash"] = "<path d='M6.4 2.4 5 13.6M11 2.4 9.6 13.6M2.8 5.8h11M2.2 10.2h11'/>",
        ["check"] = "<path d='m3 8.6 3.3 3.3L13 4.6'/>",
        ["x"] = "<path d='m3.8 3.8 8.4 8.4M12.2 3.8l-8.4 8.4'/>",
        ["chart"] = "<path d='M2.4 13.4h11.2M4.4 10.8V7.2M8 10.8V2.8M11.6 10.8V5.6'/>",
        ["trend"] = "<path d='m2.2 11.6 3.9-4.2 2.7 2.4 5-5.6M10.4 4.2h3.4v3.4'/>",
        ["box"] = "<path d='M8 1.9 13.4 5v6L8 14.1 2.6 11V5zM2.8 5.1 8 8.1l5.2-3M8 8.1v5.8'/>",
        ["person"] = "<circle cx='8' cy='5.1' r='2.7'/><path d='M2.8 13.7c.5-2.8 2.5-4.3 5.2-4.3s4.7 1.5 5.2 4.3'/>",
        ["monitor"] = "<rect x='1.9' y='2.6' width='12.2' height='8.4' rx='1.4'/><path d='M8 11v2.8M5.2 13.8h5.6'/>",
        ["feed"] = "<path d='M2.8 2.9c5.7 0 10.3 4.6 10.3 10.3M2.8 7.2c3.4 0 6 2.6 6 6'/><circle class='dot' cx='3.7' cy='12.4' r='1.2'/>",
        ["gear"] = "<path d='M2.2 4.8h6.2M12.4 4.8h1.4M2.2 11.2h1.4M7.6 11.2h6.2'/><circle cx='10.4' cy='4.8' r='2'/><circle cx='5.6' cy='11.2' r='2'/>",
        ["search"] = "<circle cx='7' cy='7' r='4.4'/><path d='m10.4 10.4 3.4 3.4'/>",
        ["chevron-down"] = "<path d='m4 6.2 4 4 4-4'/>",
        ["chevron-up"] = "<path d='m4 9.8 4-4 4 4'/>",
        ["chevron-left"] = "<path d='m9.8 4-4 4 4 4'/>",
        ["chevron-right"] = "<path d='m6.2 4 4 4-4 4'/>",
        ["copy"] = "<rect x='5.4' y='5.4' width='8.2' height='8.2' rx='1.5'/><path d='M3.4 10.6h-.3c-.4 0-.7-.3-.7-.7V3.4c0-.6.4-1 1-1h6.5c.4 0 .7.3.7.7v.3'/>",
        ["calendar"] = "<rect x='2.3' y='3.2' width='11.4' height='10.5' rx='1.5'/><path d='M2.5 6.6h11M5.4 1.7v2.9M10.6 1.7v2.9'/>",
        ["filter"] = "<path d='M2.2 3.8h11.6M4.4 8h7.2M6.6 12.2h2.8'/>",
        ["plus"] = "<path d='M8 3v10M3 8h10'/>",
        ["more"] = "<circle class='dot' cx='3.2' cy='8' r='1.2'/><circle class='dot' cx='8' cy='8' r='1.2'/><circle class='dot' cx='12.8' cy='8' r='1.2'/>",
        ["sun"] = "<circle cx='8' cy='8' r='2.9'/><path d='M8 1.3v1.4M8 13.3v1.4M1.3 8h1.4M13.3 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M12.7 3.3l-1 1M4.3 11.7l-1 1'/>",
        ["moon"] = "<path d='M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z'/>",
        ["info"] = "<circle cx='8' cy='8' r='6'/><path d='M8 7.4v3.6'/><circle class='dot' cx='8' cy='5' r='.9'/>",
        ["warning"] = "<path d='M8 2.3 14.2 13H1.8zM8 6.4v3'/><circle class='dot' cx='8' cy='11.2' r='.8'/>",
        ["link"] = "<path d='M6.7 9.3a2.7 2.7 0 0 0 3.9 0l2.2-2.2a2.7 2.7 0 0 0-3.9-3.9l-.9.9M9.3 6.7a2.7 2.7 0 0 0-3.9 0L3.2 8.9a2.7 2.7 0 0 0 3.9 3.9l.9-.9'/>",
        ["trash"] = "<path d='M2.6 4.2h10.8M6.2 4V2.5h3.6V4M4.1 4.4l.6 9.1h6.6l.6-9.1M6.7 7v4M9.3 7v4'/>",
        ["keyboard"] = "<rect x='1.6' y='4' width='12.8' height='8.4' rx='1.4'/><path d='M4.2 6.9h.1M6.7 6.9h.1M9.2 6.9h.1M11.7 6.9h.1M5 9.7h6'/>",
        ["pause"] = "<path d='M5.6 3.6v8.8M10.4 3.6v8.8'/>",
        ["play"] = "<path d='M5 3.2 12.4 8 5 12.8z'/>",
        ["external"] = "<path d='M9.4 2.6h4v4M13.2 2.8 7.6 8.4M6.4 3.4H3.6c-.6 0-1 .4-1 1v8c0 .6.4 1 1 1h8c.6 0 1-.4 1-1V9.6'/>",
    }.ToFrozenDictionary(pair => pair.Key, pair => (MarkupString)pair.Value, StringComparer.Ordinal);

    private MarkupString shape;

    /// <summary>The names there are.</summary>
    public static IEnumerable<string> Names => Shapes.Keys;

    /// <summary>download, hash, check, x, chart, trend, box, person, monitor, feed, gear, search, chevron-down …</summary>
    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>What the icon says where no word stands beside it.</summary>
    [Parameter]
    public string? Label { get; set; }

    [Parameter]
    public string? Class { get; set; }

    protected override void OnParametersSet() =>
        shape = Shapes.TryGetValue(Name, out var found) ? found : throw new InvalidOperationException($"There is no icon '{Name}'.");
}
