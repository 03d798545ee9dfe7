using System.Data.Common;

namespace VendorPortal.Storage;

/// <summary>How many rows make a segment.</summary>
/// <param name="Seal">Rows above the newest segment that are worth one.</param>
/// <param name="Max">Most rows of one; neighbours below half of it are merged.</param>
internal sealed record SegmentSizes(int Seal, int Max);

/// <summary>
/// A range (both ends inclusive) that is to be built from the log. What it <see cref="Replaces"/> stands until the new is there; where that
/// is nothing, the range is announced first.
/// </summary>
internal sealed record SegmentWork(long FirstId, long LastId, IReadOnlyList<SegmentStore.Entry> Replaces)
{
    /// <summary>Only takes in what is listed as changed; the segment answers until then, too, a little slower.</summary>
    public bool IsRefresh { get; init; }

    /// <summary>
    /// The next piece of work of a vendor, most useful first: rows above the newest segment that are older than <paramref name="settled"/>,
    /// gaps from the newest to the oldest, small neighbours, the segment with most changes. Null where all is well.
    /// </summary>
    public static SegmentWork? Next(DbConnection connection, int vendorId, IReadOnlyList<SegmentStore.Entry> newestFirst, SegmentSizes sizes, long settled) =>
        Seal(connection, vendorId, newestFirst.Count > 0 ? newestFirst[0].LastId + 1 : 0, sizes, settled)
        ?? Fill(connection, vendorId, newestFirst, sizes)
        ?? Merge(newestFirst, sizes)
        ?? Refresh(connection, vendorId, newestFirst);

    private static SegmentWork? Seal(DbConnection connection, int vendorId, long from, SegmentSizes sizes, long settled)
    {
        if (SegmentStore.IdAt(connection, vendorId, from, settled, sizes.Seal - 1) is null)
            return null;
        var last = SegmentStore.IdAt(connection, vendorId, from, settled, sizes.Max - 1) ?? SegmentStore.LastId(connection, vendorId, from, settled);
        return new SegmentWork(from, last!.Value, []);
    }

    private static SegmentWork? Fill(DbConnection connection, int vendorId, IReadOnlyList<SegmentStore.Entry> newestFirst, SegmentSizes sizes)
    {
        for (var i = 0; i < newestFirst.Count; i++)
        {
            var (from, end) = (i + 1 < newestFirst.Count ? newestFirst[i + 1].LastId + 1 : 0, newestFirst[i].FirstId);
            if (from >= end || SegmentStore.IdAt(connection, vendorId, from, end, 0) is null)
                continue;
            // What is too much for one and not enough for two becomes two halves, which then have room.
            var isLong = SegmentStore.IdAt(connection, vendorId, from, end, (2 * sizes.Max) - 1) is not null;
            return new SegmentWork(from, isLong ? SegmentStore.IdAt(connection, vendorId, from, end, sizes.Max - 1)!.Value : end - 1, []);
        }

        return null;
    }

    // Neighbours that together make at least half a segment and not more than one.
    private static SegmentWork? Merge(IReadOnlyList<SegmentStore.Entry> newestFirst, SegmentSizes sizes)
    {
        bool IsSmall(SegmentStore.Entry entry) => entry.Rows < sizes.Max / 2;
        for (var newest = 0; newest < newestFirst.Count; newest++)
        {
            if (!IsSmall(newestFirst[newest]))
                continue;
            var (oldest, rows) = (newest, newestFirst[newest].Rows);
            while (oldest + 1 < newestFirst.Count && newestFirst[oldest + 1].LastId + 1 == newestFirst[oldest].FirstId
                && IsSmall(newestFirst[oldest + 1]) && rows + newestFirst[oldest + 1].Rows <= sizes.Max)
                rows += newestFirst[++oldest].Rows;
            if (oldest > newest && rows >= sizes.Max / 2)
                return new SegmentWork(newestFirst[oldest].FirstId, newestFirst[newest].LastId, [.. newestFirst.Skip(newest).Take(oldest - newest + 1)]);
            newest = oldest;
        }

        return null;
    }

    private static SegmentWork? Refresh(DbConnection connection, int vendorId, IReadOnlyList<SegmentStore.Entry> newestFirst)
    {
        var changes = SegmentStore.Changes(connection, vendorId, 0, long.MaxValue);
        var (most, changed, end) = (0, default(SegmentStore.Entry), changes.Count);
        foreach (var entry in newestFirst)
        {
            while (end > 0 && changes[end - 1].Id > entry.LastId)
                end--;
            var start = end;
            while (start > 0 && changes[start - 1].Id >= entry.FirstId)
                start--;
            if (end - start > most)
                (most, changed) = (end - start, entry);
            end = start;
        }

        return most == 0 ? null : new SegmentWork(changed.FirstId, changed.LastId, [changed]) { IsRefresh = true };
    }
}
