using VendorPortal.Storage.Entities;

namespace VendorPortal.Journal;

/// <summary>What one transaction brought of a feed.</summary>
/// <param name="VendorId">Whose the feed is.</param>
/// <param name="FeedId">Its number among the feeds of the vendor.</param>
/// <param name="Kind">Null where the feed is no longer there.</param>
/// <param name="Accepted">New requests and pushes.</param>
/// <param name="Duplicates">Repeats.</param>
/// <param name="Rejected">Refused events by reason, of which a feed has no more than <see cref="FeedRejection.MaxReasons"/>.</param>
internal sealed record FeedCounts(int VendorId, int FeedId, FeedKind? Kind, long Accepted, long Duplicates, IReadOnlyList<(string Reason, long Count)> Rejected);

/// <summary>Adds up the posts of a feed that share a transaction.</summary>
internal sealed class FeedTally
{
    public long Accepted { get; private set; }

    public long Ignored { get; private set; }

    public long Duplicates { get; private set; }

    public long Rejected { get; private set; }

    public string? LastReason { get; private set; }

    public DateTime? NewestUtc { get; private set; }

    public RegistryRequest? LastRequest { get; private set; }

    /// <summary>By reason: how many, and the samples that came with them, newest first.</summary>
    public Dictionary<string, (long Count, List<string> Samples)> Reasons { get; } = new(StringComparer.Ordinal);

    public void Add(FeedBatch batch, JournalOutcome outcome, Func<string, string> fold)
    {
        Accepted += outcome.Stored + batch.Pushes;
        Ignored += batch.Ignored;
        Duplicates += outcome.Duplicates;
        Rejected += batch.Rejected.Count;
        foreach (var request in batch.Requests)
        {
            if (NewestUtc is null || request.AtUtc > NewestUtc)
                NewestUtc = request.AtUtc;
            LastRequest = request;
        }

        foreach (var rejected in batch.Rejected)
        {
            LastReason = rejected.Reason;
            var reason = fold(rejected.Reason);
            var (count, samples) = Reasons.GetValueOrDefault(reason, (0, []));
            if (rejected.Sample is { } sample)
                Prepend(samples, sample);
            Reasons[reason] = (count + 1, samples);
        }
    }

    /// <summary>Puts a sample before the others, once, and keeps the newest few.</summary>
    public static void Prepend(List<string> samples, string sample)
    {
        samples.Remove(sample);
        samples.Insert(0, sample);
        if (samples.Count > FeedRejection.MaxSamples)
            samples.RemoveAt(FeedRejection.MaxSamples);
    }
}
