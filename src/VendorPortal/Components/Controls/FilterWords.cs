using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>One active filter as the page names it.</summary>
public sealed record FilterPhrase(string Label, string Values, string AllValues, PullFilter Without);

/// <summary>A filter in words: for chips, and for the sentence that says why nothing is shown.</summary>
public static class FilterWords
{
    private const int Shown = 2;

    /// <summary>What is filtered beside the dates, in the order of the controls.</summary>
    public static IReadOnlyList<FilterPhrase> Phrases(PullFilter filter)
    {
        var phrases = new List<FilterPhrase>();
        Add("Customer", filter.Customers, filter with { Customers = [] });
        Add("User", filter.Users, filter with { Users = [] });
        Add("Address", filter.Addresses, filter with { Addresses = [] });
        Add("Artifact", filter.Artifacts, filter with { Artifacts = [], Versions = [] });
        Add("Version", filter.Versions, filter with { Versions = [] });
        Add("Kind", filter.Kinds, filter with { Kinds = [] });
        foreach (var dimension in Enum.GetValues<FilterDimension>())
            Add($"Not {dimension.ToString().ToLowerInvariant()}", filter.Not[dimension], filter.WithNot(dimension, []));
        if (filter.Text is { } text)
            phrases.Add(new FilterPhrase("Text", text, text, filter with { Text = null }));
        if (filter.Publishers != PublisherPulls.Exclude)
        {
            var words = filter.Publishers == PublisherPulls.Only ? "only theirs" : "included";
            phrases.Add(new FilterPhrase("Publishers’ own pulls", words, words, filter with { Publishers = PublisherPulls.Exclude }));
        }

        return phrases;

        void Add(string label, FilterValues values, PullFilter without)
        {
            if (values.Count > 0)
                phrases.Add(new FilterPhrase(label, Some(values), string.Join(", ", values.Select(Name)), without));
        }
    }

    /// <summary>"No pulls match Customer: Initech and Version: 1.4.2 in the last 30 days."</summary>
    public static string NothingMatches(PullFilter filter, MemberClock clock)
    {
        var phrases = Phrases(filter).Select(p => $"{p.Label}: {p.Values}").ToList();
        var what = phrases.Count switch
        {
            0 => "No pulls",
            1 => $"No pulls match {phrases[0]}",
            _ => $"No pulls match {string.Join(", ", phrases.SkipLast(1))} and {phrases[^1]}",
        };
        return $"{what} {When(filter, clock)}.";
    }

    /// <summary>A value as people read it.</summary>
    public static string Name(string value) => value switch
    {
        PullFilter.None => "unknown",
        KindNames.PullByTag => "by tag",
        KindNames.PullByDigest => "by digest",
        KindNames.VersionCheck => "check",
        KindNames.Denied => "denied",
        _ => DigestText.Short(value),
    };

    private static string Some(FilterValues values)
    {
        var first = string.Join(", ", values.Take(Shown).Select(Name));
        return values.Count <= Shown ? first : $"{first} and {values.Count - Shown} more";
    }

    private static string When(PullFilter filter, MemberClock clock)
    {
        var range = DayRange.Describe(filter, clock);
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
