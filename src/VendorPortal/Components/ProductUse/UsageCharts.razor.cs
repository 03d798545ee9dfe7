using Microsoft.AspNetCore.Components;
using VendorPortal.Components.Charts;
using VendorPortal.Reports.Insights;
using VendorPortal.Usage;

namespace VendorPortal.Components.ProductUse;

/// <summary>The six cards of the page Usage, and why something may be missing in them.</summary>
public sealed partial class UsageCharts : ComponentBase
{
    private const int MostLines = 5;

    private IReadOnlyList<InsightsBucket> buckets = [];

    [Parameter, EditorRequired]
    public required UsageReport Report { get; set; }

    private IReadOnlyList<ChartSeries> Users => [new("Active users", "s1", Long(Report.ActiveByDay), IsArea: true)];

    private IReadOnlyList<ChartSeries> Builds => [new("Successful", "s1", Report.Builds.SucceededByDay), new("Failed", "s3", Report.Builds.FailedByDay)];

    private IReadOnlyList<ChartSeries> Containers =>
        [new("run", "s1", Report.Containers.RunByDay), new("compose", "s2", Report.Containers.ComposeByDay), new("GUI", "s4", Report.Containers.GuiByDay)];

    private IReadOnlyList<ChartSeries> Interfaces => [new("CLI", "s1", Long(Report.Cli.ByDay)), new("GUI", "s2", Long(Report.Gui.ByDay))];

    private IReadOnlyList<ChartSeries> Versions
    {
        get
        {
            var most = Report.Versions.Take(MostLines).Select((version, i) => new ChartSeries(version.Name, $"s{i + 1}", Long(version.ByDay))).ToList();
            var rest = Report.Versions.Skip(MostLines).ToList();
            return rest.Count == 0 ? most : [.. most, new ChartSeries("Others", "s-rest", [.. Report.Days.Select((_, i) => rest.Sum(version => (long)version.ByDay[i]))])];
        }
    }

    protected override void OnParametersSet() => buckets = [.. Report.Days.Select(day => new InsightsBucket(day, day, IsWhole: true))];

    private static List<BarItem> Items(IReadOnlyList<UsageRank> ranks) => [.. ranks.Select(rank => new BarItem(rank.Name, rank.Name, rank.Name, rank.Count))];

    private static IReadOnlyList<long> Long(IReadOnlyList<int> values) => [.. values.Select(value => (long)value)];
}
