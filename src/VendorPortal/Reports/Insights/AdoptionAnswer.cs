using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports.Insights;

/// <summary>From who pulled what when to who is how far behind. Pure.</summary>
internal sealed class AdoptionAnswer
{
    private readonly AdoptionSums sums;
    private readonly VersionTags tags;
    private readonly IReadOnlyList<InsightsBucket> buckets;
    private readonly long lately;
    private readonly List<string> all;
    private readonly List<string> releases;
    private readonly List<Standing> standings;

    /// <param name="sums">All pulls of the artifact.</param>
    /// <param name="tags">The names of its versions.</param>
    /// <param name="buckets">What its pulls were counted in.</param>
    /// <param name="lately">The first id of what was lately.</param>
    public AdoptionAnswer(AdoptionSums sums, VersionTags tags, IReadOnlyList<InsightsBucket> buckets, long lately)
    {
        (this.sums, this.tags, this.buckets, this.lately) = (sums, tags, buckets, lately);
        all = [.. sums.Seen.Keys.Select(version => tags.Of(version)).Distinct(StringComparer.Ordinal).OrderByDescending(tags.IsVersion).ThenBy(name => name, VersionOrder.NewestFirst)];
        releases = [.. all.Where(tags.IsRelease)];
        standings = [.. sums.Pairs.Where(pair => pair.Key.Customer != SegmentLimits.Unknown).GroupBy(pair => pair.Key.Customer).Select(Stand)];
    }

    public Adoption Answer(AdoptionQuery query, Func<int[], Dictionary<int, string>> readNames)
    {
        query = query with { Version = query.Version is { } asked ? VersionTags.Folded(asked) : releases.FirstOrDefault() ?? all.FirstOrDefault() };
        var has = query is { Who: AdoptionWho.Without, Version: { } version } ? Has(version) : null;
        var names = readNames([.. standings.Select(standing => standing.Customer)]);
        var search = string.IsNullOrWhiteSpace(query.Search) ? null : new NameSearch(query.Search.Trim());
        var found = standings.Where(standing => IsAmong(standing, query, has) && search?.Matches(names[standing.Customer]) != false)
            .Select(standing => Customer(standing, names[standing.Customer]))
            .OrderByDescending(customer => customer.Behind ?? -1).ThenBy(customer => customer.LastUtc).ThenBy(customer => customer.Name, StringComparer.Ordinal).ToList();
        var first = PageStart.Of(query.Skip, query.Take, found.Count);
        return new Adoption(
            buckets, Versions(), releases.FirstOrDefault(), query.Version, [.. found.Skip(first).Take(query.Take)], first, found.Count,
            standings.Count, standings.Count(s => s.Behind == 0), standings.Count(s => s.Behind > 0), standings.Count(s => s.Last < lately),
            has is null ? 0 : standings.Count(s => has(s) is null),
            sums.Pairs.Where(pair => pair.Key.Customer == SegmentLimits.Unknown).Sum(pair => pair.Value.Pulls));
    }

    private Standing Stand(IGrouping<int, KeyValuePair<(int Customer, int Version), PullSpan>> customer)
    {
        var last = customer.MaxBy(pair => pair.Value.Last);
        var release = tags.Of(last.Key.Version, last.Value.Last);
        // Where only a tag that moves led to the release, nobody knows since when.
        var since = customer.Where(pair => tags.Of(pair.Key.Version) == release).Select(pair => (long?)pair.Value.First).Min();
        var place = releases.BinarySearch(release, VersionOrder.NewestFirst);
        return new Standing(
            customer.Key, tags.Asked(last.Key.Version), release, since, last.Value.Last, place >= 0 ? place : tags.IsVersion(release) ? ~place : null,
            customer.Sum(pair => pair.Value.Pulls), [.. customer.Select(pair => (tags.Of(pair.Key.Version), pair.Value))]);
    }

