using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>A value of a row to filter by; <paramref name="Artifact"/> is the row's, which a version belongs to.</summary>
public sealed record CellChoice(FilterDimension Dimension, string Value, bool IsNot, string Artifact);

/// <summary>What can be done with each cell of a row: keep only it, leave it out, copy it. A single quiet button a row.</summary>
public sealed partial class CellMenu : ComponentBase
{
    private ElementReference button;
    private ElementReference menu;
    private bool open;
    private bool place;

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Parameter, EditorRequired]
    public required PullItem Row { get; set; }

    [Parameter]
    public EventCallback<CellChoice> OnCell { get; set; }

    private IEnumerable<Cell> Cells => new[]
    {
        Of(FilterDimension.Customer, Row.Customer), Of(FilterDimension.User, Row.User), Of(FilterDimension.Address, Row.Address), Of(FilterDimension.Country, Row.Country),
        Of(FilterDimension.Artifact, Row.Artifact), Of(FilterDimension.Version, Row.Version), Of(FilterDimension.Kind, KindNames.Of(Row.Kind)), Of(FilterDimension.Client, Row.Client),
    };

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!place)
            return;
        place = false;
        await Script.InvokeVoidAsync("portal.placeMenu", menu, button);
    }

    private static Cell Of(FilterDimension dimension, string? value) =>
        new(dimension, value ?? PullFilter.None, dimension == FilterDimension.Version ? value! : FilterWords.Name(dimension, value ?? PullFilter.None));

    private void Toggle()
    {
        open = !open;
        place = open;
    }

    private void Close() => open = false;

    private Task ChooseAsync(Cell cell, bool isNot)
    {
        open = false;
        return OnCell.InvokeAsync(new CellChoice(cell.Dimension, cell.Value, isNot, Row.Artifact));
    }

    private sealed record Cell(FilterDimension Dimension, string Value, string Text);
}
