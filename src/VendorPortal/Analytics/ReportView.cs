using System.Globalization;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Analytics;

/// <summary>What a report tells of a namespace in a period.</summary>
public enum ReportView
{
    /// <summary>A row an action.</summary>
    Raw = 1,

    /// <summary>A row a repository and reference.</summary>
    Summary = 2,

    /// <summary>A row a repository.</summary>
    RepoSummary = 3,

    /// <summary>One row.</summary>
    NamespaceSummary = 4,

    /// <summary>Data downloads and version checks by repository, tag and digest, as the newer generation of Docker's reports.</summary>
    CoreSummary = 5,

    /// <summary>The same by country, cloud, client and tag, with unique users.</summary>
    CoreTrends = 6,
}

/// <summary>Names of views and time spans in addresses and answers.</summary>
public static class ReportNames
{
    public static readonly IReadOnlyList<ReportView> Views = Enum.GetValues<ReportView>();

    /// <summary>Those that the DVP Data API knows of; the others are an extension.</summary>
    public static readonly IReadOnlyList<ReportView> PublishedViews = [ReportView.Raw, ReportView.Summary, ReportView.RepoSummary, ReportView.NamespaceSummary];

    public static string Of(ReportView view) => view switch
    {
        ReportView.Raw => "raw",
        ReportView.Summary => "summary",
        ReportView.RepoSummary => "repo-summary",
        ReportView.NamespaceSummary => "namespace-summary",
        ReportView.CoreSummary => "core-summary",
        ReportView.CoreTrends => "core-trends",
        _ => throw new ArgumentOutOfRangeException(nameof(view), view, null),
    };

    public static string Of(ReportTimespan timespan) => timespan == ReportTimespan.Weeks ? "weeks" : "months";

    public static ReportView? FindView(string name) => Views.Where(view => Of(view) == name).Select(view => (ReportView?)view).FirstOrDefault();

    public static ReportTimespan? FindTimespan(string name) =>
        Enum.GetValues<ReportTimespan>().Where(timespan => Of(timespan) == name).Select(timespan => (ReportTimespan?)timespan).FirstOrDefault();
}

/// <summary>A report of a vendor: of which namespace and period, and what it tells.</summary>
public readonly record struct ReportKey(string Namespace, ReportPeriod Period, ReportView View)
{
    /// <summary>The name a part is saved under. Names of namespaces come from registries: what a file name cannot hold is left out.</summary>
    public string FileName(int part, int parts, bool isComplete)
    {
        var name = string.Concat(Namespace.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')).Trim('.');
        var number = parts > 1 ? string.Create(CultureInfo.InvariantCulture, $"_{part}") : "";
        return $"{(name.Length is 0 or > 100 ? "report" : name)}_{Period}_{ReportNames.Of(View)}{(isComplete ? "" : "_incomplete")}{number}.csv";
    }

    internal static ReportKey Of(StoredReport stored) =>
        new(stored.Namespace, ReportPeriod.Find(stored.Timespan, stored.Year, stored.Number) ?? throw new InvalidOperationException("A stored report is of no period."), stored.View);
}
