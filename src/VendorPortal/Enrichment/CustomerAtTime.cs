using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Enrichment;

/// <summary>
/// Which customer a user belonged to at a moment: the newest assignment that is not after it. An immutable copy of a vendor's
/// assignments, used alike when a pull is written and when past pulls are changed, so that both give the same.
/// </summary>
public sealed class CustomerAtTime
{
    public static readonly CustomerAtTime Empty = new([]);

    /// <summary>Where an assignment starts that is meant for all pulls: no id stands for an earlier time.</summary>
    public static readonly DateTime Always = PullIds.Epoch;

    private readonly Dictionary<int, Span[]> users;

    private CustomerAtTime(Dictionary<int, Span[]> users) => this.users = users;

    public static CustomerAtTime From(IEnumerable<CustomerAssignment> assignments) => new(assignments
        .GroupBy(a => a.UserId)
        .ToDictionary(g => g.Key, g => g.OrderBy(a => a.FromUtc).Select(a => new Span(a.FromUtc, a.CustomerId)).ToArray()));

    /// <summary>
    /// The moment from which a change counts that is made at <paramref name="nowUtc"/>: the next whole millisecond, because ids of pulls
    /// carry whole milliseconds and a change must not part two pulls that bear the same time.
    /// </summary>
    public static DateTime FromNowOn(DateTime nowUtc) => PullIds.TimeOf(PullIds.Bound(nowUtc));

    /// <summary>The customer of a user at <paramref name="atUtc"/>; null where there was none, and for an unknown user.</summary>
    public int? Find(int? userId, DateTime atUtc)
    {
        if (userId is not { } id || !users.TryGetValue(id, out var spans))
            return null;
        for (var i = spans.Length - 1; i >= 0; i--)
        {
            if (spans[i].FromUtc <= atUtc)
                return spans[i].CustomerId;
        }

        return null;
    }

    /// <summary>The customer of a pull: of its user at the time its id carries.</summary>
    public int? OfPull(int? userId, long pullId) => userId is null ? null : Find(userId, PullIds.TimeOf(pullId));

    private readonly record struct Span(DateTime FromUtc, int? CustomerId);
}