    private bool IsAmong(Standing standing, AdoptionQuery query, Func<Standing, bool?>? has) => query.Who switch
    {
        AdoptionWho.StillPulling => standing.Release == query.Version && standing.Last >= lately || standing.Pulled.Any(pulled => pulled.Name == query.Version && pulled.Span.Last >= lately),
        AdoptionWho.Without => has?.Invoke(standing) == false,
        AdoptionWho.Silent => standing.Last < lately,
        _ => true,
    };

    // Whether a customer pulled a version or a newer one. Null where nobody knows: it pulled a tag that moves, or a digest no tag is known for, once the
    // version was there. What its last pull got is known where that led to a version.
    private Func<Standing, bool?> Has(string version)
    {
        var names = all.Where(name => IsAtLeast(name, version)).ToHashSet(StringComparer.Ordinal);
        var exact = all.Where(tags.IsFixed).ToHashSet(StringComparer.Ordinal);
        var first = sums.Seen.Where(seen => names.Contains(tags.Of(seen.Key))).Select(seen => seen.Value.First).DefaultIfEmpty(long.MaxValue).Min();
        return standing => names.Contains(standing.Release) || standing.Pulled.Any(pulled => names.Contains(pulled.Name)) ? true
            : standing.Pulled.Any(pulled => !exact.Contains(pulled.Name) && pulled.Span.Last >= first && !(pulled.Span.Last == standing.Last && exact.Contains(standing.Release))) ? null
            : false;
    }

    // What cannot be put in order is only at least itself.
    private bool IsAtLeast(string name, string version) =>
        name == version || (tags.IsVersion(name) && tags.IsVersion(version) && VersionOrder.NewestFirst.Compare(name, version) <= 0);

    private static AdoptionCustomer Customer(Standing standing, string name) => new(
        name, standing.Asked, standing.Release, standing.Since is { } since ? PullIds.TimeOf(since) : null, PullIds.TimeOf(standing.Last), standing.Behind, standing.Pulls);

    private List<AdoptionVersion> Versions()
    {
        var inBuckets = sums.Buckets.GroupBy(place => tags.Of(place.Key.Version), StringComparer.Ordinal).ToDictionary(
            version => version.Key,
            version => version.Aggregate(new long[buckets.Count], (counts, place) =>
            {
                counts[place.Key.Bucket] += place.Value;
                return counts;
            }),
            StringComparer.Ordinal);
        var pulled = standings.SelectMany(standing => standing.Pulled.GroupBy(p => p.Name, StringComparer.Ordinal).Select(p => (p.Key, First: p.Min(one => one.Span.First))))
            .ToLookup(first => first.Key, first => first.First, StringComparer.Ordinal);
        var current = standings.CountBy(standing => standing.Release, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var pulls = sums.Pairs.GroupBy(pair => tags.Of(pair.Key.Version), StringComparer.Ordinal).ToDictionary(version => version.Key, version => version.Sum(pair => pair.Value.Pulls), StringComparer.Ordinal);
        var seenAs = sums.Seen.ToLookup(seen => tags.Of(seen.Key), StringComparer.Ordinal);
        return [.. all.Select(name =>
        {
            var version = seenAs[name];
            var first = version.Min(seen => seen.Value.First);
            double[] days = [.. pulled[name].Select(id => (PullIds.TimeOf(id) - PullIds.TimeOf(first)).TotalDays).Order()];
            return new AdoptionVersion(
                name, [.. version.Select(seen => tags.Asked(seen.Key)).Order(StringComparer.Ordinal)], tags.IsRelease(name), PullIds.TimeOf(first), PullIds.TimeOf(version.Max(seen => seen.Value.Last)), pulls.GetValueOrDefault(name),
                inBuckets.GetValueOrDefault(name) ?? new long[buckets.Count], days.Length, current.GetValueOrDefault(name), Median(days));
        })];
    }

    private static double? Median(double[] sorted) => sorted.Length switch
    {
        0 => null,
        var n when n % 2 == 1 => sorted[n / 2],
        var n => (sorted[(n / 2) - 1] + sorted[n / 2]) / 2,
    };

    private sealed record Standing(int Customer, string Asked, string Release, long? Since, long Last, int? Behind, long Pulls, IReadOnlyList<(string Name, PullSpan Span)> Pulled);
}
