using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>
/// Totals and histogram of a filter. Read after the rows and only in the circuit, in a place whose height is kept, so that the rows
/// neither wait for them nor move.
/// </summary>
public sealed partial class PullSummary : ComponentBase, IDisposable
{
    private static readonly CultureInfo Numbers = CultureInfo.GetCultureInfo("en-US");

    private CancellationTokenSource? query;
    private PullFilter? shown;
    private int shownRevision;
    private PullCount? count;
    private PullTrend? trend;
    private bool busy;
    private bool failed;

    [Inject]
    public required TrendReader Trends { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Inject]
    public required ILogger<PullSummary> Logger { get; init; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    /// <summary>The filter whose rows are shown; null until there are rows.</summary>
    [Parameter, EditorRequired]
    public PullFilter? Filter { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    /// <summary>Changes where the same filter is to be counted anew.</summary>
    [Parameter]
    public int Revision { get; set; }

    [Parameter]
    public EventCallback<PullCount> OnCount { get; set; }

    /// <summary>Bars of the histogram were chosen.</summary>
    [Parameter]
    public EventCallback<TimeRange> OnRange { get; set; }

    public void Dispose()
    {
        query?.Cancel();
        query?.Dispose();
    }

    // After the rows are on the screen, not before: they are what was asked for.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Filter is null || (ReferenceEquals(shown, Filter) && shownRevision == Revision))
            return;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        query?.Cancel();
        query?.Dispose();
        query = new CancellationTokenSource();
        var ct = query.Token;
        var filter = shown = Filter!;
        shownRevision = Revision;
        busy = true;
        failed = false;
        StateHasChanged();
        try
        {
            // The rows are in the page, but not yet painted: counting takes all processors.
            await Script.InvokeVoidAsync("portal.painted", ct);
            var totals = await Trends.ReadTotalsAsync(VendorId, filter, Clock.Zone, ct);
            ct.ThrowIfCancellationRequested();
            (count, trend) = (totals.Count, totals.Trend);
            await OnCount.InvokeAsync(count);
        }
        catch (Exception e) when (e is OperationCanceledException or JSDisconnectedException)
        {
            return;
        }
        catch (Exception e)
        {
            Logger.LogError(e, "The totals could not be read");
            if (ct.IsCancellationRequested)
                return;
            failed = true;
        }

        busy = false;
        StateHasChanged();
    }
}
