using System.Data.Common;
using VendorPortal.Storage;

namespace VendorPortal.Reports.Insights;

/// <summary>
/// Adoption of an artifact's versions: one pass over its pulls, of all time before the range ends, since a customer's first pull of a version may lie
/// long before the range. Version checks are no adoption and do not count.
/// </summary>
public sealed class AdoptionReader(PortalDatabase database, TimeProvider time)
{
    /// <summary>The adoption of an artifact; without versions where nobody pulled it.</summary>
    public Task<Adoption> ReadAsync(int vendorId, AdoptionQuery query, CancellationToken ct) =>
        database.ReadLogAsync(
            vendorId,
            connection =>
            {
                var buckets = query.Range.Buckets();
                var filter = new PullFilter
                {
                    ToUtc = query.Range.ToUtc, Artifacts = [query.Artifact], Kinds = [KindNames.PullByTag, KindNames.PullByDigest], Publishers = PublisherPulls.Include,
                };
                var selection = PullSelector.Select(connection, vendorId, filter);
                long[] starts = [.. buckets.Select(bucket => PullIds.Bound(bucket.First.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc))), PullIds.Bound(query.Range.ToUtc)];
                var sums = new AdoptionSums(starts);
                if (!selection.KeepsNothing)
                    LogScan.Each(connection, selection, () => new AdoptionSums(starts), (part, scan, segment) => part.Add(scan, segment), sums.Add);
                var now = time.GetUtcNow().UtcDateTime;
                var lately = PullIds.Bound((query.Range.ToUtc < now ? query.Range.ToUtc : now) - AdoptionQuery.Lately);
                return new AdoptionAnswer(sums, Tags(connection, vendorId, sums), buckets, lately).Answer(query, ids => DimensionNames.Read(connection, vendorId, "Customers", ids));
            },
            ct);

    // What the tags are by now, and what each customer's last pull was.
    private static VersionTags Tags(DbConnection connection, int vendorId, AdoptionSums sums)
    {
        var names = DimensionNames.Read(connection, vendorId, "Versions", sums.Seen.Keys);
        var last = sums.Pairs.GroupBy(pair => pair.Key.Customer).Select(customer => customer.Max(pair => pair.Value.Last));
        var digests = TagDigestReader.DigestsOf(connection, vendorId, [.. sums.Seen.Values.Select(span => span.Last).Concat(last).Distinct()]);
        var ofTags = sums.Seen.Where(seen => !PullRows.IsDigest(names[seen.Key]) && digests.ContainsKey(seen.Value.Last)).Select(seen => (names[seen.Key], digests[seen.Value.Last]));
        return new VersionTags(names, ofTags, digests);
    }
}

/// <summary>Which tag a version is: digests by the tag that was last seen to have them, the most exact where there are several.</summary>
internal sealed class VersionTags
{
    private readonly IReadOnlyDictionary<int, string> names;
    private readonly IReadOnlyDictionary<long, string> digestOfPull;
    private readonly Dictionary<string, string> tagOf;
    private readonly HashSet<string> aliases;

    /// <param name="names">Of versions.</param>
    /// <param name="digestsOfTags">The tags with the digests they have.</param>
    /// <param name="digestOfPull">The digests of pulls, as far as they are needed and known.</param>
    public VersionTags(IReadOnlyDictionary<int, string> names, IEnumerable<(string Tag, string Digest)> digestsOfTags, IReadOnlyDictionary<long, string> digestOfPull)
    {
        this.names = names;
        this.digestOfPull = digestOfPull;
        var byDigest = digestsOfTags.GroupBy(pair => pair.Digest, pair => pair.Tag, StringComparer.Ordinal).ToList();
        tagOf = byDigest.ToDictionary(tags => tags.Key, BestOf, StringComparer.Ordinal);
        aliases = byDigest.SelectMany(tags => tags.Where(tag => tag != tagOf[tags.Key])).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What was asked for; a digest as its tag where it has one.</summary>
    public string Of(int version) => names[version] is var name && tagOf.TryGetValue(name, out var tag) ? tag : name;

    /// <summary>What was asked for, as it was written.</summary>
    public string Asked(int version) => names[version];

    /// <summary>What a pull got: a tag that moves, such as <c>latest</c>, is the release it was then.</summary>
    public string Of(int version, long pull) => digestOfPull.TryGetValue(pull, out var digest) && tagOf.TryGetValue(digest, out var tag) ? tag : Of(version);

    // A release before a tag that moves, the exact one (1.4.2) before those that move with it (1.4).
    private static string BestOf(IEnumerable<string> tags) =>
        tags.OrderByDescending(VersionOrder.IsRelease).ThenByDescending(tag => tag.AsSpan().Count('.')).ThenBy(tag => tag, VersionOrder.NewestFirst).First();

    /// <summary>True of a version that can be put in order, is no pre-release, and no second name of another.</summary>
    public bool IsRelease(string name) => VersionOrder.IsRelease(name) && !aliases.Contains(name);
}
