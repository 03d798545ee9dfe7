using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components.Controls;

/// <summary>Whether new pulls announce themselves, and when the list was last compared with the log.</summary>
public sealed partial class LiveState : ComponentBase
{
    [Parameter, EditorRequired]
    public required bool Paused { get; set; }

    [Parameter, EditorRequired]
    public required DateTime UpdatedUtc { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    [Parameter]
    public EventCallback OnToggle { get; set; }
}
