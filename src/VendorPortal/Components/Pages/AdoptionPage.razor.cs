using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Components.Charts;
using VendorPortal.Components.Controls;
using VendorPortal.Components.Insights;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>Who pulls which version of an artifact, and how far behind that is. All it shows follows from its address (<see cref="AdoptionView"/>).</summary>
public sealed partial class AdoptionPage : ComponentBase, IDisposable
{
    private const int MaxNames = 2000;
    private const int MostSeries = 6;

    private CancellationTokenSource? loading;
    private CurrentVendor? vendor;
    private AdoptionView view = new();
    private Shown? shown;
    private IReadOnlyList<string>? names;
    private string? failure;
    private int outstanding;
    private bool busy;

    [Inject]
    public required AdoptionReader Reader { get; init; }

    [Inject]
    public required FilterOptionsReader Options { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<AdoptionPage> Logger { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private InsightsRange Range => view.Range(DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime));

    private IEnumerable<string> Names => (names ?? []).Union(view.Artifact is { } artifact ? [artifact] : []);

    private Adoption? Adoption => shown?.Adoption;

    private PullFilter Filter => shown!.Range.ApplyTo(new PullFilter { Artifacts = [shown.View.Artifact!], Kinds = [KindNames.PullByTag, KindNames.PullByDigest] });

    // The versions pulled in the span, newest first; where they are too many to be told apart, by minor or major version.
    private IReadOnlyList<ChartSeries> Stack
    {
        get
        {
            var pulled = Adoption!.Versions.Where(version => version.ByBucket.Any(pulls => pulls > 0)).ToList();
            var groups = new[] { int.MaxValue, 2, 1 }.Select(parts => pulled.GroupBy(version => VersionOrder.Line(version.Name, parts), StringComparer.Ordinal).ToList())
                .FirstOrDefault(groups => groups.Count <= 2 * MostSeries) ?? [.. pulled.GroupBy(version => VersionOrder.Line(version.Name, 1), StringComparer.Ordinal)];
            var most = groups.OrderByDescending(group => group.Sum(version => version.ByBucket.Sum())).Take(MostSeries).ToHashSet();
            var series = groups.Where(most.Contains).Select((group, i) => new ChartSeries(DigestText.Short(group.Key), $"s{i + 1}", Sum(group))).ToList();
            if (groups.Count > most.Count)
                series.Add(new ChartSeries("Others", "s-rest", Sum(groups.Where(group => !most.Contains(group)).SelectMany(group => group))));
            return series;
        }
    }

    private List<long> Sum(IEnumerable<AdoptionVersion> versions)
    {
        var all = versions.ToList();
        return [.. Enumerable.Range(0, Adoption!.Buckets.Count).Select(i => all.Sum(version => version.ByBucket[i]))];
    }

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
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await LoadAsync();
    }

    private void ReadAddress() => view = AdoptionView.Parse(QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query));

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
        if (!new Uri(Navigation.Uri).AbsolutePath.EndsWith("/insights/adoption", StringComparison.OrdinalIgnoreCase))
            return Task.CompletedTask;
        // While own changes are on their way to the browser and back, the newest one counts, not the echo of an older.
        if (outstanding > 0 && --outstanding > 0)
            return Task.CompletedTask;
        var was = view;
        ReadAddress();
        StateHasChanged();
        return was == view ? Task.CompletedTask : LoadAsync();
    }

    private Task ChooseAsync(ChangeEventArgs e) =>
        e.Value is string { Length: > 0 } name ? ChangeAsync(new AdoptionView { Artifact = name, Months = view.Months }) : Task.CompletedTask;

    private Task ChangeAsync(AdoptionView wanted)
    {
        if (wanted == view)
            return Task.CompletedTask;
        var isTyping = wanted.Search is not null && view.Search is not null && wanted.Search != view.Search;
        view = wanted;
        outstanding++;
        Navigation.NavigateTo(view.Address(), replace: isTyping);
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        loading?.Cancel();
        loading?.Dispose();
        loading = new CancellationTokenSource();
        var ct = loading.Token;
        var (asked, span) = (view, Range);
        (busy, failure) = (true, null);
        if (shown?.View.Artifact != asked.Artifact)
            shown = null;
        StateHasChanged();
        try
        {
            if (asked.Artifact is { } artifact)
            {
                var query = new AdoptionQuery(artifact, span, asked.Who, asked.Version, asked.Search, asked.Page * CustomerAdoption.Rows, CustomerAdoption.Rows);
                var adoption = await Reader.ReadAsync(vendor!.Id, query, ct);
                ct.ThrowIfCancellationRequested();
                shown = new Shown(asked, span, adoption);
                StateHasChanged();
            }

            names ??= [.. (await Options.ReadAsync(vendor!.Id, InsightsWords.OnlyDownloads(PullFilter.Everything), FilterDimension.Artifact, null, MaxNames, ct)).Options.Select(option => option.Value)];
            ct.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            var reference = Activity.Current?.TraceId.ToHexString()[..12] ?? Guid.NewGuid().ToString("N")[..12];
            Logger.LogError(e, "The adoption could not be read. Reference {Reference}", reference);
            if (ct.IsCancellationRequested)
                return;
            failure = reference;
            // What was read for something else does not stand under what is chosen now.
            if (shown?.View != asked)
                shown = null;
        }

        busy = false;
        StateHasChanged();
    }

    private string Link(InsightsBucket bucket) => InsightsWords.Downloads(new InsightsRange(bucket.First, bucket.Last, InsightsStep.Day).ApplyTo(Filter));

    private string Share(int customers) => Adoption!.Everyone == 0 ? "" : (100d * customers / Adoption.Everyone).ToString("0", InsightsWords.English) + " %";

    // What was read, and what it was read for: numbers and their links are of one answer.
    private sealed record Shown(AdoptionView View, InsightsRange Range, Adoption Adoption);
}
