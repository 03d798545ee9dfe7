using System.Globalization;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Components.Insights;

/// <summary>Days, numbers and links of the page Insights and its charts.</summary>
public static class InsightsWords
{
    public static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    /// <summary>1,234.</summary>
    public static string Number(long value) => value.ToString("N0", English);

    /// <summary>1.2 M, 340 k: for axes.</summary>
    public static string Short(long value) => value switch
    {
        >= 1_000_000 => (value / 1e6).ToString("0.#", English) + " M",
        >= 10_000 => (value / 1e3).ToString("0.#", English) + " k",
        _ => value.ToString("N0", English),
    };

    /// <summary>"▲ 8.1 %"; null where there is nothing to compare with.</summary>
    public static string? Change(long now, long? before)
    {
        if (before is not (> 0 and var base0))
            return null;
        var change = 100d * (now - base0) / base0;
        return change switch
        {
            >= 1000 => "▲ more than tenfold",
            >= 0.05 => $"▲ {change.ToString("0.0", English)} %",
            <= -0.05 => $"▼ {(-change).ToString("0.0", English)} %",
            _ => "as before",
        };
    }

    /// <summary>A bucket below an axis.</summary>
    public static string Tick(InsightsBucket bucket, InsightsStep step) => step == InsightsStep.Month ? bucket.First.ToString("MMM yyyy", English) : bucket.First.ToString("MMM d", English);

    /// <summary>A bucket in full.</summary>
    public static string Span(InsightsBucket bucket, InsightsStep step) => step switch
    {
        InsightsStep.Day => bucket.First.ToString("ddd, MMM d yyyy", English),
        InsightsStep.Week => $"Week {ISOWeek.GetWeekOfYear(bucket.First.ToDateTime(TimeOnly.MinValue))}, {Days(bucket.First, bucket.Last)}",
        _ when !bucket.IsWhole => Days(bucket.First, bucket.Last),
        _ => bucket.First.ToString("MMMM yyyy", English),
    };

    /// <summary>May 4 – 10 2026.</summary>
    public static string Days(DateOnly first, DateOnly last) => (first.Year == last.Year, first.Month == last.Month, first == last) switch
    {
        (_, _, true) => first.ToString("MMM d yyyy", English),
        (true, true, _) => $"{first.ToString("MMM d", English)} – {last.ToString("%d yyyy", English)}",
        (true, _, _) => $"{first.ToString("MMM d", English)} – {last.ToString("MMM d yyyy", English)}",
        _ => $"{first.ToString("MMM d yyyy", English)} – {last.ToString("MMM d yyyy", English)}",
    };

    /// <summary>A step within a sentence: "week".</summary>
    public static string Word(InsightsStep step) => step.ToString().ToLowerInvariant();

    /// <summary>A namespace as people read it.</summary>
    public static string Namespace(string name) => name.Length == 0 || name == ArtifactNames.NoNamespace ? "without a namespace" : name;

    /// <summary>The names chosen in a view, as people read them.</summary>
    public static IEnumerable<string> Chosen(InsightsView view) => view.ByNamespace ? view.Chosen.Select(Namespace) : view.Chosen;

    /// <summary>The page Downloads with this very filter.</summary>
    public static string Downloads(PullFilter filter) => $"/downloads?{PullFilterUrl.Format(filter, TimeZoneInfo.Utc)}";

    /// <summary>A filter that keeps the downloads of another.</summary>
    public static PullFilter OnlyDownloads(PullFilter filter) => filter with { Kinds = [KindNames.PullByTag, KindNames.PullByDigest] };
}
