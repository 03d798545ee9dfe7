using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Components.Insights;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>
/// Downloads over time and by what, where and with what. All it shows follows from its address (<see cref="InsightsView"/>). Numbers are read in the
/// circuit, in places that are kept for them: the sums first, then what was before, then the breakdowns.
/// </summary>
public sealed partial class Insights : ComponentBase, IDisposable
{
    // Of each breakdown; countries have no limit.
    private const int Listed = 50;

    private CancellationTokenSource? loading;
    private CurrentVendor? vendor;
    private InsightsView view = InsightsView.Default;
    private InsightsRange range = InsightsView.Default.Range(InsightsRange.Oldest);
    private IReadOnlyList<FilterError> errors = [];
    private Shown? shown;
    private IReadOnlyList<TimelineMarkItem> marks = [];
    private string? failure;
    private int outstanding;
    private bool busy;
    private bool controls;

    [Inject]
    public required InsightsReader Reader { get; init; }

    [Inject]
    public required BreakdownReader Breakdowns { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<Insights> Logger { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);

    private string Caption => $"{InsightsWords.Days(range.First, range.Last)}, {(view.Chosen.Count == 0 ? "all" : view.Chosen.Count)} {(view.ByNamespace ? "namespaces" : "repositories")}";

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        loading?.Cancel();
        loading?.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        vendor = (await Authentication).User.Vendor();
        Navigation.LocationChanged += OnLocationChanged;
        ReadAddress();
        busy = true;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await LoadAsync();
    }

    private void ReadAddress()
    {
        var read = InsightsView.Parse(QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query), Today, out errors);
        view = read == view ? view : read;
        range = view.Range(Today);
    }

    private async void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        try
        {
            await InvokeAsync(FollowAddressAsync);
        }
        catch (ObjectDisposedException)
        {
            // The page is gone.
        }
    }

    private Task FollowAddressAsync()
    {
        if (!new Uri(Navigation.Uri).AbsolutePath.EndsWith("/insights", StringComparison.OrdinalIgnoreCase))
            return Task.CompletedTask;
        // While own changes are on their way to the browser and back, the newest one counts, not the echo of an older.
        if (outstanding > 0 && --outstanding > 0)
            return Task.CompletedTask;
        var was = view;
        ReadAddress();
        StateHasChanged();
        return IsSame(was, view) ? Task.CompletedTask : LoadAsync();
    }

    // The summary reads its own page.
    private static bool IsSame(InsightsView a, InsightsView b) => a with { Table = b.Table } == b;

    private Task ChangeAsync(InsightsView wanted)
    {
        if (wanted == view)
            return Task.CompletedTask;
        // Another selection begins with the first page; typing goes on in the same entry of the history.
        if (!IsSame(wanted, view))
            wanted = wanted with { Table = wanted.Table with { Page = 0 } };
        var isTyping = wanted.Table.Search is not null && view.Table.Search is not null && wanted.Table.Search != view.Table.Search;
        var was = view;
        (view, errors) = (wanted, []);
        range = view.Range(Today);
        outstanding++;
        Navigation.NavigateTo(view.Address(), replace: isTyping);
        return IsSame(was, view) ? Task.CompletedTask : LoadAsync();
    }

    private async Task LoadAsync()
    {
        loading?.Cancel();
        loading?.Dispose();
        loading = new CancellationTokenSource();
        var ct = loading.Token;
        var (asked, span) = (view, range);
        (busy, failure) = (true, null);
        StateHasChanged();
        try
        {
            var (id, filter) = (vendor!.Id, asked.Filter());
            var series = await Reader.ReadAsync(id, filter, span, asked.ByNamespace, ct);
            ct.ThrowIfCancellationRequested();
            shown = new Shown(asked, span, series);
            StateHasChanged();
            var before = await Reader.ReadBeforeAsync(id, filter, span, asked.ByNamespace, Time.GetUtcNow().UtcDateTime, ct);
            ct.ThrowIfCancellationRequested();
            shown = shown with { Before = before };
            StateHasChanged();
            var parts = await Breakdowns.ReadAsync(id, InsightsWords.OnlyDownloads(span.ApplyTo(filter)), Listed, ct);
            ct.ThrowIfCancellationRequested();
            shown = shown with { Breakdown = parts };
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            var reference = Activity.Current?.TraceId.ToHexString()[..12] ?? Guid.NewGuid().ToString("N")[..12];
            Logger.LogError(e, "Insights could not be read. Reference {Reference}", reference);
            if (ct.IsCancellationRequested)
                return;
            failure = reference;
            // What was read for something else does not stand under what is chosen now.
            if (shown is not null && (shown.Range != span || !IsSame(shown.View, asked)))
                shown = null;
        }

        busy = false;
        StateHasChanged();
    }

    private void SetMarks(IReadOnlyList<TimelineMarkItem> value) => marks = value;

    private IEnumerable<(string Label, long? Value, long? Before, PullFilter Filter, string Title)> Figures()
    {
        var (now, was, filter) = (shown?.Series.Whole, shown?.Before?.Whole, (shown?.Range ?? range).ApplyTo((shown?.View ?? view).Filter()));
        yield return ("Downloads", now is null ? null : InsightsSeries.Downloads(now), was is null ? null : InsightsSeries.Downloads(was), InsightsWords.OnlyDownloads(filter), "Pulls by tag and by digest");
        yield return ("By tag", now?.ByTag, was?.ByTag, filter with { Kinds = [KindNames.PullByTag] }, "Downloads that asked for a tag");
        yield return ("By digest", now?.ByDigest, was?.ByDigest, filter with { Kinds = [KindNames.PullByDigest] }, "Downloads that asked for a digest");
        yield return ("Version checks", now?.Checks, was?.Checks, filter with { Kinds = [KindNames.VersionCheck] }, "Looked whether there is something new, and took nothing");
        yield return ("Unique addresses", now?.UniqueAddresses, was?.UniqueAddresses, filter, "Different addresses of downloads and checks, each counted once over the whole range");
    }

    // What was read, and what it was read for: numbers and their links are of one answer.
    private sealed record Shown(InsightsView View, InsightsRange Range, InsightsSeries Series, InsightsSeries? Before = null, Breakdown? Breakdown = null);
}
