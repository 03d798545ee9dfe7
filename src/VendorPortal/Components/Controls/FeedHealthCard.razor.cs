using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>How a feed is: what it brought in the last two days, what was refused and why, and how its last request was read.</summary>
public sealed partial class FeedHealthCard : ComponentBase
{
    private const double Top = 34;

    [Parameter, EditorRequired]
    public required FeedHealth Feed { get; set; }

    [CascadingParameter]
    public ViewerZone Viewer { get; set; } = ViewerZone.Utc;

    private long Highest => Math.Max(1, Feed.Hours.Max(h => h.Total));

    private string Slot => Percent(100.0 / Feed.Hours.Count);

    private string Bar => Percent(78.0 / Feed.Hours.Count);

    private string SparkWords => string.Create(
        CultureInfo.InvariantCulture, $"{Feed.Hours.Sum(h => h.Total):N0} events in {Feed.Hours.Count} hours, at most {Feed.Hours.Max(h => h.Total):N0} an hour, {Feed.Hours.Sum(h => h.Rejected):N0} of them rejected");

    private string X(int index) => Percent(index * 100.0 / Feed.Hours.Count);

    private string Height(long count) => Pixels(Measure(count));

    private string Y(long count) => Pixels(Top - Measure(count));

    // What is there at all is seen.
    private double Measure(long count) => count == 0 ? 0 : Math.Max(1.5, count * (Top - 2) / Highest);

    private string Describe(FeedHourCounts hour) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Viewer.Local(hour.StartUtc):MMM d, HH:mm}: {hour.Accepted:N0} accepted, {hour.Duplicates:N0} duplicates, {hour.Ignored:N0} of no use, {hour.Rejected:N0} rejected");

    private static string Sentence(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}.";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static string Pixels(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
