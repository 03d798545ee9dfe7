using VendorPortal.Reports;
using VendorPortal.Reports.Overview;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Overview;

/// <summary>Kinds of artifacts in words, and the addresses of their pages.</summary>
public static class OverviewWords
{
    public static string Kind(ArtifactKind kind) => kind switch
    {
        ArtifactKind.Container => "Container image",
        ArtifactKind.Helm => "Helm chart",
        ArtifactKind.Model => "Model",
        ArtifactKind.Dataset => "Dataset",
        _ => "Other",
    };

    public static string Kinds(ArtifactKind kind) => kind == ArtifactKind.Other ? "Other" : Kind(kind) + "s";

    /// <summary>How the kind of an artifact is known.</summary>
    public static string Source(KindSource source) => source switch
    {
        KindSource.Manifest => "from the manifest",
        KindSource.Member => "set by hand",
        _ => "assumed: no feed has told",
    };

    /// <summary>The colour of a kind among the series of charts.</summary>
    public static string Class(ArtifactKind kind) => kind == ArtifactKind.Other ? "s-rest" : $"s{(int)kind}";

    /// <summary>"▲ 8.1 %" in little room; null where there is nothing to compare with.</summary>
    public static string? Change(ActivityLine line) => line.Change switch
    {
        null => null,
        >= 10 => "▲ > 10 ×",
        > -0.0005 and < 0.0005 => "0 %",
        var change => $"{(change > 0 ? "▲" : "▼")} {Math.Abs(change.Value * 100).ToString("0.0", Insights.InsightsWords.English)} %",
    };

    /// <summary>The page of an artifact; slashes of its name stay as they are.</summary>
    public static string Artifact(string name, string range = "") => With($"/artifacts/{Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal)}", range);

    public static string Customer(int id, string range = "") => With(FormattableString.Invariant($"/customers/{id}"), range);

    /// <summary>What a line counts, as a filter beside the page's own.</summary>
    public static PullFilter Of(PullFilter filter, ActivityGroup group, ActivityLine line) => group switch
    {
        ActivityGroup.Artifact => filter with { Artifacts = [line.Name] },
        ActivityGroup.Customer => filter with { Customers = [line.Name] },
        ActivityGroup.User => filter with { Users = [line.Name] },
        ActivityGroup.Address => filter with { Addresses = [line.Name] },
        _ => filter with { Artifacts = [line.Artifact!], Versions = [line.Name] },
    };

    private static string With(string path, string query) => query.Length == 0 ? path : $"{path}?{query}";
}
