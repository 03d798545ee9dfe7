using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>
/// Pulls over time, stacked by kind. Drawn on the server; widths are per cent of the place, so that it fits any screen without a script.
/// Bars that are chosen, by dragging over them or by keys, become the range.
/// </summary>
public sealed partial class PullHistogram : ComponentBase
{
    private const int Bottom = 68;
    private const int Height = 60;
    private const double WidestBar = 5;
    private static readonly TimeSpan LongRange = TimeSpan.FromDays(330);
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    private HistogramBars bars = new([], TimeSpan.FromDays(1), 1);
    private PullTrend? drawn;
    private long top = 1;
    private bool changed;

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required PullTrend Trend { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    /// <summary>The time of the bars that were chosen.</summary>
    [Parameter]
    public EventCallback<TimeRange> OnRange { get; set; }

    private string Slot => Percent(100d / bars.Bars.Count);

    private string BarWidth => Percent(Math.Min(100d / bars.Bars.Count * 0.84, WidestBar));

    private string Sentence
    {
        get
        {
            var total = bars.Bars.Sum(b => b.Total);
            var highest = bars.Bars.MaxBy(b => b.Total)!;
            return string.Create(English, $"{total:N0} pulls from {Span(bars.Bars[0])} to {Span(bars.Bars[^1])}, a bar is {bars.Unit}; most, {highest.Total:N0}, on {Span(highest)}.");
        }
    }

    protected override void OnParametersSet()
    {
        changed = !ReferenceEquals(drawn, Trend);
        if (!changed)
            return;
        drawn = Trend;
        bars = HistogramBars.Of(Trend);
        top = HistogramBars.Top(bars.Highest);
    }

    protected override bool ShouldRender() => changed;

    private static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.###}%");

    private static string Short(long value) => value >= 10_000 ? string.Create(English, $"{value / 1000d:0.#}k") : value.ToString("N0", English);

    private string X(int i) => Percent(100d * i / bars.Bars.Count);

    private string BarX(int i)
    {
        var slot = 100d / bars.Bars.Count;
        return Percent((slot * i) + ((slot - Math.Min(slot * 0.84, WidestBar)) / 2));
    }

    private IEnumerable<(string Kind, string Y, string Height)> Parts(HistogramBar bar)
    {
        var y = (double)Bottom;
        foreach (var (kind, value) in new[] { ("k-tag", bar.ByTag), ("k-digest", bar.ByDigest), ("k-check", bar.Checks), ("k-denied", bar.Denied) })
        {
            if (value == 0)
                continue;
            var height = Math.Max((double)value / top * Height, 0.5);
            y -= height;
            yield return (kind, y.ToString("0.#", CultureInfo.InvariantCulture), height.ToString("0.#", CultureInfo.InvariantCulture));
        }
    }

    private IEnumerable<(string Kind, string Word)> Legend()
    {
        yield return ("k-tag", "by tag");
        yield return ("k-digest", "by digest");
        yield return ("k-check", "check");
        if (bars.Bars.Any(b => b.Denied > 0))
            yield return ("k-denied", "denied");
    }

    private List<(string At, string Anchor, string Label)> Labels()
    {
        var count = bars.Bars.Count;
        var last = IsIncomplete(bars.Bars[^1]) ? (bars.IsHourly ? "now" : "today") : Tick(bars.Bars[^1]);
        if (count <= 7)
            return [.. bars.Bars.Select((bar, i) => (Percent(100d * (i + 0.5) / count), "middle", i == count - 1 ? last : Tick(bar)))];
        var labels = new List<(string, string, string)> { ("0%", "start", Tick(bars.Bars[0])) };
        foreach (var i in (ReadOnlySpan<int>)[count / 4, count / 2, count * 3 / 4])
            labels.Add((Percent(100d * (i + 0.5) / count), "middle", Tick(bars.Bars[i])));
        labels.Add(("100%", "end", last));
        return labels;
    }

    private bool IsIncomplete(HistogramBar bar) => bar.EndUtc > Time.GetUtcNow().UtcDateTime;

    private string Tick(HistogramBar bar)
    {
        var local = Local(bar.StartUtc);
        if (bars.IsHourly)
            return local.ToString("HH:mm", English);
        return local.ToString(bars.Bars[^1].EndUtc - bars.Bars[0].StartUtc < LongRange ? "MMM d" : "MMM yyyy", English);
    }

    private string Span(HistogramBar bar)
    {
        var first = Local(bar.StartUtc);
        if (bars.IsHourly)
            return first.ToString("ddd, MMM d, HH:mm", English);
        var last = Local(bar.EndUtc.AddTicks(-1));
        return bars.Joined == 1 ? first.ToString("ddd, MMM d yyyy", English) : $"{first.ToString("MMM d", English)} – {last.ToString("MMM d yyyy", English)}";
    }

    private string Describe(HistogramBar bar)
    {
        var parts = new[] { (bar.ByTag, "by tag"), (bar.ByDigest, "by digest"), (bar.Checks, "checks"), (bar.Denied, "denied") }
            .Where(p => p.Item1 > 0).Select(p => string.Create(English, $"{p.Item1:N0} {p.Item2}"));
        return $"{Span(bar)}{(IsIncomplete(bar) ? " (not over yet)" : "")}: {(bar.Total == 0 ? "no pulls" : string.Join(", ", parts))}";
    }

    private Task ChooseAsync(HistogramBar first, HistogramBar last) => OnRange.InvokeAsync(new TimeRange(first.StartUtc, last.EndUtc));

    // "3-9", counted from 0. Comes from a browser, and bars may have changed meanwhile.
    private Task BrushAsync(ChangeEventArgs e)
    {
        var ends = (e.Value as string ?? "").Split('-');
        return ends.Length == 2
            && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first <= last && last < bars.Bars.Count
            ? ChooseAsync(bars.Bars[first], bars.Bars[last])
            : Task.CompletedTask;
    }

    private DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, Clock.Zone);
}
