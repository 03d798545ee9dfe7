using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using VendorPortal.Components.Controls;
using VendorPortal.Components.Insights;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Components.Charts;

/// <summary>A line or a part of the bars; <paramref name="Class"/> is its colour, <c>s1</c> to <c>s6</c>, <c>s-rest</c> or one of a kind.</summary>
public sealed record ChartSeries(string Name, string Class, IReadOnlyList<long> Values, bool IsArea = false);

/// <summary>
/// Lines or stacked bars over time, drawn on the server. Widths are shares of the place, so that it fits any screen without a script. What is not over,
/// or cut by the range, is dashed or hatched.
/// </summary>
public sealed partial class TimeChart : ComponentBase
{
    private const int Top = 22;
    private const double WidestBar = 7;

    private readonly HashSet<string> hidden = new(StringComparer.Ordinal);
    private long highest;

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<InsightsBucket> Buckets { get; set; }

    [Parameter, EditorRequired]
    public required InsightsStep Step { get; set; }

    /// <summary>The first are drawn on top, or at the bottom of the bars.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<ChartSeries> Series { get; set; }

    /// <summary>The sums of the range before, where there is one: a thin line.</summary>
    [Parameter]
    public IReadOnlyList<long>? Before { get; set; }

    [Parameter]
    public IReadOnlyList<TimelineMarkItem> Marks { get; set; } = [];

    /// <summary>What all buckets come to, where that can be said: different addresses of buckets do not add up.</summary>
    [Parameter]
    public long? Total { get; set; }

    [Parameter]
    public bool IsBars { get; set; }

    /// <summary>The height of the plot in pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 160;

    /// <summary>True on a page without a circuit, for paper: nothing to press.</summary>
    [Parameter]
    public bool IsStill { get; set; }

    /// <summary>Where a bucket leads; null where it only tells its numbers.</summary>
    [Parameter]
    public Func<InsightsBucket, string>? Href { get; set; }

    private int Bottom => Top + Height;

    private string? Dot => Buckets.Count == 1 ? "dot" : null;

    private string Base => Text(Bottom - 0.5);

    private IEnumerable<ChartSeries> Shown => Series.Where(series => !hidden.Contains(series.Name));

    private string PatternId => $"open-{Title.ToLowerInvariant().Replace(' ', '-')}";

