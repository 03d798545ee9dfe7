using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Enrichment;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>
/// Picks values of one dimension, to keep or to leave out: a search box over the first matching options with their counts under the other
/// filters. Each choice applies at once and leaves the panel open; what is chosen moves to the top when the list is read next, not under
/// the pointer.
/// </summary>
public sealed partial class FilterPicker : ComponentBase, IDisposable
{
    internal const int Limit = 50;
    private const int MostTags = 20;
    private const string Chosen = "Chosen";
    private const string Tags = "Tags";
    private const string Digests = "Digests";
    private const string Networks = "Networks";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);
    private static readonly CultureInfo Numbers = CultureInfo.GetCultureInfo("en-US");

    private ElementReference input;
    private Popup? popup;
    private CancellationTokenSource? query;
    private List<Line> lines = [];
    private ILookup<string, string>? tagsOf;
    private int total;
    private string search = "";
    private string? error;
    private bool shown;
    private bool loading;
    private bool takeFocus;

    [Inject]
    public required FilterOptionsReader Reader { get; init; }

    [Inject]
    public required TagDigestReader TagDigests { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<FilterPicker> Logger { get; init; }

    [Parameter, EditorRequired]
    public FilterDimension Dimension { get; set; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required PullFilter Filter { get; set; }

    [Parameter]
    public bool IsOpen { get; set; }

    [Parameter]
    public EventCallback<bool> IsOpenChanged { get; set; }

    [Parameter]
    public EventCallback<PullFilter> OnChange { get; set; }

    private string Label => FilterWords.Label(Dimension);

    private FilterValues Only => Filter.Only[Dimension];

    private FilterValues Not => Filter.Not[Dimension];

    private bool IsMono => Dimension is FilterDimension.Address or FilterDimension.Version;

    private bool MayBeUnknown => Dimension is not (FilterDimension.Artifact or FilterDimension.Version);

    private string? ButtonTitle => Only.Count + Not.Count == 0 ? null
        : string.Join(", ", Only.Select(value => FilterWords.Name(Dimension, value)).Concat(Not.Select(value => $"not {FilterWords.Name(Dimension, value)}")));

    private string SearchLabel => Dimension == FilterDimension.Address ? "Search, or type an IP or CIDR" : $"Search {FilterWords.Plural(Dimension)}";

    private string Status => this switch
    {
        { error: { } text } => text,
        { loading: true, lines.Count: 0 } => "Reading…",
        { lines.Count: 0 } when search.Length > 0 => $"Nothing contains “{search}”",
        { lines.Count: 0 } => "Nothing to choose: no pulls under the other filters",
        _ when lines.Count < total => $"{lines.Count.ToString("N0", Numbers)} of {total.ToString("N0", Numbers)}, type to narrow",
        _ => lines.Count == 1 ? "1 choice" : $"{lines.Count.ToString("N0", Numbers)} choices",
    };

    public void Dispose()
    {
        query?.Cancel();
        query?.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (IsOpen == shown)
            return;
        shown = IsOpen;
        if (!IsOpen)
        {
            query?.Cancel();
            return;
        }

        takeFocus = true;
        search = "";
        tagsOf = null;
        lines = [];
        await LoadAsync(TimeSpan.Zero);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!takeFocus)
            return;
        takeFocus = false;
        await input.FocusAsync();
    }

    private Task SearchAsync() => LoadAsync(Pause);

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
            var text = search.Trim();
            var typed = Dimension == FilterDimension.Address ? IpRange.Parse(text)?.Text : null;
            var networks = Dimension == FilterDimension.Address ? TypedNetworks.Of(text) : [];
            var asked = FilterValues.From([.. Only, .. Not, .. networks, .. typed is null ? [] : new[] { typed }, .. MayBeUnknown ? new[] { PullFilter.None } : []]);
            var choices = await Reader.ReadChoicesAsync(VendorId, Filter, Dimension, asked, text.Length == 0 ? null : text, Limit, ct);
            ct.ThrowIfCancellationRequested();
            lines = Lines(choices, text, typed, networks);
            total = Math.Max(choices.Found.Total, lines.Count);
            loading = false;
            if (Dimension == FilterDimension.Version)
                await ReadTagsAsync(ct);
        }
        catch (OperationCanceledException)
        {
            // A newer search has taken over, or the panel is closed.
        }
        catch (Exception e)
        {
            Logger.LogError(e, "Options of {Dimension} could not be read", Dimension);
            if (ct.IsCancellationRequested)
                return;
            lines = [];
            total = 0;
            error = "The choices could not be read.";
            loading = false;
        }
    }

    // What is chosen can be taken back also where it is not among the first, or has no pulls under the other filters; and what is typed
    // may be a range, which no list holds.
    private List<Line> Lines(FilterChoices choices, string text, string? typed, IEnumerable<string> networks)
    {
        var first = typed is not null ? [typed]
            : text.Length > 0 ? []
            : MayBeUnknown && choices.Counts[PullFilter.None] > 0 ? [.. Only, .. Not, PullFilter.None]
            : Only.Concat(Not).ToArray();
        var labels = choices.Found.Options.ToDictionary(option => option.Value, option => option.Label, StringComparer.Ordinal);
        var known = first.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. first.Distinct().Select(value => new Line(value, labels.GetValueOrDefault(value) ?? OptionNames.Label(Dimension, value), choices.Counts[value], Chosen)),
            .. networks.Where(value => value != typed && choices.Counts[value] > 0).Select(value => new Line(value, value, choices.Counts[value], Networks)),
            .. choices.Found.Options.Concat(choices.Digests).Where(option => !known.Contains(option.Value)).Select(option => new Line(option.Value, Dimension == FilterDimension.Version ? option.Value : option.Label, option.Count, GroupOf(option.Value))),
        ];
    }

    private static bool IsNamed(string group) => group is Tags or Digests or Networks;

    private string GroupOf(string value) => Dimension != FilterDimension.Version ? "Choices" : PullRows.IsDigest(value) ? Digests : Tags;

    // After the list is there: it need not wait, and the words have their place. All tags are asked for, whichever of them are listed.
    private async Task ReadTagsAsync(CancellationToken ct)
    {
        if (Filter.Artifacts.Count == 0 || !lines.Exists(line => PullRows.IsDigest(line.Value)))
            return;
        StateHasChanged();
        var digests = await TagDigests.ReadAsync(VendorId, Filter.Artifacts, ct);
        ct.ThrowIfCancellationRequested();
        tagsOf = digests.OrderBy(pair => pair.Key, VersionOrder.NewestFirst).ToLookup(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }

    private string? Tagged(string value)
    {
        var tags = tagsOf?[value].ToList() ?? [];
        return tags.Count == 0 ? null : string.Join(", ", tags.Take(MostTags)) + (tags.Count > MostTags ? $" and {tags.Count - MostTags} more" : "");
    }

    private Task IncludeAsync(string value) => OnChange.InvokeAsync(Not.Contains(value) && !Only.Contains(value)
        ? Filter.WithNot(Dimension, Not.Toggle(value))
        : Filter.With(Dimension, Only.Toggle(value)));

    private Task ExcludeAsync(string value) => OnChange.InvokeAsync(
        (Only.Contains(value) ? Filter.With(Dimension, Only.Toggle(value)) : Filter).WithNot(Dimension, Not.Toggle(value)));

    private async Task ClearAsync()
    {
        await OnChange.InvokeAsync(Filter.With(Dimension, []).WithNot(Dimension, []));
        if (popup is not null)
            await popup.CloseAndFocusAsync();
    }

    private string Id(string part) => $"filter-{PullFilterUrl.ParameterOf(Dimension)}-{part}";

    // From the value, not from the position: the active option stays itself when the list changes.
    private string OptionId(Line line) => Id("o" + Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(line.Value)));

    private sealed record Line(string Value, string Label, long Count, string Group);
}
