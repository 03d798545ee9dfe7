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
