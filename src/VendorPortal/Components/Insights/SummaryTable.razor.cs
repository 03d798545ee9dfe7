using Microsoft.AspNetCore.Components;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Insights;

/// <summary>The summary of the range shown, a page at a time; each number opens its pulls. Read in the circuit, after the charts.</summary>
public sealed partial class SummaryTable : ComponentBase, IDisposable
{
    internal const int Rows = 25;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly (SummaryGroup Group, string Word)[] Levels = [(SummaryGroup.Namespace, "Namespace"), (SummaryGroup.Artifact, "Repository"), (SummaryGroup.Version, "Reference")];

    private CancellationTokenSource? query;
    private ITimer? typing;
    private InsightsView? asked;
    private Shown? shown;
    private string search = "";
    private string? told;
    private bool busy;
    private bool failed;

    [Inject]
    public required SummaryTableReader Reader { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<SummaryTable> Logger { get; init; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required InsightsView View { get; set; }

    [Parameter, EditorRequired]
    public required InsightsRange Range { get; set; }

    [Parameter]
    public EventCallback<InsightsView> OnChange { get; set; }

    private SummaryView Table => View.Table;

    public void Dispose()
    {
        typing?.Dispose();
        query?.Cancel();
        query?.Dispose();
    }

    protected override void OnParametersSet()
    {
        if (told == Table.Search)
            return;
        told = Table.Search;
        search = told ?? "";
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (asked != View)
            await LoadAsync();
    }

    private async Task LoadAsync()
    {
        // Nothing is awaited before what is asked for stands: another render would ask for it again.
        var (view, range) = (View, Range);
        asked = view;
        query?.Cancel();
        query?.Dispose();
        query = new CancellationTokenSource();
        var ct = query.Token;
        (busy, failed) = (true, false);
        StateHasChanged();
        try
        {
            var table = view.Table;
            var page = await Reader.ReadAsync(
                VendorId, range.ApplyTo(view.Filter()), new SummaryQuery(table.Group, table.Sort, table.Ascending, table.Search, table.Page * Rows, Rows), ct);
            ct.ThrowIfCancellationRequested();
            shown = new Shown(view, range, page);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            Logger.LogError(e, "The summary could not be read");
            if (ct.IsCancellationRequested)
                return;
            (shown, failed) = (null, true);
        }

        busy = false;
        StateHasChanged();
    }

    private Task ChangeAsync(SummaryView table) => OnChange.InvokeAsync(View with { Table = table });

    // Numbers begin with the largest, names with the first.
    private Task SortAsync(SummarySort sort) =>
        ChangeAsync(Table with { Sort = sort, Ascending = Table.Sort == sort ? !Table.Ascending : sort == SummarySort.Name, Page = 0 });

    private Task GoAsync(int by) => shown is { } from && from.Number + by is >= 0 and var to && to * Rows < from.Page.Total ? ChangeAsync(Table with { Page = to }) : Task.CompletedTask;

    private void Typed()
    {
        typing ??= Time.CreateTimer(_ => _ = InvokeAsync(TellAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        typing.Change(Pause, Timeout.InfiniteTimeSpan);
    }

    private Task TellAsync()
    {
        var wanted = search.Trim() is { Length: > 0 } text ? text : null;
        if (wanted == told)
            return Task.CompletedTask;
        told = wanted;
        return ChangeAsync(Table with { Search = wanted, Page = 0 });
    }

    // What a line holds, so that its numbers are those of the page Downloads.
    private static PullFilter Of(Shown shown, SummaryLine line)
    {
        var filter = shown.Range.ApplyTo(InsightsView.Everything());
        var chosen = shown.View.ByNamespace ? [] : FilterValues.From(shown.View.Chosen.Where(name => Artifact.NamespaceOf(name) == line.Namespace));
        return line.Artifact is null ? filter with { Artifacts = chosen.Count > 0 ? chosen : [line.Namespace + PullFilter.AllOfNamespace] }
            : line.Version is null ? filter with { Artifacts = [line.Artifact] }
            : filter with { Artifacts = [line.Artifact], Versions = [line.Version] };
    }

    // What was read, and what it was read for: numbers and their links are of one answer.
    private sealed record Shown(InsightsView View, InsightsRange Range, SummaryPage Page)
    {
        public int Number => Page.First / Rows;
    }
}
