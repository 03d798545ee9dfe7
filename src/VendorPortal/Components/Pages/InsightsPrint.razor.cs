using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Components.Charts;
using VendorPortal.Components.Controls;
using VendorPortal.Components.Insights;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>The summary of a view of Insights for paper: whole when it arrives, without a circuit.</summary>
public sealed partial class InsightsPrint : ComponentBase
{
    private const int MaxLines = 500;

    private CurrentVendor? vendor;
    private InsightsView view = InsightsView.Default;
    private InsightsRange range = InsightsView.Default.Range(InsightsRange.Oldest);
    private InsightsSeries? series;
    private InsightsSeries? before;
    private SummaryPage? table;
    private Breakdown? breakdown;
    private IReadOnlyList<TimelineMarkItem> marks = [];

    [Inject]
    public required InsightsReader Reader { get; init; }

    [Inject]
    public required BreakdownReader Breakdowns { get; init; }

    [Inject]
    public required SummaryTableReader Summaries { get; init; }

    [Inject]
    public required TimelineMarks Marks { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [CascadingParameter]
    public HttpContext? Http { get; set; }

    private string Scope => view.Chosen.Count == 0 ? (view.ByNamespace ? "all namespaces" : "all repositories") : string.Join(", ", InsightsWords.Chosen(view));

    private IReadOnlyList<ChartSeries> Kinds =>
        [new("By tag", "k-tag-line", [.. series!.Sums.Select(sums => sums.ByTag)]), new("By digest", "k-digest-line", [.. series.Sums.Select(sums => sums.ByDigest)])];

    private IEnumerable<(string Label, long Now, long? Before)> Figures =>
    [
        ("Downloads", InsightsSeries.Downloads(series!.Whole), before is null ? null : InsightsSeries.Downloads(before.Whole)), ("By tag", series.Whole.ByTag, before?.Whole.ByTag),
        ("By digest", series.Whole.ByDigest, before?.Whole.ByDigest), ("Version checks", series.Whole.Checks, before?.Whole.Checks), ("Unique addresses", series.Whole.UniqueAddresses, before?.Whole.UniqueAddresses),
    ];

    private IEnumerable<(string Title, BreakdownList List, Func<BreakdownItem, string> Name)> Lists => breakdown is not { } parts ? [] :
    [
        ("Most pulled tags", parts.Tags, item => $"{item.Of}:{item.Value}"), ("Countries", parts.Countries, Named(FilterDimension.Country)),
        ("Clients", parts.Tools, Named(FilterDimension.Client)), ("Cloud hosts", parts.Hosts, item => item.Value == PullFilter.None ? "none known" : item.Value),
    ];

    protected override async Task OnInitializedAsync()
    {
        vendor = (await Authentication).User.Vendor();
        var (id, ct) = (vendor.Id, Http?.RequestAborted ?? CancellationToken.None);
        var today = DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);
        view = InsightsView.Parse(QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query), today, out _);
        range = view.Range(today);
        var filter = range.ApplyTo(view.Filter());
        marks = await Marks.ListAsync(id, range.First, range.Last, ct);
        before = await Reader.ReadBeforeAsync(id, filter, range, view.ByNamespace, Time.GetUtcNow().UtcDateTime, ct);
        breakdown = await Breakdowns.ReadAsync(id, InsightsWords.OnlyDownloads(filter), 8, ct);
        // Paper has the whole: what was typed to find a line is no part of what is shown.
        table = await Summaries.ReadAsync(id, filter, new SummaryQuery(view.Table.Group, view.Table.Sort, view.Table.Ascending, Search: null, 0, MaxLines), ct);
        series = await Reader.ReadAsync(id, filter, range, view.ByNamespace, ct);
    }

    private static Func<BreakdownItem, string> Named(FilterDimension dimension) => item => FilterWords.Name(dimension, item.Value);
}
