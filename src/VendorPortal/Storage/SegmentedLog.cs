using System.Data.Common;
using VendorPortal.Segments;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Storage;

/// <summary>
/// A vendor's log as a run of segments, newest first: the stored ones, and the ranges between and above them read from the log. All in
/// the transaction of the connection, so that every part shows the same state. Dispose it after the last segment was looked at.
/// </summary>
internal sealed class SegmentedLog(DbConnection connection, int vendorId, SegmentFilter filter) : IDisposable
{
    // What is read from the log grows while it is not enough: a page needs a few rows, a count needs all.
    private const int FirstRead = 512;

    private readonly SegmentBuffers buffers = new();
    private readonly SegmentBuffers unpatched = new();
    private SegmentBlobs? blobs;

    /// <summary>The segments that may hold what the filter keeps, newest first. Each is valid until the next one is asked for.</summary>
    public IEnumerable<PullSegment> Segments()
    {
        var end = filter.EndId;
        var entries = SegmentStore.List(connection, vendorId, filter.FirstId, filter.EndId);
        if (entries.Count > 0)
            blobs = new SegmentBlobs(connection, vendorId, entries[^1].FirstId, entries[0].FirstId);
        var hasChanges = SegmentStore.AnyChanges(connection, vendorId, filter.FirstId, filter.EndId);
        foreach (var entry in entries)
        {
            foreach (var segment in Unsealed(entry.LastId + 1, end))
                yield return segment;
            if (Stored(entry, hasChanges) is { Rows: > 0 } stored)
                yield return stored;
            end = entry.FirstId;
        }

        foreach (var segment in Unsealed(filter.FirstId, end))
            yield return segment;
    }

    public void Dispose()
    {
        blobs?.Dispose();
        buffers.Dispose();
        unpatched.Dispose();
    }

    private IEnumerable<PullSegment> Unsealed(long firstId, long endId)
    {
        firstId = Math.Max(firstId, filter.FirstId);
        for (var size = FirstRead; firstId < endId; size = Math.Min(size * 8, SegmentLimits.MaxRows))
        {
            if (SegmentStore.ReadLog(connection, buffers, vendorId, firstId, endId, size) is not { } segment)
                yield break;
            yield return segment;
            endId = segment.FirstId;
        }
    }

    // What was listed since it was built is put in as it is by now.
    private PullSegment Stored(SegmentStore.Entry entry, bool mayHaveChanges)
    {
        if (entry.Rows > SegmentLimits.MaxRows)
            throw new SegmentDamagedException($"The segment at {entry.FirstId} claims {entry.Rows} pulls.") { FirstId = entry.FirstId };
        blobs!.Segment = entry;
        var changes = mayHaveChanges ? SegmentStore.Changes(connection, vendorId, entry.FirstId, entry.LastId) : [];
        if (changes.Count == 0)
            return new PullSegment(entry.FirstId, entry.LastId, entry.Rows, blobs, buffers);
        var stored = new PullSegment(entry.FirstId, entry.LastId, entry.Rows, blobs, unpatched);
        return PatchedColumns.Apply(stored, changes.ConvertAll(change => change.Id), SegmentStore.ReadChanged(connection, vendorId, entry, changes.Count), buffers);
    }
}
