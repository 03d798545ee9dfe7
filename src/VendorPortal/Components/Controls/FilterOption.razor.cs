using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components.Controls;

/// <summary>A value that a <see cref="FilterPicker"/> offers. Of fifty of them a choice changes one, and only that is rendered and sent.</summary>
public sealed partial class FilterOption : ComponentBase
{
    private static readonly CultureInfo Numbers = CultureInfo.GetCultureInfo("en-US");

    private (string Id, string Value, string Label, long Count, bool IsOnly, bool IsOut, string? Tagged) shown;
    private bool changed;

    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter, EditorRequired]
    public required string Value { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>Pulls under the other filters.</summary>
    [Parameter]
    public long Count { get; set; }

    /// <summary>Kept by the filter.</summary>
    [Parameter]
    public bool IsOnly { get; set; }

    /// <summary>Left out by the filter.</summary>
    [Parameter]
    public bool IsOut { get; set; }

    [Parameter]
    public bool IsMono { get; set; }

    /// <summary>The tags that point at it, where it is a digest.</summary>
    [Parameter]
    public string? Tagged { get; set; }

    [Parameter]
    public EventCallback<string> OnInclude { get; set; }

    [Parameter]
    public EventCallback<string> OnExclude { get; set; }

    protected override void OnParametersSet()
    {
        var next = (Id, Value, Label, Count, IsOnly, IsOut, Tagged);
        (changed, shown) = (next != shown, next);
    }

    protected override bool ShouldRender() => changed;

    private Task IncludeAsync() => OnInclude.InvokeAsync(Value);

    private Task ExcludeAsync() => OnExclude.InvokeAsync(Value);
}
