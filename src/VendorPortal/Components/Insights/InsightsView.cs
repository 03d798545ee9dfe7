using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Components.Insights;

/// <summary>Which page of the summary table is shown, and how.</summary>
public sealed record SummaryView(SummaryGroup Group = SummaryGroup.Artifact, SummarySort Sort = SummarySort.ByTag, bool Ascending = false, string? Search = null, int Page = 0);

/// <summary>
/// All that the page Insights shows, and the address that says it: a span of months up to today or two days of UTC, how it is cut, the repositories or
/// namespaces chosen, and the summary's page. What is chosen by months moves with the clock.
/// </summary>
public sealed record InsightsView
{
    /// <summary>The spans offered by name, in months.</summary>
    public static readonly IReadOnlyList<int> Spans = [3, 6, 12];

    public static readonly InsightsView Default = new();

    // So that no line's number overflows.
    private const int MaxPage = 1_000_000;

    private static readonly string[] StepNames = ["day", "week", "month"];
    private static readonly string[] GroupNames = ["namespace", "repository", "reference"];
    private static readonly string[] SortNames = ["name", "addresses", "tag", "digest", "checks"];

    /// <summary>Months up to today; null where two days are given.</summary>
    public int? Months { get; init; } = 3;

    public DateOnly? From { get; init; }

    /// <summary>Inclusive.</summary>
    public DateOnly? To { get; init; }

    public InsightsStep Step { get; init; } = InsightsStep.Week;

    public bool ByNamespace { get; init; }

    /// <summary>Repositories, or namespaces (<see cref="ArtifactNames.NoNamespace"/> for repositories without one); none for all.</summary>
    public FilterValues Chosen { get; init; } = [];

    public SummaryView Table { get; init; } = new();

    /// <summary>The days shown, UTC; a span begins where a day, week or month does. A step too fine for them gives way.</summary>
    public InsightsRange Range(DateOnly today)
    {
        if (Months is not { } months)
            return new InsightsRange(From ?? InsightsRange.Oldest, To ?? today, Step).Readable();
        var first = Step switch
        {
            InsightsStep.Month => InsightsRange.StartOf(today, Step).AddMonths(1 - months),
            InsightsStep.Week => InsightsRange.StartOf(today, Step).AddDays(-7 * ((months * 13 / 3) - 1)),
            _ => today.AddMonths(-months).AddDays(1),
        };
        return new InsightsRange(first, today, Step).Readable();
    }

    /// <summary>Downloads and version checks of what is chosen, without a range.</summary>
    public PullFilter Filter() => Everything() with { Artifacts = ByNamespace ? FilterValues.From(Chosen.Select(AllOf)) : Chosen };

    /// <summary>The same of every repository.</summary>
    public static PullFilter Everything() => new() { Kinds = [KindNames.PullByTag, KindNames.PullByDigest, KindNames.VersionCheck] };

    /// <summary>Reads a view; what cannot be read is named and left at its default.</summary>
    public static InsightsView Parse(IEnumerable<KeyValuePair<string, StringValues>> query, DateOnly today, out IReadOnlyList<FilterError> errors)
    {
        var wrong = new List<FilterError>();
        var values = query.ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        var view = new InsightsView
        {
            Step = (InsightsStep)Choice("step", StepNames, (int)Default.Step),
            ByNamespace = Text("by", 20) switch { null or "repository" => false, "namespace" => true, _ => Refuse("by", "repository or namespace", false) },
            Table = new SummaryView(
                (SummaryGroup)Choice("level", GroupNames, (int)Default.Table.Group), (SummarySort)Choice("sort", SortNames, (int)Default.Table.Sort),
                Text("order", 20) switch { null or "descending" => false, "ascending" => true, _ => Refuse("order", "ascending or descending", false) },
                Text("search", PullFilterUrl.MaxText), Page()),
        };
        var chosen = FilterValues.From(values[view.ByNamespace ? "namespace" : "repository"].SelectMany(value => value).OfType<string>().Where(name => name.Length is > 0 and <= Storage.Entities.Artifact.MaxName).Take(PullFilterUrl.MaxValues));
        view = Span(view with { Chosen = chosen });
        errors = wrong;
        return view;

        InsightsView Span(InsightsView read)
        {
            var (from, to) = (Day("from"), Day("to"));
            if (from > to)
                return Refuse("from", "a day that is not after to", read);
            if (from is not null || to is not null)
                return read with { Months = null, From = from, To = to };
            return Text("months", 4) is not { } months ? read
                : int.TryParse(months, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 36 ? read with { Months = count }
                : Refuse("months", "a number from 1 to 36", read);
        }

        string? Text(string name, int most)
        {
            var text = values[name].SelectMany(value => value).FirstOrDefault(value => !string.IsNullOrEmpty(value));
            return text is null || text.Length <= most ? text : Refuse<string?>(name, $"a text of at most {most} characters", null);
        }

        int Choice(string name, string[] names, int otherwise) =>
            Text(name, 20) is not { } text ? otherwise : Array.IndexOf(names, text.ToLowerInvariant()) is >= 0 and var place ? place : Refuse(name, $"one of {string.Join(", ", names)}", otherwise);

        int Page() => Text("page", 8) is not { } text ? 0 : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page is >= 1 and <= MaxPage ? page - 1 : Refuse("page", $"a number from 1 to {MaxPage}", 0);

        DateOnly? Day(string name)
        {
            if (Text(name, 20) is not { } text)
                return null;
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return Refuse<DateOnly?>(name, "a date such as 2026-05-01", null);
            return day < InsightsRange.Oldest ? InsightsRange.Oldest : day > today ? today : day;
        }

        T Refuse<T>(string name, string accepted, T otherwise)
        {
            wrong.Add(new FilterError(name, $"{name} cannot be read. Accepted: {accepted}."));
            return otherwise;
        }
    }

    /// <summary>The parameters that stand for this view, without a leading question mark; empty for the default view.</summary>
    public string Query()
    {
        var text = new StringBuilder();
        if (Months is { } months)
            Add("months", months == Default.Months ? null : months.ToString(CultureInfo.InvariantCulture));
        else
            Add("from", FilterTimes.Format(From ?? InsightsRange.Oldest));
        Add("to", Months is null && To is { } to ? FilterTimes.Format(to) : null);
        Add("step", Step == Default.Step ? null : StepNames[(int)Step]);
        Add("by", ByNamespace ? "namespace" : null);
        foreach (var name in Chosen)
            Add(ByNamespace ? "namespace" : "repository", name);
        Add("level", Table.Group == Default.Table.Group ? null : GroupNames[(int)Table.Group]);
        Add("sort", Table.Sort == Default.Table.Sort ? null : SortNames[(int)Table.Sort]);
        Add("order", Table.Ascending ? "ascending" : null);
        Add("search", Table.Search);
        Add("page", Table.Page == 0 ? null : (Table.Page + 1).ToString(CultureInfo.InvariantCulture));
        return text.ToString();

        void Add(string name, string? value)
        {
            if (value is null)
                return;
            if (text.Length > 0)
                text.Append('&');
            text.Append(name).Append('=').Append(Uri.EscapeDataString(value).Replace("%2F", "/", StringComparison.Ordinal));
        }
    }

    /// <summary>The address of a page of this view.</summary>
    public string Address(string path = "/insights") => Query() is { Length: > 0 } query ? $"{path}?{query}" : path;

    private static string AllOf(string ns) => (ns == ArtifactNames.NoNamespace ? "" : ns) + PullFilter.AllOfNamespace;
}
