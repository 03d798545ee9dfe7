using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;
using VendorPortal.Components.Controls;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;
using VendorPortal.Reports.Overview;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Overview;

/// <summary>Which lines of a breakdown are shown, and in which order.</summary>
public sealed record TableView(ActivitySort Sort = ActivitySort.Downloads, bool Ascending = false, string? Search = null, int Page = 0, ArtifactKind? Kind = null)
{
    public static readonly TableView Default = new();
}

/// <summary>
/// What the page Overview and those of artifacts and customers show, and the address that says it: a range by its name, two days of UTC or all time; whether the
/// breakdown is by customer; and its page. A range by name moves with the clock.
/// </summary>
public sealed record OverviewView
{
    /// <summary>The month up to today: what the page begins with.</summary>
    public static readonly Period Month = Period.Find("30d")!;

    /// <summary>The ranges offered by name: whole days, and none called "last month" beside <see cref="Month"/>.</summary>
    public static readonly IReadOnlyList<Period> Periods = [.. Period.All.Where(period => period.Token is not ("24h" or "last-month"))];

    /// <summary>After what it is made of.</summary>
    public static readonly OverviewView Default = new();

    private const string AllTime = "all";
    private const int MaxPage = 1_000_000;

    private static readonly string[] SortNames = ["downloads", "change", "last", "counted", "name"];

    /// <summary>Null where two days are given, or all time.</summary>
    public Period? Period { get; init; } = Month;

    public DateOnly? From { get; init; }

    /// <summary>Inclusive.</summary>
    public DateOnly? To { get; init; }

    public bool ByCustomer { get; init; }

    public TableView Table { get; init; } = TableView.Default;

    public bool IsAllTime => Period is null && From is null && To is null;

    /// <summary>The days shown, UTC; <paramref name="allTime"/> are those of the whole log, null where it is empty.</summary>
    public OverviewRange Range(DateTime nowUtc, OverviewRange? allTime)
    {
        var today = DateOnly.FromDateTime(nowUtc);
        if (IsAllTime)
            return allTime is null ? new OverviewRange(today, today, IsAllTime: true) : allTime with { Last = today > allTime.First ? today : allTime.First };
        var days = Period is null ? new DayRange(From, To) : DayRange.Of(Filter(nowUtc), TimeZoneInfo.Utc);
        var (first, last) = (days.First ?? allTime?.First ?? InsightsRange.Oldest, days.Last ?? today);
        return new OverviewRange(first < last ? first : last, last);
    }

    /// <summary>The range as a filter, for the control that chooses it.</summary>
    public PullFilter Filter(DateTime nowUtc) => Period?.ApplyTo(PullFilter.Everything, TimeZoneInfo.Utc, nowUtc) ?? new DayRange(From, To).ApplyTo(PullFilter.Everything, TimeZoneInfo.Utc);

    /// <summary>This view with another range, as the control gives it, and its first page.</summary>
    public OverviewView With(PageFilter range)
    {
        var days = DayRange.Of(range.Filter, TimeZoneInfo.Utc);
        var named = range.Period is { } period && Periods.Contains(period) ? period : null;
        return this with { Period = named, From = named is null ? days.First : null, To = named is null ? days.Last : null, Table = Table with { Page = 0 } };
    }

