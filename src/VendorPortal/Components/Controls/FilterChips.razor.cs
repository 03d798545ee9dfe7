using Microsoft.AspNetCore.Components;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>What is filtered; each opens its control, and has a button that takes it away.</summary>
public sealed partial class FilterChips : ComponentBase
{
    private ElementReference list;

    [Parameter, EditorRequired]
    public required PullFilter Filter { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    /// <summary>The name the range was chosen by.</summary>
    [Parameter]
    public Period? Period { get; set; }

    [Parameter]
    public EventCallback<PullFilter> OnChange { get; set; }

    /// <summary>A chip was clicked: its dimension, null for the text.</summary>
    [Parameter]
    public EventCallback<FilterDimension?> OnEdit { get; set; }

    /// <summary>The chip of the dates was clicked.</summary>
    [Parameter]
    public EventCallback OnEditDates { get; set; }

    // The pressed button goes away with its chip; without this the focus would fall to the top of the page.
    private async Task RemoveAsync(PullFilter without)
    {
        await OnChange.InvokeAsync(without);
        await list.FocusAsync(preventScroll: true);
    }
}
