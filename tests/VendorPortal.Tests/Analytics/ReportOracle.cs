using System.Globalization;
using VendorPortal.Analytics;
using VendorPortal.Classification;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Analytics;

/// <summary>What reports have to say of pulls, by the words of their definitions and nothing of the portal's own reading.</summary>
internal static class ReportOracle
{
    public const string Owner = "Acme";

    private static readonly PullKind[] Downloads = [PullKind.PullByTag, PullKind.PullByDigest];

    /// <summary>The downloads and version checks of customers.</summary>
    public static IEnumerable<LoggedPull> Reported(IEnumerable<LoggedPull> pulls, int vendor, string ns) =>
        pulls.Where(p => p.Vendor == vendor && !p.Publisher && p.Kind != PullKind.Denied && NamespaceOf(p.Artifact) == ns).OrderBy(p => p.Id);

    public static string NamespaceOf(string artifact) => artifact.Contains('/', StringComparison.Ordinal) ? artifact.Split('/')[0] : "-";

    public static string RepositoryOf(string artifact) => artifact.Contains('/', StringComparison.Ordinal) ? artifact.Split('/', 2)[1] : artifact;

    /// <summary>The rows of a report, without its header, as cells.</summary>
    public static IEnumerable<string> Rows(ReportKey key, IReadOnlyList<LoggedPull> pulls) => key.View switch
    {
        ReportView.Raw => pulls.Select(Raw),
        ReportView.Summary => Groups(pulls, p => (p.Artifact, p.Version)).Select(g => $"{Cell(key.Namespace)}|{RepositoryOf(g.Key.Artifact)}|{g.Key.Version}|{Counts(g)}"),
        ReportView.RepoSummary => Groups(pulls, p => (p.Artifact, "")).Select(g => $"{Cell(key.Namespace)}|{RepositoryOf(g.Key.Artifact)}|{Counts(g)}"),
        ReportView.NamespaceSummary => [$"{Cell(key.Namespace)}|{Counts(pulls)}"],
        ReportView.CoreSummary => Groups(pulls, p => (p.Artifact, "")).Select(g => $"{Core(key)}|repository|{g.Key.Artifact}|{Events(g)}")
            .Concat(Groups(pulls, p => (p.Artifact, p.Version)).Select(g =>
                $"{Core(key)}|{(IsDigest(g.Key.Version) ? "digest" : "tag")}|{g.Key.Artifact}{(IsDigest(g.Key.Version) ? '@' : ':')}{g.Key.Version}|{Events(g)}")),
        _ => Trends(key, pulls),
    };

    public static int Addresses(IEnumerable<LoggedPull> pulls) => pulls.Select(p => p.Address).OfType<string>().Distinct().Count();

    public static bool IsDownload(LoggedPull pull) => Downloads.Contains(pull.Kind);

    private static string Raw(LoggedPull p) => string.Join(
        '|', p.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), Cell(NamespaceOf(p.Artifact)), RepositoryOf(p.Artifact), p.Version,
        p.Digest ?? (IsDigest(p.Version) ? p.Version : ""), IsDigest(p.Version) ? "" : p.Version, p.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        p.Rule is PullRule.HeadTag or PullRule.HeadDigest ? "HEAD" : "GET", RandomLogs.WireName(p.Kind), p.Network.NetworkType ?? "null", p.Network.Host, p.Network.Country,
        Guarded(p.Client?.Tool), p.Client?.Version, Guarded(p.Customer), Owner);

    private static IEnumerable<string> Trends(ReportKey key, IReadOnlyList<LoggedPull> pulls) =>
        from g in pulls.GroupBy(p => (p.Artifact, Country: p.Network.Country ?? "", Host: p.Network.Host ?? "", Tool: p.Client?.Tool ?? "", Tag: IsDigest(p.Version) ? "" : p.Version))
            .OrderBy(g => g.Key.Artifact, StringComparer.Ordinal).ThenBy(g => g.Key.Country, StringComparer.Ordinal).ThenBy(g => g.Key.Host, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Tool, StringComparer.Ordinal).ThenBy(g => g.Key.Tag, StringComparer.Ordinal)
        select string.Join(
            '|', Core(key), g.Key.Artifact, Cell(key.Namespace), g.Key.Country, g.Key.Host.Length > 0 ? g.Key.Host : "no csp", g.Key.Tool, g.Key.Tag.Length > 0 ? g.Key.Tag : """\\N""",
            Events(g), g.Select(p => p.User).OfType<string>().Distinct().Count(), Addresses(g.Where(p => p.User is null)));

    private static IEnumerable<IGrouping<(string Artifact, string Version), LoggedPull>> Groups(IEnumerable<LoggedPull> pulls, Func<LoggedPull, (string Artifact, string Version)> key) =>
        pulls.GroupBy(key).OrderBy(g => g.Key.Artifact, StringComparer.Ordinal).ThenBy(g => g.Key.Version, StringComparer.Ordinal);

    private static string Counts(IEnumerable<LoggedPull> pulls)
    {
        var all = pulls.ToList();
        return $"{Addresses(all)}|{all.Count(p => p.Kind == PullKind.PullByTag)}|{all.Count(p => p.Kind == PullKind.PullByDigest)}|{all.Count(p => p.Kind == PullKind.VersionCheck)}|{Owner}";
    }

    private static string Events(IEnumerable<LoggedPull> pulls)
    {
        var all = pulls.ToList();
        return $"{all.Count(IsDownload)}|{all.Count(p => !IsDownload(p))}|{all.Count}";
    }

    private static string Core(ReportKey key) =>
        $"{(key.Period.Timespan == ReportTimespan.Weeks ? "week" : "month")}|{key.Period.FirstDay.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}|{Owner}";

    private static string Cell(string ns) => ns == "-" ? "" : ns;

    private static bool IsDigest(string version) => version.StartsWith("sha256:", StringComparison.Ordinal);

    private static string Guarded(string? text) => text is { Length: > 0 } && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text ?? "";
}
