using System.Text.Json.Serialization;
using VendorPortal.Journal;

namespace VendorPortal.Feeds;

/// <summary>What a feed is answered: requests and pushes taken, repeats, events of no use, and what was refused and why.</summary>
public sealed record IngestAnswer(long Accepted, long Duplicates, long Ignored, IReadOnlyList<RejectedEvent> Rejected)
{
    /// <summary>All that was refused by reason; told where <see cref="Rejected"/> holds only the first of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, long>? RejectedByReason { get; init; }
}

/// <summary>Adds up the batches of a stream in bounded memory.</summary>
internal sealed class IngestTally
{
    /// <summary>Refused events that are told one by one.</summary>
    public const int MaxTold = 10_000;

    // Reasons name fields, not values; there are a few dozen at the most.
    private readonly Dictionary<string, long> reasons = new(StringComparer.Ordinal);
    private readonly List<RejectedEvent> rejected = [];
    private long accepted;
    private long duplicates;
    private long ignored;

    public void Add(FeedBatch batch, JournalOutcome outcome)
    {
        accepted += outcome.Stored + batch.Pushes;
        duplicates += outcome.Duplicates;
        ignored += batch.Ignored + outcome.Ignored;
        foreach (var one in batch.Rejected)
        {
            reasons[one.Reason] = reasons.GetValueOrDefault(one.Reason) + 1;
            if (rejected.Count < MaxTold)
                rejected.Add(one with { Sample = null });
        }
    }

    public IngestAnswer Answer() => new(accepted, duplicates, ignored, rejected)
    {
        RejectedByReason = reasons.Values.Sum() > rejected.Count ? reasons : null,
    };
}
