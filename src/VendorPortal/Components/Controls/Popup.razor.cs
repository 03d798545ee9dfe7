using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace VendorPortal.Components.Controls;

/// <summary>A button with a panel that a click outside or Escape closes; Escape gives the focus back to the button.</summary>
public sealed partial class Popup : ComponentBase
{
    private ElementReference button;

    /// <summary>What the panel is, for assistive technology.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>The words on the button.</summary>
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    [Parameter, EditorRequired]
    public required string PanelId { get; set; }

    /// <summary>How many values are chosen; 0 shows none.</summary>
    [Parameter]
    public int Count { get; set; }

    [Parameter]
    public string? Title { get; set; }

    /// <summary>True where the control narrows the list: the button is drawn solid.</summary>
    [Parameter]
    public bool Active { get; set; }

    /// <summary>Draws a plus while nothing is chosen.</summary>
    [Parameter]
    public bool AddSign { get; set; }

    /// <summary><c>dialog</c> or <c>listbox</c>.</summary>
    [Parameter]
    public string HasPopup { get; set; } = "dialog";

    /// <summary>False where the page's script handles the keys, so that typing does not send every key to the server.</summary>
    [Parameter]
    public bool HandlesEscape { get; set; } = true;

    [Parameter]
    public bool IsOpen { get; set; }

    [Parameter]
    public EventCallback<bool> IsOpenChanged { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>Closes the panel and puts the focus on the button.</summary>
    public async Task CloseAndFocusAsync()
    {
        await CloseAsync();
        await FocusAsync();
    }

    /// <summary>Puts the focus on the button.</summary>
    public ValueTask FocusAsync() => button.FocusAsync();

    private Task ToggleAsync() => IsOpenChanged.InvokeAsync(!IsOpen);

    private Task CloseAsync() => IsOpenChanged.InvokeAsync(false);

    private Task OnKeyDownAsync(KeyboardEventArgs e) => IsOpen && e.Key == "Escape" ? CloseAndFocusAsync() : Task.CompletedTask;
}