    /// <summary>Reads a view; what cannot be read is named and left at its default.</summary>
    public static OverviewView Parse(IEnumerable<KeyValuePair<string, StringValues>> query, DateOnly today, out IReadOnlyList<FilterError> errors)
    {
        var wrong = new List<FilterError>();
        var values = query.ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        var sort = Text("sort", 20) is { } name ? Choice("sort", SortNames, name) : 0;
        var view = new OverviewView
        {
            ByCustomer = Text("by", 20) switch { null or "repository" => false, "customer" => true, _ => Refuse("by", "repository or customer", false) },
            Table = new TableView(
                (ActivitySort)sort, Text("order", 20) switch { null or "descending" => false, "ascending" => true, _ => Refuse("order", "ascending or descending", false) },
                Text("search", PullFilterUrl.MaxText), Page(),
                Text("kind", 20) is not { } kind ? null : ArtifactKinds.Find(kind) ?? Refuse<ArtifactKind?>("kind", $"one of {string.Join(", ", ArtifactKinds.Names)}", null)),
        };
        view = Span(view);
        errors = wrong;
        return view;

        OverviewView Span(OverviewView read)
        {
            var (from, to) = (Day("from"), Day("to"));
            if (from > to)
                return Refuse("from", "a day that is not after to", read);
            if (from is not null || to is not null)
                return read with { Period = null, From = from, To = to };
            return Text("period", 20) switch
            {
                null => read,
                AllTime => read with { Period = null },
                var token => Periods.FirstOrDefault(period => period.Token == token) is { } named ? read with { Period = named }
                    : Refuse("period", $"one of {AllTime}, {string.Join(", ", Periods.Select(period => period.Token))}", read),
            };
        }

        string? Text(string parameter, int most)
        {
            var text = values[parameter].SelectMany(value => value).FirstOrDefault(value => !string.IsNullOrEmpty(value));
            return text is null || text.Length <= most ? text : Refuse<string?>(parameter, $"a text of at most {most} characters", null);
        }

        int Choice(string parameter, string[] names, string text) =>
            Array.IndexOf(names, text.ToLowerInvariant()) is >= 0 and var place ? place : Refuse(parameter, $"one of {string.Join(", ", names)}", 0);

        int Page() => Text("page", 8) is not { } text ? 0 : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page is >= 1 and <= MaxPage ? page - 1 : Refuse("page", $"a number from 1 to {MaxPage}", 0);

        DateOnly? Day(string parameter)
        {
            if (Text(parameter, 20) is not { } text)
                return null;
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return Refuse<DateOnly?>(parameter, "a date such as 2026-05-01", null);
            return day < InsightsRange.Oldest ? InsightsRange.Oldest : day > today ? today : day;
        }

        T Refuse<T>(string parameter, string accepted, T otherwise)
        {
            wrong.Add(new FilterError(parameter, $"{parameter} cannot be read. Accepted: {accepted}."));
            return otherwise;
        }
    }

    /// <summary>The parameters that stand for the range alone, without a leading question mark; empty for the default.</summary>
    public string RangeQuery() => (this with { ByCustomer = false, Table = TableView.Default }).Query();

    /// <summary>The parameters that stand for this view, without a leading question mark; empty for the default view.</summary>
    public string Query()
    {
        var text = new StringBuilder();
        Add("period", Period == Month ? null : IsAllTime ? AllTime : Period?.Token);
        Add("from", From is { } from ? FilterTimes.Format(from) : null);
        Add("to", To is { } to ? FilterTimes.Format(to) : null);
        Add("by", ByCustomer ? "customer" : null);
        Add("kind", Table.Kind is { } kind ? ArtifactKinds.NameOf(kind) : null);
        Add("sort", Table.Sort == ActivitySort.Downloads ? null : SortNames[(int)Table.Sort]);
        Add("order", Table.Ascending ? "ascending" : null);
        Add("search", Table.Search);
        Add("page", Table.Page == 0 ? null : (Table.Page + 1).ToString(CultureInfo.InvariantCulture));
        return text.ToString();

        void Add(string parameter, string? value)
        {
            if (value is null)
                return;
            if (text.Length > 0)
                text.Append('&');
            text.Append(parameter).Append('=').Append(Uri.EscapeDataString(value).Replace("%2F", "/", StringComparison.Ordinal));
        }
    }

    /// <summary>The address of a page of this view.</summary>
    public string Address(string path) => Query() is { Length: > 0 } query ? $"{path}?{query}" : path;

    /// <summary>True where only the breakdown differs, which reads its own lines.</summary>
    public bool IsSameRange(OverviewView other) => Period == other.Period && From == other.From && To == other.To;
}
