using System.Globalization;
using VendorPortal.Journal;

namespace VendorPortal.Import;

/// <summary>How far an import has come. Written by the import, read by whoever shows it, at any time and from any thread.</summary>
public sealed class ImportMonitor
{
    /// <summary>Refused lines or events that are remembered one by one.</summary>
    public const int MaxRejected = 1_000;

    /// <summary>Different reasons that are counted apart; what is refused for yet others is counted as <see cref="OtherReasons"/>.</summary>
    public const int MaxReasons = 100;

    public const string OtherReasons = "another reason";

    // Of an import that has something to store at the end, reading is about so much of the work.
    private const double PartOfReading = 0.6;

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> reasons = new(StringComparer.Ordinal);
    private readonly List<RejectedEvent> rejected = [];
    private long bytes;
    private long events;
    private long toStore;
    private long stored;

    /// <summary>Bytes of all files; null where nobody knows, as for a pipe.</summary>
    public long? TotalBytes { get; internal set; }

    /// <summary>Bytes of the files read so far, as they lie on the disk.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Lines or events read so far.</summary>
    public long Events => Interlocked.Read(ref events);

    /// <summary>True while what was read is put in order, classified and stored.</summary>
    public bool IsStoring => Interlocked.Read(ref toStore) > 0;

    /// <summary>How much of the work is done, from 0 to 1; null where nobody knows.</summary>
    public double? Fraction
    {
        get
        {
            if (Interlocked.Read(ref toStore) is > 0 and var all)
                return PartOfReading + ((1 - PartOfReading) * Interlocked.Read(ref stored) / all);
            return TotalBytes is > 0 and var total ? PartOfReading * Math.Min(1, (double)Bytes / total) : null;
        }
    }

    /// <summary>What was read of how much, in words; of an unknown whole only what was read.</summary>
    public static string Read(long bytes, long? total) =>
        total is { } all ? $"{Megabytes(bytes)} of {Megabytes(all)} MB" : $"{Megabytes(bytes)} MB";

    /// <summary>How long the rest takes at the pace so far; null where nobody knows yet.</summary>
    public TimeSpan? Remaining(TimeSpan elapsed) => Fraction is > 0.02 and < 1 and var done ? elapsed * ((1 - done) / done) : null;

    /// <summary>The first refused ones, by their places in their file.</summary>
    public IReadOnlyList<RejectedEvent> Rejected
    {
        get
        {
            lock (gate)
                return [.. rejected];
        }
    }

    /// <summary>How many were refused for each reason, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> RejectedByReason
    {
        get
        {
            lock (gate)
                return [.. reasons.OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal)];
        }
    }

    internal void AddBytes(long count) => Interlocked.Add(ref bytes, count);

    /// <param name="batch">What was read.</param>
    /// <param name="source">The file it is from, where there are several.</param>
    internal void Add(FeedBatch batch, string? source = null)
    {
        Interlocked.Add(ref events, batch.Count);
        if (batch.Rejected.Count == 0)
            return;
        lock (gate)
        {
            foreach (var one in batch.Rejected)
            {
                var reason = reasons.Count < MaxReasons || reasons.ContainsKey(one.Reason) ? one.Reason : OtherReasons;
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
                if (rejected.Count < MaxRejected)
                    rejected.Add(source is null ? one : one with { Source = source });
            }
        }
    }

    internal void BeginStoring(long requests) => Interlocked.Exchange(ref toStore, requests);

    internal void AddStored(long requests) => Interlocked.Add(ref stored, requests);

    private static string Megabytes(long bytes) => (bytes / 1_000_000.0).ToString("N1", CultureInfo.InvariantCulture);
}
