using Microsoft.AspNetCore.Components;
using VendorPortal.Components.Charts;
using VendorPortal.Components.Controls;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Components.Insights;

/// <summary>The charts of the page Insights. Every number opens the page Downloads with its own filter.</summary>
public sealed partial class InsightsCharts : ComponentBase
{
    private const int MostLines = 5;
    private const string All = "All";
    private const string Others = "Others";
    private const string ByTag = "By tag";
    private const string ByDigest = "By digest";
    private const string DownloadsName = "Downloads";
    private const string ChecksName = "Version checks";

    private IReadOnlyList<long> downloads = [];
    private IReadOnlyList<ChartSeries> lines = [];
    private bool byKind;

    [Parameter, EditorRequired]
    public required InsightsSeries Series { get; set; }

    /// <summary>The range before, once it is known.</summary>
    [Parameter]
    public InsightsSeries? Before { get; set; }

    [Parameter]
    public Breakdown? Breakdown { get; set; }

    [Parameter]
    public IReadOnlyList<TimelineMarkItem> Marks { get; set; } = [];

    [Parameter, EditorRequired]
    public required InsightsView View { get; set; }

    private InsightsStep Step => Series.Range.Step;

    private PullFilter Whole => Series.Range.ApplyTo(View.Filter());

    private PullFilter OnlyDownloads => InsightsWords.OnlyDownloads(Whole);

    private PullFilter OnlyChecks => Whole with { Kinds = [KindNames.VersionCheck] };

    private long Total => InsightsSeries.Downloads(Series.Whole);

    protected override void OnParametersSet()
    {
        downloads = [.. Series.Sums.Select(InsightsSeries.Downloads)];
        lines = Lines();
    }

    // Everything together, the most pulled each for itself, the rest in one.
    private IReadOnlyList<ChartSeries> Lines()
    {
        var all = new ChartSeries(All, "s1", downloads, IsArea: true);
        if (Series.Lines.Count <= 1)
            return [all with { Name = Series.Lines.Count == 1 ? NameOf(Series.Lines[0].Name) : All }];
        var most = Series.Lines.Take(MostLines).Select((line, i) => new ChartSeries(NameOf(line.Name), $"s{i + 2}", line.Downloads)).ToList();
        var rest = Series.Lines.Skip(MostLines).ToList();
        return rest.Count == 0 ? [all, .. most] : [all, .. most, new ChartSeries(Others, "s-rest", [.. Enumerable.Range(0, Series.Buckets.Count).Select(i => rest.Sum(line => line.Downloads[i]))])];
    }

    private IReadOnlyList<ChartSeries> Kinds =>
        [new(ByTag, "k-tag-line", [.. Series.Sums.Select(sums => sums.ByTag)]), new(ByDigest, "k-digest-line", [.. Series.Sums.Select(sums => sums.ByDigest)])];

    private IReadOnlyList<ChartSeries> Checks =>
        [new(DownloadsName, "s1", downloads, IsArea: true), new(ChecksName, "k-check-line", [.. Series.Sums.Select(sums => sums.Checks)])];

    private IReadOnlyList<ChartSeries> Addresses => [new("Addresses", "s2", [.. Series.Sums.Select(sums => sums.UniqueAddresses)])];

    private IReadOnlyList<long>? BeforeOf(Func<PullSums, long> number) => Before is { } was ? [.. was.Sums.Select(number)] : null;

    private string NameOf(string name) => View.ByNamespace ? InsightsWords.Namespace(name) : name;

    private static string Link(InsightsBucket bucket, PullFilter filter) => InsightsWords.Downloads(new InsightsRange(bucket.First, bucket.Last, InsightsStep.Day).ApplyTo(filter));

    // The filter of a column of a table, where one filter can say it.
    private PullFilter? FilterOf(string column, PullFilter? otherwise) => column switch
    {
        DownloadsName => OnlyDownloads,
        ChecksName => OnlyChecks,
        ByTag => Whole with { Kinds = [KindNames.PullByTag] },
        ByDigest => Whole with { Kinds = [KindNames.PullByDigest] },
        Others => null,
        _ when Series.Lines.FirstOrDefault(line => NameOf(line.Name) == column) is { } line => OnlyDownloads with { Artifacts = [View.ByNamespace ? line.Name + PullFilter.AllOfNamespace : line.Name] },
        _ => otherwise,
    };

    private IEnumerable<ListCard> Lists(Breakdown parts)
    {
        yield return new("By tag", "Tag", parts.Tags, Items(parts.Tags, item => (Named(item), OnlyDownloads with { Artifacts = [item.Of!], Versions = [item.Value] })), Count(parts.Tags, "tag"), Nothing: "Nothing was pulled by tag");
        yield return new("By digest", "Digest", parts.Digests, Items(parts.Digests, item => (Named(item), OnlyDownloads with { Artifacts = [item.Of!], Versions = [item.Value] }), item => $"{item.Of} {DigestText.Short(item.Value)}"), Count(parts.Digests, "digest"), Nothing: "Nothing was pulled by digest");
        yield return Fact("Countries", "Country", FilterDimension.Country, parts.Countries) with { IsMap = true };
        yield return Fact("Cloud hosts", "Cloud", FilterDimension.Host, parts.Hosts, "none known");
        yield return Fact("Network types", "Network type", FilterDimension.NetworkType, parts.NetworkTypes);
        yield return Fact("Clients", "Tool", FilterDimension.Client, parts.Tools);
        yield return new(
            "Client versions", "Tool and version", parts.ToolVersions,
            Items(parts.ToolVersions, item => (Tool(item), OnlyDownloads.With(FilterDimension.Client, [$"{item.Of}/{item.Value}"]))), null);
    }

    private ListCard Fact(string title, string column, FilterDimension dimension, BreakdownList list, string unknown = "Unknown") => new(
        title, column, list,
        Items(list, item => (item.Value == PullFilter.None ? char.ToUpperInvariant(unknown[0]) + unknown[1..] : FilterWords.Name(dimension, item.Value), OnlyDownloads.With(dimension, [item.Value])), code: item => item.Value),
        null);

    private static List<BarItem> Items(BreakdownList list, Func<BreakdownItem, (string Title, PullFilter Filter)> told, Func<BreakdownItem, string>? label = null, Func<BreakdownItem, string>? code = null) =>
        [.. list.Items.Select(item =>
        {
            var (title, filter) = told(item);
            return new BarItem((item.Of, item.Value), label?.Invoke(item) ?? title, title, item.Pulls, InsightsWords.Downloads(filter)) { Code = code?.Invoke(item) };
        })];

    private static string Tool(BreakdownItem item) => (item.Of, item.Value) switch
    {
        (PullFilter.None, PullFilter.None) => "Unknown",
        (PullFilter.None, var version) => $"Unknown tool {version}",
        (var tool, PullFilter.None) => $"{tool}, version unknown",
        _ => $"{item.Of} {item.Value}",
    };

    private static string Named(BreakdownItem item) => PullRows.IsDigest(item.Value) ? $"{item.Of}@{item.Value}" : $"{item.Of}:{item.Value}";

    private static string Count(BreakdownList list, string word) => $"{InsightsWords.Number(list.Total)} {word}{(list.Total == 1 ? "" : "s")}";

    private sealed record ListCard(
        string Title, string Column, BreakdownList Of, IReadOnlyList<BarItem> Items, string? Total, string Nothing = "Nothing in this range", bool IsMap = false);
}
