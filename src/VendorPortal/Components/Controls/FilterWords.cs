using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>One active filter as the page names it; <paramref name="Dimension"/> is null of the text and of labelled pulls.</summary>
public sealed record FilterPhrase(string Label, string Values, string AllValues, PullFilter Without, FilterDimension? Dimension = null, bool IsNot = false);

/// <summary>A filter in words: for chips, and for the sentence that says why nothing is shown.</summary>
public static class FilterWords
{
    private const int Shown = 2;

    /// <summary>What is filtered beside the dates, in the order of the controls.</summary>
    public static IReadOnlyList<FilterPhrase> Phrases(PullFilter filter)
    {
        var phrases = new List<FilterPhrase>();
        if (filter.Text is { } text)
            phrases.Add(new FilterPhrase("Text", text, text, filter with { Text = null }));
        foreach (var dimension in Enum.GetValues<FilterDimension>())
        {
            var without = filter.With(dimension, []);
            Add(dimension, Label(dimension), filter.Only[dimension], dimension == FilterDimension.Artifact ? without with { Versions = [] } : without);
            Add(dimension, $"{Label(dimension)} is not", filter.Not[dimension], filter.WithNot(dimension, []), isNot: true);
        }

        if (filter.Publishers != PublisherPulls.Exclude)
        {
            var words = filter.Publishers == PublisherPulls.Only ? "only theirs" : "included";
            phrases.Add(new FilterPhrase("Publishers’ own pulls", words, words, filter with { Publishers = PublisherPulls.Exclude }, FilterDimension.Kind));
        }

        return phrases;

        void Add(FilterDimension dimension, string label, FilterValues values, PullFilter without, bool isNot = false)
        {
            if (values.Count > 0)
                phrases.Add(new FilterPhrase(label, Some(dimension, values), string.Join(", ", values.Select(value => Name(dimension, value))), without, dimension, isNot));
        }
    }

    /// <summary>What a dimension is called.</summary>
    public static string Label(FilterDimension dimension) => dimension switch
    {
        FilterDimension.Host => "Cloud",
        FilterDimension.NetworkType => "Network type",
        _ => dimension.ToString(),
    };

    /// <summary>Its values, within a sentence.</summary>
    public static string Plural(FilterDimension dimension) => dimension switch
    {
        FilterDimension.Address => "addresses",
        FilterDimension.Country => "countries",
        _ => Label(dimension).ToLowerInvariant() + "s",
    };

    /// <summary>"No pulls match Customer: Initech and Version: 1.4.2 in the last 30 days."</summary>
    public static string NothingMatches(PullFilter filter, MemberClock clock, Period? period = null)
    {
        var phrases = Phrases(filter).Select(p => $"{p.Label}: {p.Values}").ToList();
        var what = phrases.Count switch
        {
            0 => "No pulls",
            1 => $"No pulls match {phrases[0]}",
            _ => $"No pulls match {string.Join(", ", phrases.SkipLast(1))} and {phrases[^1]}",
        };
        return $"{what} {When(filter, clock, period)}.";
    }

    /// <summary>A value of a dimension as people read it.</summary>
    public static string Name(FilterDimension dimension, string value) => value switch
    {
        PullFilter.None => "unknown",
        _ when dimension == FilterDimension.Kind => Name(value),
        _ when dimension == FilterDimension.Version => DigestText.Short(value),
        _ => OptionNames.Label(dimension, value),
    };

    /// <summary>A kind in a word.</summary>
    public static string Name(string kind) => kind switch
    {
        KindNames.PullByTag => "by tag",
        KindNames.PullByDigest => "by digest",
        KindNames.VersionCheck => "check",
        _ => "denied",
    };

    private static string Some(FilterDimension dimension, FilterValues values)
    {
        var first = string.Join(", ", values.Take(Shown).Select(value => Name(dimension, value)));
        return values.Count <= Shown ? first : $"{first} and {values.Count - Shown} more";
    }

    private static string When(PullFilter filter, MemberClock clock, Period? period)
    {
        var range = DayRange.Describe(filter, clock, period);
        return range switch
        {
            "All time" => "so far",
            "Today" => "today",
            "Yesterday" => "yesterday",
            "Month to date" => "this month",
            "Last month" => "last month",
            _ when range.StartsWith("Last ", StringComparison.Ordinal) => $"in the last {range["Last ".Length..]}",
            _ when range.StartsWith("Since ", StringComparison.Ordinal) => $"since {range["Since ".Length..]}",
            _ when range.StartsWith("Until ", StringComparison.Ordinal) => $"until {range["Until ".Length..]}",
            _ when range.Contains('–', StringComparison.Ordinal) => $"between {range.Replace(" – ", " and ", StringComparison.Ordinal)}",
            _ => $"on {range}",
        };
    }
}
