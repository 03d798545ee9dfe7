using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>A value of a row to filter by; null is the day of the row. A version belongs to the artifact of its row.</summary>
public sealed record CellChoice(FilterDimension? Dimension, string Value, bool IsNot, PullItem Row);

/// <summary>What can be done with each cell of a row: keep only it, leave it out, copy it; of the date its day is kept, and what is no filter can be copied. A single quiet button a row.</summary>
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

    private IEnumerable<Cell> Cells =>
    [
        Of(FilterDimension.Customer, Row.Customer), Of(FilterDimension.User, Row.User), Of(FilterDimension.Address, Row.Address), Of(FilterDimension.Country, Row.Country),
        Of(FilterDimension.Host, Row.Host), Of(FilterDimension.NetworkType, Row.NetworkType), Of(FilterDimension.Artifact, Row.Artifact), Of(FilterDimension.Version, Row.Version),
        Of(FilterDimension.Kind, KindNames.Of(Row.Kind)), Of(FilterDimension.Client, Row.Client),
        new Cell("date", "Date", MemberClock.Iso(Row.AtUtc), MemberClock.Iso(Row.AtUtc), IsDate: true), .. ToCopy("digest", "Digest", Row.Digest), .. ToCopy("status", "Status", Row.Status?.ToString(CultureInfo.InvariantCulture)),
        .. ToCopy("requests", "Requests", Row.Requests.ToString(CultureInfo.InvariantCulture)),
    ];

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!place)
            return;
        place = false;
        await Script.InvokeVoidAsync("portal.placeMenu", menu, button);
    }

    private static Cell Of(FilterDimension dimension, string? value) => new(
        PullFilterUrl.ParameterOf(dimension), FilterWords.Label(dimension), value ?? PullFilter.None,
        dimension == FilterDimension.Version ? value! : FilterWords.Name(dimension, value ?? PullFilter.None), dimension);

    private static IEnumerable<Cell> ToCopy(string name, string label, string? value)
    {
        if (value is not null)
            yield return new Cell(name, label, value, value);
    }

    private void Toggle()
    {
        open = !open;
        place = open;
    }

    private void Close() => open = false;

    private Task ChooseAsync(FilterDimension? dimension, string value, bool isNot)
    {
        open = false;
        return OnCell.InvokeAsync(new CellChoice(dimension, value, isNot, Row));
    }

    // The name is the one of the cell's class in the row, by which the script finds the line of a right click.
    private sealed record Cell(string Name, string Label, string Value, string Text, FilterDimension? Dimension = null, bool IsDate = false);
}