    private DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);

    // Buckets at the end that are not over are drawn apart.
    private int Whole => IsOpen(Buckets.Count - 1) ? Buckets.Count - 1 : Buckets.Count;

    // So is the first one where the range cuts it, if there is another.
    private int Begin => Buckets.Count > 1 && IsOpen(0) ? 1 : 0;

    private string PartsText => $"{Buckets.Count} {InsightsWords.Word(Step)}{(Buckets.Count == 1 ? "" : "s")}";

    private string Sentence
    {
        get
        {
            var told = Total is { } total ? $"In all {InsightsWords.Number(total)}"
                : string.Join("; ", Series.Select(series => $"{series.Name}: highest {InsightsWords.Number(series.Values.Max())}, last {InsightsWords.Number(series.Values[^1])}"));
            return $"{Title} by {InsightsWords.Word(Step)}, {InsightsWords.Days(Buckets[0].First, Buckets[^1].Last)}. {told}.";
        }
    }

    protected override void OnParametersSet() => Scale();

    private void Scale()
    {
        var own = IsBars ? Enumerable.Range(0, Buckets.Count).Max(Sum) : Shown.SelectMany(series => series.Values).DefaultIfEmpty().Max();
        highest = HistogramBars.Top(Math.Max(own, Before?.DefaultIfEmpty().Max() ?? 0));
    }

    private long Sum(int bucket) => Shown.Sum(series => series.Values[bucket]);

    private double Y(long value) => Bottom - ((double)value / highest * Height);

    private void Toggle(string name)
    {
        if (!hidden.Remove(name))
            hidden.Add(name);
        Scale();
    }

    private bool IsOpen(int bucket) => Buckets[bucket].Last >= Today || !Buckets[bucket].IsWhole;

    private IEnumerable<(double Y, string Label)> Grid()
    {
        if (highest % 2 == 0 || highest > 10)
            yield return (Math.Round(Y(highest / 2)) + 0.5, InsightsWords.Short(highest / 2));
        yield return (Top + 0.5, InsightsWords.Short(highest));
    }

    private IEnumerable<(string Name, double Y, double Height)> Parts(int bucket)
    {
        var y = (double)Bottom;
        foreach (var series in Shown.Where(series => series.Values[bucket] > 0))
        {
            var height = Bottom - Y(series.Values[bucket]);
            y -= height;
            yield return (series.Class, y, height);
        }
    }

    private string BarWidth => Percent(Math.Min(80d / Buckets.Count, WidestBar));

    private string BarX(int bucket) => Percent((100d * (bucket + 0.5) / Buckets.Count) - (Math.Min(80d / Buckets.Count, WidestBar) / 2));

    private string Path(IReadOnlyList<long> values, int from, int to)
    {
        var path = new StringBuilder();
        for (var i = from; i < Math.Min(to, values.Count); i++)
            path.Append(i == from ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{(i * 10) + 5} {Text(Y(values[i]))}");
        // A point alone has no length, and nothing would be drawn.
        return (path.Length > 0 && Math.Min(to, values.Count) - from == 1 ? path.Append("h0.01") : path).ToString();
    }

    private IEnumerable<(int From, int To)> OpenParts()
    {
        if (Begin > 0)
            yield return (0, 2);
        if (Whole < Buckets.Count && (Begin == 0 || Whole > Begin))
            yield return (Math.Max(0, Whole - 1), Buckets.Count);
    }

    private string Area(IReadOnlyList<long> values) => string.Create(CultureInfo.InvariantCulture, $"{Path(values, 0, Buckets.Count)}V{Bottom}H5z");

    private List<(string X, string Anchor, string Label)> Ticks()
    {
        var count = Buckets.Count;
        var places = count <= 5 ? Enumerable.Range(0, count).ToArray() : [0, count / 4, count / 2, count * 3 / 4, count - 1];
        return [.. places.Select(i => (
            count <= 5 ? Percent(100d * (i + 0.5) / count) : i == 0 ? "0%" : i == count - 1 ? "100%" : Percent(100d * (i + 0.5) / count),
            count <= 5 || (i > 0 && i < count - 1) ? "middle" : i == 0 ? "start" : "end", InsightsWords.Tick(Buckets[i], Step)))];
    }

    private IEnumerable<TimelineMarkItem> MarksOf(int bucket) => Marks.Where(mark => mark.Day >= Buckets[bucket].First && mark.Day <= Buckets[bucket].Last);

    private IEnumerable<(string X, string Title)> MarkLines() =>
        Enumerable.Range(0, Buckets.Count).Select(i => (Percent(100d * (i + 0.5) / Buckets.Count), string.Join(", ", MarksOf(i).Select(mark => mark.Text)))).Where(mark => mark.Item2.Length > 0);

    private string SpanText(int bucket) => InsightsWords.Span(Buckets[bucket], Step) + (Buckets[bucket].Last >= Today ? " (not over yet)" : Buckets[bucket].IsWhole ? "" : " (in part)");

    private string Describe(int bucket)
    {
        var before = Before is not null && bucket < Before.Count ? $"; before {InsightsWords.Number(Before[bucket])}" : "";
        var marks = string.Concat(MarksOf(bucket).Select(mark => $"; {(mark.IsRelease ? "release" : "note")} {mark.Text}"));
        return $"{SpanText(bucket)}: {string.Join(", ", Shown.Select(series => $"{series.Name} {InsightsWords.Number(series.Values[bucket])}"))}{before}{marks}";
    }

    private string Side(int bucket) => bucket * 3 < Buckets.Count ? "left" : bucket * 3 >= Buckets.Count * 2 ? "right" : "";

    private static string Percent(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
