using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>The controls of the one filter. On a phone they stand in a sheet behind one button.</summary>
public sealed partial class FilterBar : ComponentBase
{
    private static readonly FilterDimension[] Main = [FilterDimension.Customer, FilterDimension.User, FilterDimension.Address, FilterDimension.Artifact];
    private static readonly FilterDimension[] More = [FilterDimension.Client, FilterDimension.Country, FilterDimension.Host, FilterDimension.NetworkType];

    private ElementReference bar;
    private ElementReference toggle;
    private ElementReference head;
    private DayRangePicker? dates;
    private SearchBox? searchBox;
    private FilterDimension? opened;
    private bool more;
    private bool sheet;
    private bool takeFocus;

    [Inject]
    public required FilterOptionsReader Options { get; init; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required PullFilter Filter { get; set; }

    /// <summary>The name the range was chosen by.</summary>
    [Parameter]
    public Period? Period { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    /// <summary>What the filter keeps, where it has been counted.</summary>
    [Parameter]
    public long? Total { get; set; }

    [Parameter]
    public EventCallback<PullFilter> OnChange { get; set; }

    /// <summary>Another range was chosen, by name or by days.</summary>
    [Parameter]
    public EventCallback<PageFilter> OnRange { get; set; }

    /// <summary>An export was asked for.</summary>
    [Parameter]
    public EventCallback OnExport { get; set; }

    private int Active => FilterWords.Phrases(Filter).Count + (Filter.FromUtc is null && Filter.ToUtc is null ? 0 : 1);

    private string ShowText => Total is { } total ? string.Create(CultureInfo.GetCultureInfo("en-US"), $"Show {total:N0} {(total == 1 ? "pull" : "pulls")}") : "Show pulls";

    private string ExportUrl
    {
        get
        {
            var query = PullFilterUrl.Format(Filter, Clock.Zone);
            return "/api/v1/artifact-pulls/export?format=csv" + (query.Length > 0 ? "&" + query : "");
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!takeFocus)
            return;
        takeFocus = false;
        await head.FocusAsync();
    }

    /// <summary>Opens the control of a filter; without a dimension, that of the text.</summary>
    public async Task EditAsync(FilterDimension? dimension)
    {
        if (dimension is not { } wanted)
        {
            if (searchBox is not null)
                await searchBox.FocusAsync();
            return;
        }

        Open(wanted);
        StateHasChanged();
    }

    /// <summary>Opens the control of the dates.</summary>
    public Task EditDatesAsync() => dates?.OpenAsync() ?? Task.CompletedTask;

    private void Open(FilterDimension dimension)
    {
        more = false;
        opened = dimension;
    }

    private void SetOpen(FilterDimension dimension, bool value) => opened = value ? dimension : opened == dimension ? null : opened;

    // Less common filters, and versions without an artifact, stand in the bar while they are in use.
    private bool IsShown(FilterDimension dimension) => opened == dimension || Filter.Only[dimension].Count > 0 || Filter.Not[dimension].Count > 0;

    private async Task SetAsync(PullFilter filter)
    {
        if (!filter.Artifacts.Equals(Filter.Artifacts))
            filter = filter with { Versions = await FittingAsync(filter.Artifacts) };
        await OnChange.InvokeAsync(filter);
    }

    // The button goes away with the last filter; the focus goes to where filtering begins anew.
    private async Task ResetAsync()
    {
        await SetAsync(PullFilter.Everything);
        await bar.FocusAsync(preventScroll: true);
    }

    // Chosen versions that the artifacts have. Asked without the other filters: a version without pulls in the chosen days still fits.
    private async Task<FilterValues> FittingAsync(FilterValues artifacts)
    {
        if (artifacts.Count == 0 || Filter.Versions.Count == 0)
            return FilterValues.Empty;
        var within = new PullFilter { Artifacts = artifacts, Publishers = PublisherPulls.Include };
        var fitting = new List<string>();
        foreach (var version in Filter.Versions)
        {
            var found = await Options.ReadAsync(VendorId, within, FilterDimension.Version, version, int.MaxValue, CancellationToken.None);
            if (found.Options.Any(o => o.Value == version))
                fitting.Add(version);
        }

        return FilterValues.From(fitting);
    }

    private void OpenSheet()
    {
        sheet = true;
        takeFocus = true;
    }

    private async Task CloseSheetAsync()
    {
        sheet = false;
        opened = null;
        await toggle.FocusAsync();
    }
}
