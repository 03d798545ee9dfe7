using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Enrichment;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>
/// Picks values of one dimension: a search box over the first matching options with their counts under the other filters. Each
/// choice applies at once and leaves the panel open.
/// </summary>
public sealed partial class FilterPicker : ComponentBase, IDisposable
{
    internal const int Limit = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);
    private static readonly CultureInfo Numbers = CultureInfo.GetCultureInfo("en-US");

    private ElementReference input;
    private Popup? popup;
    private CancellationTokenSource? query;
    private IReadOnlyList<FilterOption> options = [];
    private int total;
    private string search = "";
    private string? typed;
    private string? error;
    private bool open;
    private bool loading;
    private bool takeFocus;

    [Inject]
    public required FilterOptionsReader Reader { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<FilterPicker> Logger { get; init; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter, EditorRequired]
    public FilterDimension Dimension { get; set; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required PullFilter Filter { get; set; }

    [Parameter]
    public EventCallback<FilterValues> OnChange { get; set; }

    private FilterValues Selected => Dimension switch
    {
        FilterDimension.Customer => Filter.Customers,
        FilterDimension.User => Filter.Users,
        FilterDimension.Address => Filter.Addresses,
        FilterDimension.Artifact => Filter.Artifacts,
        FilterDimension.Version => Filter.Versions,
        _ => Filter.Kinds,
    };

    private bool IsMono => Dimension is FilterDimension.Address or FilterDimension.Version;

    private string? ButtonTitle => Selected.Count > 0 ? string.Join(", ", Selected.Select(FilterWords.Name)) : null;

    private string SearchLabel => Dimension == FilterDimension.Address ? "Search, or type an IP or CIDR" : $"Search {Label.ToLowerInvariant()}s";

    private string Status => this switch
    {
        { error: { } text } => text,
        { loading: true, options.Count: 0 } => "Searching…",
        { options.Count: 0, typed: null } when search.Length > 0 => $"Nothing contains “{search}”",
        { options.Count: 0, typed: null } => "Nothing to choose yet",
        _ when options.Count < total => $"{options.Count.ToString("N0", Numbers)} of {total.ToString("N0", Numbers)}, type to narrow",
        _ => options.Count == 1 ? "1 choice" : $"{options.Count.ToString("N0", Numbers)} choices",
    };

    public void Dispose()
    {
        query?.Cancel();
        query?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!takeFocus)
            return;
        takeFocus = false;
        await input.FocusAsync();
    }

    private async Task SetOpenAsync(bool value)
    {
        open = value;
        if (!open)
        {
            query?.Cancel();
            return;
        }

        takeFocus = true;
        search = "";
        typed = null;
        options = [];
        await LoadAsync(TimeSpan.Zero);
    }

    private async Task OnInputAsync(ChangeEventArgs e)
    {
        search = (e.Value as string ?? "").Trim();
        typed = Dimension == FilterDimension.Address ? IpRange.Parse(search)?.Text : null;
        await LoadAsync(Pause);
    }

    private async Task LoadAsync(TimeSpan pause)
    {
        query?.Cancel();
        query?.Dispose();
        query = new CancellationTokenSource();
        var ct = query.Token;
        loading = true;
        error = null;
        try
        {
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, Time, ct);
            var list = await Reader.ReadAsync(VendorId, Filter, Dimension, search.Length == 0 ? null : search, Limit, ct);
            ct.ThrowIfCancellationRequested();
            options = WithSelected(list.Options);
            total = Math.Max(list.Total, options.Count);
            loading = false;
        }
        catch (OperationCanceledException)
        {
            // A newer search has taken over, or the panel is closed.
        }
        catch (Exception e)
        {
            Logger.LogError(e, "Options of {Dimension} could not be read", Dimension);
            options = [];
            total = 0;
            error = "The choices could not be read. Close and open again to retry.";
            loading = false;
        }
    }

    // What is chosen can be taken back also where it is not among the first, or has no pulls under the other filters.
    private List<FilterOption> WithSelected(IReadOnlyList<FilterOption> found)
    {
        var known = found.Select(o => o.Value).ToHashSet(StringComparer.Ordinal);
        var missing = search.Length > 0 ? [] : Selected.Where(v => !known.Contains(v)).Select(v => new FilterOption(v, FilterWords.Name(v), 0));
        return [.. missing, .. found];
    }

    private Task ToggleAsync(string value) => OnChange.InvokeAsync(Selected.Toggle(value));

    private async Task ClearAsync()
    {
        await OnChange.InvokeAsync(FilterValues.Empty);
        if (popup is not null)
            await popup.CloseAndFocusAsync();
    }

    private string Id(string part) => $"filter-{Dimension.ToString().ToLowerInvariant()}-{part}";

    // From the value, not from the position: the active option stays itself when the list changes.
    private string OptionId(string value) => Id("o" + Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(value)));
}
