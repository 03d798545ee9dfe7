using System.Globalization;
using VendorPortal.Components.Insights;

namespace VendorPortal.Components.ProductUse;

/// <summary>Numbers of the page Usage as people read them.</summary>
public static class UsageWords
{
    public const string None = "–";

    /// <summary>12.3; a dash where there is none.</summary>
    public static string Average(double? value) => value switch
    {
        null => None,
        >= 100 and var large => InsightsWords.Number((long)Math.Round(large)),
        var small => small.Value.ToString("0.0", InsightsWords.English),
    };

    /// <summary>93.4 %; a dash where there is none.</summary>
    public static string Share(double? value) => value is { } share ? (100 * share).ToString(share is > 0 and < 0.9995 ? "0.0" : "0", InsightsWords.English) + " %" : None;

    /// <summary>1 min 23 s; a dash where there is none.</summary>
    public static string Duration(TimeSpan? time) => time switch
    {
        null => None,
        { TotalMilliseconds: < 1000 } => string.Create(CultureInfo.InvariantCulture, $"{time.Value.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 60 } => time.Value.TotalSeconds.ToString("0.0", InsightsWords.English) + " s",
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Value.Minutes} min {time.Value.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.Value.TotalHours} h {time.Value.Minutes} min"),
    };
}
