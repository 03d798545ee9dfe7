using System.ComponentModel;
using System.Text.Json.Serialization;
using VendorPortal.Analytics;

namespace VendorPortal.Api;

/// <summary>The namespaces that have data.</summary>
public sealed record NamespaceListBody(IReadOnlyList<string> Namespaces);

/// <summary>What there is of a namespace.</summary>
public sealed record NamespaceMetadata(
    string Namespace,
    [property: Description("Repositories beyond the namespace; always empty here.")] IReadOnlyList<string> ExtraRepos,
    IReadOnlyList<DatasetBody> Datasets);

/// <summary>Reports that can be had.</summary>
public sealed record DatasetBody(
    [property: Description("pulls")] string Name,
    [property: Description("raw, summary, repo-summary, namespace-summary.")] IReadOnlyList<string> Views,
    [property: Description("months, weeks: those with a complete one.")] IReadOnlyList<string> Timespans);

/// <summary>Downloads in a week or month.</summary>
public sealed record PullModel(
    [property: Description("The first day, 00:00:00Z.")] DateTime Start,
    [property: Description("The last day, 00:00:00Z: a Sunday for weeks.")] DateTime End,
    [property: Description("The repository without its namespace; empty unless the series is by repository.")] string Repo,
    string Namespace,
    [property: Description("Pulls by tag and by digest, without version checks.")] long PullCount,
    [property: Description("Different addresses of these pulls. Never to be added up.")] long IpCount,
    [property: Description("ISO 3166-1 alpha-2; empty where unknown, and unless the series is by country.")] string Country)
{
    internal static PullModel Of(SeriesPoint point) => new(
        point.Period.FromUtc, point.Period.LastDay.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), point.Repository, point.Namespace, point.Pulls, point.Addresses, point.Country);
}

/// <summary>A series.</summary>
public sealed record PullSeriesBody(IReadOnlyList<PullModel> Pulls)
{
    internal static PullSeriesBody Of(IEnumerable<SeriesPoint> points) => new([.. points.Select(PullModel.Of)]);
}

/// <summary>Series by repository, <c>namespace/name</c>.</summary>
public sealed record RepoSeriesBody(IReadOnlyDictionary<string, PullSeriesBody> Repos);

public sealed record YearBody(int Year);

/// <summary>The years with reports.</summary>
public sealed record YearListBody(IReadOnlyList<YearBody> Years);

/// <summary>A week or a month by its number.</summary>
public sealed record TimespanBody(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("1 to 12, where months are asked for.")] int? Month = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("ISO 8601, 1 to 53, where weeks are asked for.")] int? Week = null)
{
    internal static TimespanBody Of(ReportPeriod period) => period.Timespan == ReportTimespan.Weeks ? new TimespanBody(Week: period.Number) : new TimespanBody(Month: period.Number);
}

/// <summary>The weeks or months of a year with reports.</summary>
public sealed record TimespanListBody(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TimespanBody>? Months = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TimespanBody>? Weeks = null);

/// <summary>The files of a report.</summary>
public sealed record ReportDataBody(IReadOnlyList<ReportDataFile> Data);

/// <summary>A file of a report, with a header of its own.</summary>
public sealed record ReportDataFile(
    [property: Description("Where to fetch it, for an hour without any header: always this revision of it.")] string Url,
    [property: Description("Bytes.")] long Size,
    long Rows,
    string Sha256,
    [property: Description("1 for what was produced first; more where pulls of the period have changed and the report was produced again.")] int Revision,
    DateTime Produced,
    [property: Description("The ruleset that the portal classified by then.")] int Ruleset);
