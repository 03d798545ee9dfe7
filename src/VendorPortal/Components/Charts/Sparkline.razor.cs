using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using VendorPortal.Components.Insights;

namespace VendorPortal.Components.Charts;

/// <summary>A small line without axes, from 0 to its own highest value.</summary>
public sealed partial class Sparkline : ComponentBase
{
    private const double Left = 1.5;
    private const double Width = 117;
    private const double Bottom = 21.5;
    private const double Height = 19;

    [Parameter, EditorRequired]
    public required IReadOnlyList<long> Values { get; set; }

    /// <summary>True where the last value is of a day, week or month that is not over: it is drawn apart.</summary>
    [Parameter]
    public bool IsOpen { get; set; }

    /// <summary>What a value is of: "day".</summary>
    [Parameter, EditorRequired]
    public required string Step { get; set; }

    private int Whole => IsOpen && Values.Count > 1 ? Values.Count - 1 : Values.Count;

    private string Sentence => $"By {Step}: highest {InsightsWords.Number(Values.DefaultIfEmpty().Max())}, last {InsightsWords.Number(Values.Count > 0 ? Values[^1] : 0)}";

    private string Path(int from, int to)
    {
        var highest = Math.Max(1, Values.DefaultIfEmpty().Max());
        var path = new StringBuilder();
        for (var i = from; i < to; i++)
        {
            var x = Values.Count == 1 ? Left : Left + (Width * i / (Values.Count - 1));
            path.Append(i == from ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{x:0.#} {Bottom - (Height * Values[i] / highest):0.#}");
        }

        // A point alone has no length, and nothing would be drawn.
        return Values.Count == 1 ? path.Append(CultureInfo.InvariantCulture, $"h{Width}").ToString() : path.ToString();
    }
}
