using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Journal;

/// <summary>
/// Writes what a transaction of the journal brought of each feed: counters, the current hour, reasons of refusals, and, at most once a second,
/// samples of them and the last request. Part of the journal's own transaction; not thread-safe.
/// </summary>
internal sealed class FeedHealthWriter : IDisposable
{
    private const int MaxRemembered = 1_000;
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly PreparedStatement findKind;
    private readonly PreparedStatement findReasons;
    private readonly PreparedStatement updateFeed;
    private readonly PreparedStatement addHour;
    private readonly PreparedStatement dropHours;
    private readonly PreparedStatement addReason;
    private readonly Dictionary<(int Vendor, int Feed), KnownFeed> known = new();
    private readonly Dictionary<(int Vendor, int Feed), FeedTally> tallies = new();

    public FeedHealthWriter(DbConnection connection)
    {
        findKind = new(connection, "SELECT \"Kind\" FROM \"Feeds\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 2);
        findReasons = new(connection, "SELECT \"Reason\", \"Samples\" FROM \"FeedRejections\" WHERE \"VendorId\" = @p0 AND \"FeedId\" = @p1", 2);
        updateFeed = new(
            connection,
            "UPDATE \"Feeds\" SET \"LastReceivedUtc\" = @p2, \"Accepted\" = \"Accepted\" + @p3, \"Ignored\" = \"Ignored\" + @p4, \"Duplicates\" = \"Duplicates\" + @p5, " +
            "\"Rejected\" = \"Rejected\" + @p6, \"LastRejection\" = COALESCE(@p7, \"LastRejection\"), " +
            "\"NewestEventUtc\" = CASE WHEN @p8 IS NULL OR \"NewestEventUtc\" >= @p8 THEN \"NewestEventUtc\" ELSE @p8 END, " +
            "\"LastRequestUtc\" = COALESCE(@p9, \"LastRequestUtc\"), \"LastRequest\" = COALESCE(@p10, \"LastRequest\") WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 11);
        addHour = new(
            connection,
            "INSERT INTO \"FeedHours\" (\"VendorId\", \"FeedId\", \"Hour\", \"Accepted\", \"Ignored\", \"Duplicates\", \"Rejected\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6) " +
            "ON CONFLICT (\"VendorId\", \"FeedId\", \"Hour\") DO UPDATE SET \"Accepted\" = \"FeedHours\".\"Accepted\" + excluded.\"Accepted\", " +
            "\"Ignored\" = \"FeedHours\".\"Ignored\" + excluded.\"Ignored\", \"Duplicates\" = \"FeedHours\".\"Duplicates\" + excluded.\"Duplicates\", " +
            "\"Rejected\" = \"FeedHours\".\"Rejected\" + excluded.\"Rejected\"", 7);
        dropHours = new(connection, "DELETE FROM \"FeedHours\" WHERE \"VendorId\" = @p0 AND \"FeedId\" = @p1 AND \"Hour\" < @p2", 3);
        addReason = new(
            connection,
            "INSERT INTO \"FeedRejections\" (\"VendorId\", \"FeedId\", \"Reason\", \"Count\", \"LastUtc\", \"Samples\") VALUES (@p0, @p1, @p2, @p3, @p4, COALESCE(@p5, '[]')) " +
            "ON CONFLICT (\"VendorId\", \"FeedId\", \"Reason\") DO UPDATE SET \"Count\" = \"FeedRejections\".\"Count\" + excluded.\"Count\", " +
            "\"LastUtc\" = excluded.\"LastUtc\", \"Samples\" = COALESCE(@p5, \"FeedRejections\".\"Samples\")", 6);
    }

    public DbTransaction Transaction
    {
        set
        {
            foreach (var statement in Statements)
                statement.Transaction = value;
        }
    }

    private PreparedStatement[] Statements => [findKind, findReasons, updateFeed, addHour, dropHours, addReason];

    /// <summary>Takes note of a post; <see cref="Write"/> stores it.</summary>
    public void Add(JournalPost post, JournalOutcome outcome)
    {
        var key = (post.VendorId, post.FeedId);
        if (!tallies.TryGetValue(key, out var tally))
            tallies[key] = tally = new FeedTally();
        tally.Add(post.Batch, outcome, Know(key).Fold);
    }

    /// <summary>Stores what was noted since the last call, once for each feed.</summary>
    public IReadOnlyList<FeedCounts> Write(DateTime nowUtc)
    {
        var counts = new List<FeedCounts>(tallies.Count);
        foreach (var (key, tally) in tallies)
        {
            var feed = Know(key);
            WriteFeed(key.Vendor, key.Feed, feed, tally, nowUtc);
            counts.Add(new FeedCounts(key.Vendor, key.Feed, feed.Kind, tally.Accepted, tally.Duplicates, [.. tally.Reasons.Select(r => (r.Key, r.Value.Count))]));
        }

        tallies.Clear();
        return counts;
    }

    /// <summary>After a transaction that did not come to its end: what is remembered is read again.</summary>
    public void Forget()
    {
        tallies.Clear();
        known.Clear();
    }

    public void Dispose()
    {
        foreach (var statement in Statements)
            statement.Dispose();
    }

    private void WriteFeed(int vendorId, int feedId, KnownFeed feed, FeedTally tally, DateTime nowUtc)
    {
        var isSampleDue = feed.SampledUtc is not { } sampled || nowUtc - sampled >= SampleEvery || nowUtc < sampled;
        if (isSampleDue && (tally.LastRequest is not null || tally.Rejected > 0))
            feed.SampledUtc = nowUtc;
        updateFeed.Execute(
            vendorId, feedId, nowUtc, tally.Accepted, tally.Ignored, tally.Duplicates, tally.Rejected, tally.LastReason, tally.NewestUtc,
            tally.LastRequest is null ? null : nowUtc, isSampleDue && tally.LastRequest is { } last ? ReceivedRequest.Of(last).ToJson() : null);
        var hour = FeedHour.Of(nowUtc);
        if (tally.Accepted + tally.Ignored + tally.Duplicates + tally.Rejected > 0)
            addHour.Execute(vendorId, feedId, hour, tally.Accepted, tally.Ignored, tally.Duplicates, tally.Rejected);
        if (feed.Hour != hour)
        {
            dropHours.Execute(vendorId, feedId, hour - (FeedHour.KeptDays * 24));
            feed.Hour = hour;
        }

        foreach (var (reason, (count, fresh)) in tally.Reasons)
        {
            var isNew = !feed.Reasons.TryGetValue(reason, out var samples);
            if (isNew)
                feed.Reasons[reason] = samples = [];
            foreach (var sample in Enumerable.Reverse(fresh))
                FeedTally.Prepend(samples!, sample);
            addReason.Execute(vendorId, feedId, reason, count, nowUtc, isSampleDue || isNew ? JsonSerializer.Serialize(samples, Readable) : null);
        }
    }

    private KnownFeed Know((int Vendor, int Feed) key)
    {
        if (known.TryGetValue(key, out var feed))
            return feed;
        if (known.Count >= MaxRemembered)
            known.Clear();
        feed = new KnownFeed(findKind.Scalar(key.Vendor, key.Feed) is long kind ? (FeedKind)kind : null);
        using (var reader = findReasons.Read(key.Vendor, key.Feed))
        {
            while (reader.Read())
                feed.Reasons[reader.GetString(0)] = JsonSerializer.Deserialize<List<string>>(reader.GetString(1)) ?? [];
        }

        known[key] = feed;
        return feed;
    }

    private sealed class KnownFeed(FeedKind? kind)
    {
        private readonly HashSet<string> admitted = new(StringComparer.Ordinal);

        public FeedKind? Kind { get; } = kind;

        public DateTime? SampledUtc { get; set; }

        public int Hour { get; set; }

        /// <summary>The reasons that have a row, with their samples.</summary>
        public Dictionary<string, List<string>> Reasons { get; } = new(StringComparer.Ordinal);

        /// <summary>The reason a refusal is counted under: its own while there are few, then the one for all others.</summary>
        public string Fold(string reason)
        {
            if (reason.Length > FeedRejection.MaxReason)
                reason = string.Concat(reason.AsSpan(0, FeedRejection.MaxReason - 1), "…");
            if (Reasons.ContainsKey(reason) || admitted.Contains(reason))
                return reason;
            // Admitted ones get their row at the end of the transaction.
            admitted.RemoveWhere(Reasons.ContainsKey);
            return Reasons.Count + admitted.Count < FeedRejection.MaxReasons && admitted.Add(reason) ? reason : FeedRejection.Other;
        }
    }
}
