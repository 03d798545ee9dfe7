using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using VendorPortal.Components.Charts;
using VendorPortal.Components.Insights;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Reports.Overview;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Overview;

/// <summary>
/// Downloads of a range with the days before, customers, addresses and version checks; and the downloads over time. Read in the circuit, in places that are kept
/// for them; each number opens its pulls.
/// </summary>
public sealed partial class OverviewBoard : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource closing = new();
    private CancellationTokenSource? loading;
    private (PullFilter Filter, OverviewRange Range, int Revision)? asked;
    private ShownTotals? read;
    private IReadOnlyList<TimelineMarkItem> marks = [];
    private string? failure;
    private bool busy;

    [Inject]
    public required OverviewReader Reader { get; init; }

    [Inject]
    public required TimelineMarks Marks { get; init; }

    [Inject]
    public required ILogger<OverviewBoard> Logger { get; init; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    /// <summary>What the page is about, without range and kinds.</summary>
    [Parameter]
    public PullFilter Filter { get; set; } = PullFilter.Everything;

    [Parameter, EditorRequired]
    public required OverviewRange Range { get; set; }

    /// <summary>Grows where the same is to be read anew.</summary>
    [Parameter]
    public int Revision { get; set; }

    /// <summary>False where all downloads are of one customer.</summary>
    [Parameter]
    public bool WithCustomers { get; set; } = true;

    /// <summary>True where downloads are told apart by kind of artifact.</summary>
    [Parameter]
    public bool WithKinds { get; set; }

    [Parameter]
    public ArtifactKind? Kind { get; set; }

    [Parameter]
    public EventCallback<ArtifactKind?> OnKind { get; set; }

    /// <summary>Told when the numbers of what is asked for are there.</summary>
    [Parameter]
    public EventCallback OnRead { get; set; }

    /// <summary>Further figures.</summary>
    [Parameter]
    public RenderFragment? More { get; set; }

    [Parameter]
    public int Height { get; set; } = 240;

    private IReadOnlyList<ChartSeries> Series => [new("Downloads", "s1", read!.Totals.ByBucket, IsArea: true)];

    private PullFilter Whole => (read?.Range ?? Range).ApplyTo(read?.Filter ?? Filter);

    private PullFilter Downloads => InsightsWords.OnlyDownloads(Whole);

    private string Period => read!.Range.Days == 1 ? "the day" : $"the {read.Range.Days} days";

    public void Dispose()
    {
        closing.Cancel();
        loading?.Dispose();
        closing.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (asked != (Filter, Range, Revision))
            await LoadAsync();
    }

    private async Task LoadAsync()
    {
        // Nothing is awaited before what is asked for stands: another render would ask for it again.
        var (filter, range) = (Filter, Range);
        asked = (filter, range, Revision);
        loading?.Cancel();
        loading?.Dispose();
        loading = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        var ct = loading.Token;
        (busy, failure) = (true, null);
        StateHasChanged();
        try
        {
            var totals = await Reader.ReadAsync(VendorId, filter, range, ct);
            var known = await Marks.ListAsync(VendorId, range.First, range.Last, ct);
            ct.ThrowIfCancellationRequested();
            var was = read is { } shown && shown.Range == range && shown.Filter == filter ? shown.Before : null;
            (read, marks) = (new ShownTotals(filter, range, range.Cut(), range.Cut().Buckets(), totals, was), known);
            StateHasChanged();
            var before = await Reader.ReadBeforeAsync(VendorId, filter, range, ct);
            ct.ThrowIfCancellationRequested();
            read = read with { Before = before };
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            var reference = Activity.Current?.TraceId.ToHexString()[..12] ?? Guid.NewGuid().ToString("N")[..12];
            Logger.LogError(e, "The overview could not be read. Reference {Reference}", reference);
            if (ct.IsCancellationRequested)
                return;
            failure = reference;
            // What was read for something else does not stand under what is chosen now.
            if (read is not null && (read.Range != range || read.Filter != filter))
                read = null;
        }

        busy = false;
        StateHasChanged();
        if (failure is null)
            await OnRead.InvokeAsync();
    }

    private IEnumerable<(string Label, long? Value, long? Before, PullFilter Filter, string Title, string? Note)> Figures()
    {
        var (now, was) = (read?.Totals, read?.Before);
        yield return ("Downloads", now?.Downloads, was?.Downloads, Downloads, "Pulls by tag and by digest", null);
        if (WithCustomers)
            yield return ("Active customers", now?.Customers, was?.Customers, Downloads, "Customers with downloads, each counted once over the whole range", null);
        yield return ("Unique addresses", now?.Addresses, was?.Addresses, Downloads, "Different addresses of downloads, each counted once over the whole range", null);
        yield return ("Version checks", now?.Checks, was?.Checks, Whole with { Kinds = [KindNames.VersionCheck] }, "Looked whether there is something new, and took nothing", "not counted as downloads");
    }

    private string? Compared(long now, long? before) => InsightsWords.Change(now, before) is not { } change ? null : char.IsLetter(change[0]) ? $"as in {Period} before" : $"{change} on {Period} before";

    private static string? Direction(long now, long? before) => before is not (> 0 and var was) ? null : now > was ? "up" : now < was ? "down" : null;

    private string Link(InsightsBucket bucket) => InsightsWords.Downloads(InsightsWords.OnlyDownloads(new InsightsRange(bucket.First, bucket.Last, InsightsStep.Day).ApplyTo(read!.Filter)));

    // What was read, and what it was read for: numbers and their links are of one answer.
    private sealed record ShownTotals(PullFilter Filter, OverviewRange Range, InsightsRange Cut, IReadOnlyList<InsightsBucket> Buckets, OverviewTotals Totals, OverviewTotals? Before);
}
