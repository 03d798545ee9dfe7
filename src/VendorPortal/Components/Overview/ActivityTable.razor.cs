using Microsoft.AspNetCore.Components;
using VendorPortal.Components.Insights;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Reports.Overview;

namespace VendorPortal.Components.Overview;

/// <summary>A breakdown, a page at a time, with search and order; each number opens its pulls. Read in the circuit.</summary>
public sealed partial class ActivityTable : ComponentBase, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private CancellationTokenSource? query;
    private ITimer? typing;
    private (ActivityGroup Group, PullFilter Filter, OverviewRange Range, TableView View, int Revision)? asked;
    private ShownPage? shown;
    private string search = "";
    private string? told;
    private bool busy;
    private bool failed;

    [Inject]
    public required ActivityReader Reader { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<ActivityTable> Logger { get; init; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>In place of the title: a choice between two tables.</summary>
    [Parameter]
    public RenderFragment? Heading { get; set; }

    [Parameter, EditorRequired]
    public ActivityGroup Group { get; set; }

    /// <summary>What each line counts beside its downloads.</summary>
    [Parameter, EditorRequired]
    public ActivityGroup Counted { get; set; }

    /// <summary>What the page is about, without range and kinds.</summary>
    [Parameter]
    public PullFilter Filter { get; set; } = PullFilter.Everything;

    [Parameter, EditorRequired]
    public required OverviewRange Range { get; set; }

    /// <summary>The range in addresses of pages that lines lead to.</summary>
    [Parameter]
    public string RangeQuery { get; set; } = "";

    [Parameter, EditorRequired]
    public required TableView View { get; set; }

    [Parameter]
    public EventCallback<TableView> OnChange { get; set; }

    /// <summary>True where lines without downloads are shown, too.</summary>
    [Parameter]
    public bool WithIdle { get; set; }

    [Parameter]
    public int Rows { get; set; } = 25;

    /// <summary>Grows where the same is to be read anew.</summary>
    [Parameter]
    public int Revision { get; set; }

    private string Lower => Title.ToLowerInvariant();

    private bool HasKind => Group == ActivityGroup.Artifact;

    private bool HasTrend => Group is not (ActivityGroup.User or ActivityGroup.Address or ActivityGroup.Version);

    private int Columns => 5 + (HasKind || Group == ActivityGroup.Tag ? 1 : 0) + (HasTrend ? 1 : 0);

    private string NameWord => Group switch
    {
        ActivityGroup.Artifact => "Repository",
        ActivityGroup.Customer => "Customer",
        ActivityGroup.Tag => "Version",
        ActivityGroup.Digest => "Digest",
        ActivityGroup.Version => "Repository and version",
        ActivityGroup.User => "Account",
        _ => "Address",
    };

    private string CountedWord => Counted switch
    {
        ActivityGroup.Artifact => "Repositories",
        ActivityGroup.User => "Users",
        ActivityGroup.Address => "Addresses",
        _ => "Customers",
    };

    public void Dispose()
    {
        typing?.Dispose();
        query?.Cancel();
        query?.Dispose();
    }

    protected override void OnParametersSet()
    {
        if (told == View.Search)
            return;
        told = View.Search;
        search = told ?? "";
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (asked != (Group, Filter, Range, View, Revision))
            await LoadAsync();
    }

    private async Task LoadAsync()
    {
        // Nothing is awaited before what is asked for stands: another render would ask for it again.
        var (group, filter, range, view) = (Group, Filter, Range, View);
        asked = (group, filter, range, view, Revision);
        if (shown?.Group != group)
            shown = null;
        query?.Cancel();
        query?.Dispose();
        query = new CancellationTokenSource();
        var ct = query.Token;
        (busy, failed) = (true, false);
        StateHasChanged();
        try
        {
            var page = await Reader.ReadAsync(
                VendorId, filter, range,
                new ActivityQuery(group, Counted, view.Sort, view.Ascending, view.Search, view.Page * Rows, Rows, WithIdle) { Kind = group == ActivityGroup.Artifact ? view.Kind : null }, ct);
            ct.ThrowIfCancellationRequested();
            var cut = range.Cut();
            shown = new ShownPage(group, filter, range, view, page, cut, cut.Last >= Today, Rows);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            Logger.LogError(e, "A breakdown by {Group} could not be read", group);
            if (ct.IsCancellationRequested)
                return;
            (shown, failed) = (null, true);
        }

        busy = false;
        StateHasChanged();
    }

    private DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);

    // Numbers begin with the largest, names with the first.
    private Task SortAsync(ActivitySort sort) =>
        OnChange.InvokeAsync(View with { Sort = sort, Ascending = View.Sort == sort ? !View.Ascending : sort == ActivitySort.Name, Page = 0 });

    private Task GoAsync(int by) => shown is { } from && from.Number + by is >= 0 and var to && to * Rows < from.Page.Total ? OnChange.InvokeAsync(View with { Page = to }) : Task.CompletedTask;

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
        return OnChange.InvokeAsync(View with { Search = wanted, Page = 0 });
    }

    private PullFilter Of(ActivityLine line) => OverviewWords.Of(InsightsWords.OnlyDownloads(shown!.Range.ApplyTo(shown.Filter)), shown.Group, line);

    // As adoption counts: nothing in the 30 days before the end of the range, or of what has passed of it.
    private bool IsSilent(ActivityLine line)
    {
        var now = Time.GetUtcNow().UtcDateTime;
        var end = shown!.Range.Last.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        return shown.Group == ActivityGroup.Customer && line.LastUtc < (end < now ? end : now) - AdoptionQuery.Lately;
    }

    // What was read, and what it was read for: numbers and their links are of one answer.
    private sealed record ShownPage(ActivityGroup Group, PullFilter Filter, OverviewRange Range, TableView View, ActivityPage Page, InsightsRange Cut, bool IsOpen, int Rows)
    {
        public int Number => Page.First / Rows;
    }
}
