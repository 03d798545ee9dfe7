using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components.Controls;

/// <summary>Text to take away: a stanza, a command, a secret that is shown once.</summary>
public sealed partial class CopyBlock
{
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    /// <summary>What the text is, for screen readers.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }
}
