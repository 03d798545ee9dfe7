using System.Data.Common;
using VendorPortal.Segments;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Storage;

/// <summary>
/// A vendor's log as a run of segments, newest first: the stored ones, and the ranges between and above them read from the log. All in
/// the transaction of the connection, so that every part shows the same state. Several threads may share the parts: what uses the
/// connection locks it. Dispose it after the last segment was looked at.
/// </summary>
internal sealed class SegmentedLog(DbConnection connection, int vendorId, SegmentFilter filter) : IDisposable
{
    // What is read from the log grows while it is not enough: a page needs a few rows, a count needs all.
    private const int FirstRead = 512;

    private SegmentBlobs? blobs;

    /// <summary>Gives the segment of a part, in the room of who looks at it: valid until that room is used for another.</summary>
    internal delegate PullSegment Part(SegmentBuffers buffers);

    /// <summary>The parts that may hold what the filter keeps, newest first.</summary>
    public IEnumerable<Part> Parts()
    {
        var end = filter.EndId;
        var (entries, hasChanges) = List();
        var newer = long.MaxValue;
        foreach (var entry in entries)
        {
            if (entry.LastId >= newer)
                throw new SegmentDamagedException($"The segment at {entry.FirstId} reaches into the next one.") { FirstId = entry.FirstId };
            newer = entry.FirstId;
            foreach (var part in Unsealed(entry.LastId + 1, end))
                yield return part;
            yield return buffers => Stored(entry, hasChanges, buffers);
            end = entry.FirstId;
        }

        foreach (var part in Unsealed(filter.FirstId, end))
            yield return part;
    }

    public void Dispose() => blobs?.Dispose();

    private (List<SegmentStore.Entry> Entries, bool HasChanges) List()
    {
        lock (connection)
        {
            var entries = SegmentStore.List(connection, vendorId, filter.FirstId, filter.EndId);
            if (entries.Count > 0)
                blobs = new SegmentBlobs(connection, vendorId, entries[^1].FirstId, entries[0].FirstId);
            return (entries, SegmentStore.AnyChanges(connection, vendorId, filter.FirstId, filter.EndId));
        }
    }

    private IEnumerable<Part> Unsealed(long firstId, long endId)
    {
        firstId = Math.Max(firstId, filter.FirstId);
        for (var size = FirstRead; firstId < endId; size = Math.Min(size * 8, SegmentLimits.MaxRows))
        {
            SegmentBuilder rows;
            lock (connection)
                rows = SegmentStore.ReadNewest(connection, vendorId, firstId, endId, size);
            if (rows.Rows == 0)
                yield break;
            var (from, last) = (rows.Rows < size ? firstId : rows.FirstId, endId - 1); // a range that says how far was looked
            yield return buffers => rows.ToSegment(from, last, buffers);
            endId = from;
        }
    }

    // What was listed since it was built is put in as it is by now.
    private PullSegment Stored(SegmentStore.Entry entry, bool mayHaveChanges, SegmentBuffers buffers)
    {
        if (entry.Rows > SegmentLimits.MaxRows)
            throw new SegmentDamagedException($"The segment at {entry.FirstId} claims {entry.Rows} pulls.") { FirstId = entry.FirstId };
        List<long> changed = [];
        SegmentBuilder? now = null;
        if (mayHaveChanges)
        {
            lock (connection)
            {
                changed = SegmentStore.Changes(connection, vendorId, entry.FirstId, entry.LastId).ConvertAll(change => change.Id);
                if (changed.Count > 0)
                    now = SegmentStore.ReadChanged(connection, vendorId, entry, changed.Count);
            }
        }

        var stored = new PullSegment(entry.FirstId, entry.LastId, entry.Rows, blobs!.Of(entry), now is null ? buffers : buffers.Second);
        return now is null ? stored : PatchedColumns.Apply(stored, changed, now, buffers);
    }
}
