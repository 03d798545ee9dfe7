using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components.Controls;

/// <summary>The page's name, in the frame's top row and in the browser's tab, with room for the page's own actions.</summary>
public sealed partial class PageHeader
{
    /// <summary>The section of the frame this goes to.</summary>
    public const string Section = "page-header";

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>Buttons of the whole page; at most one primary.</summary>
    [Parameter]
    public RenderFragment? Actions { get; set; }
}
