using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace VendorPortal.Components.Controls;

/// <summary>How the list looks, remembered by the browser: columns, density, times, rows a batch; and the time zone of all pages.</summary>
public sealed partial class ViewMenu : ComponentBase
{
    private static readonly Lazy<IReadOnlyList<string>> Known = new(() =>
        ["UTC", .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(IsPlace).Order(StringComparer.Ordinal)]);

    private readonly Dictionary<ListColumns, ElementReference> boxes = [];
    private readonly Dictionary<ListColumns, ElementReference> ups = [];
    private readonly Dictionary<ListColumns, ElementReference> downs = [];
    private (ListColumns Column, Dictionary<ListColumns, ElementReference> Elements)? takeFocus;
    private string? moved;
    private bool open;

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public ViewerZone Viewer { get; set; } = ViewerZone.Utc;

    [Parameter, EditorRequired]
    public required ListSettings Settings { get; set; }

    [Parameter]
    public EventCallback<ListSettings> OnChange { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (takeFocus is not var (column, elements))
            return;
        takeFocus = null;
        await elements[column].FocusAsync();
    }

    // The zone in use is offered even where it is none of the usual names.
    private IEnumerable<string> Zones => Viewer.IsChosen && !Known.Value.Contains(Viewer.Name) ? Known.Value.Append(Viewer.Name) : Known.Value;

    // The database of zones holds old names and abbreviations too.
    private static bool IsPlace(string id) =>
        id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal) && !id.StartsWith("SystemV/", StringComparison.Ordinal) && !id.StartsWith("US/", StringComparison.Ordinal);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    // Told at once and remembered after: a second choice may come before the first is painted, and builds on it.
    private async Task SetAsync(Func<ListSettings, ListSettings> change)
    {
        var settings = change(Settings);
        var told = OnChange.InvokeAsync(settings);
        await Script.InvokeVoidAsync("portal.remember", "list", settings.Format());
        await told;
    }

    private Task MoveByKeyAsync(ListColumns column, KeyboardEventArgs e) => e switch
    {
        { AltKey: true, Key: "ArrowUp" } => MoveAsync(column, -1, boxes),
        { AltKey: true, Key: "ArrowDown" } => MoveAsync(column, 1, boxes),
        _ => Task.CompletedTask,
    };

    // The line moves in the list, and would lose the focus by it: what was pressed gets it back.
    private async Task MoveAsync(ListColumns column, int by, Dictionary<ListColumns, ElementReference> pressed)
    {
        var settings = Settings.Move(column, by);
        if (ReferenceEquals(settings, Settings))
            return;
        takeFocus = (column, pressed);
        var place = settings.Order.TakeWhile(other => other != column).Count() + 1;
        moved = string.Create(CultureInfo.InvariantCulture, $"{ListHead.Word(column)} is at place {place} of {settings.Order.Count}");
        await SetAsync(now => now.Move(column, by));
    }

    // Every page and every range of days is in it, so the page starts anew.
    private async Task SetZoneAsync(ChangeEventArgs e)
    {
        await Script.InvokeVoidAsync("portal.remember", "zone", e.Value as string ?? "");
        Navigation.Refresh(forceReload: true);
    }
}
