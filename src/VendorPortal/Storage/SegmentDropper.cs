using System.Data.Common;
using System.Globalization;
using VendorPortal.Segments;

namespace VendorPortal.Storage;

/// <summary>
/// Tells segments what is written into their ranges, in the transaction of the write: lists the ids, and drops a segment that has too many
/// of them. Ids above the newest segment touch none, and cost one look-up a transaction. Whoever adds, changes or deletes pulls says
/// so here, before or after, one by one or by range.
/// </summary>
internal sealed class SegmentDropper(DbConnection connection) : IDisposable
{
    private readonly PreparedStatement newest = new(connection, "SELECT MAX(\"LastId\") FROM \"PullSegments\" WHERE \"VendorId\" = @p0", 1);
    private readonly PreparedStatement find = new(
        connection, "SELECT \"FirstId\", \"LastId\" FROM \"PullSegments\" WHERE \"VendorId\" = @p0 AND \"FirstId\" <= @p1 ORDER BY \"FirstId\" DESC LIMIT 1", 2);
    private readonly PreparedStatement count = new(
        connection, "SELECT COUNT(*) FROM \"PullSegmentChanges\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 AND \"Id\" <= @p2", 3);
    private readonly PreparedStatement list = new(
        connection,
        "INSERT INTO \"PullSegmentChanges\" (\"VendorId\", \"Id\", \"Times\") VALUES (@p0, @p1, 1) " +
        "ON CONFLICT (\"VendorId\", \"Id\") DO UPDATE SET \"Times\" = \"PullSegmentChanges\".\"Times\" + 1", 2);
    private readonly PreparedStatement dropEntry = new(connection, "DELETE FROM \"PullSegments\" WHERE \"VendorId\" = @p0 AND \"FirstId\" = @p1", 2);
    private readonly PreparedStatement dropColumns = new(
        connection,
        $"DELETE FROM \"PullSegmentColumns\" WHERE \"VendorId\" = @p0 AND \"Column\" BETWEEN 0 AND {SegmentLimits.Columns.ToString(CultureInfo.InvariantCulture)} AND \"FirstId\" = @p1", 2);
    private readonly PreparedStatement dropAll = new(connection, "DELETE FROM \"PullSegments\" WHERE \"VendorId\" = @p0", 1);
    private readonly PreparedStatement dropAllColumns = new(connection, "DELETE FROM \"PullSegmentColumns\" WHERE \"VendorId\" = @p0", 1);
    private readonly Dictionary<int, long> newestOf = new();
    private readonly Dictionary<(int VendorId, long FirstId), int> listed = new();

    /// <summary>Changes of a segment above which it is dropped: to read so many by key takes about a tenth of reading its range from the log.</summary>
    public int MaxChanges { get; init; } = SegmentLimits.MaxChanges;

    private PreparedStatement[] Statements => [newest, find, count, list, dropEntry, dropColumns, dropAll, dropAllColumns];

    /// <summary>The transaction of the writes; call at its begin.</summary>
    public void Begin(DbTransaction transaction)
    {
        newestOf.Clear();
        listed.Clear();
        foreach (var statement in Statements)
            statement.Transaction = transaction;
    }

    /// <summary>Says that the pull of this id is written, changed or deleted.</summary>
    public void Touch(int vendorId, long id)
    {
        if (id > NewestOf(vendorId))
            return;
        while (Find(vendorId, id) is var (first, last))
        {
            // A range that ends before it begins is damaged, and hides the one that holds the id.
            if (last >= first && last < id)
                return;
            if (last >= first && Listed(vendorId, first, last) is var changes && changes < MaxChanges)
            {
                list.Execute(vendorId, id);
                listed[(vendorId, first)] = changes + 1;
                return;
            }

            Drop(vendorId, first);
        }
    }

    /// <summary>Says that pulls from one id to another, both inclusive, are written, changed or deleted: for what changes many.</summary>
    public void TouchRange(int vendorId, long firstId, long lastId)
    {
        foreach (var entry in SegmentStore.List(connection, vendorId, firstId, lastId + 1, building: true))
            Drop(vendorId, entry.FirstId);
    }

    /// <summary>Drops every segment of a vendor.</summary>
    public void DropAll(int vendorId)
    {
        newestOf.Remove(vendorId);
        listed.Clear();
        dropAllColumns.Execute(vendorId);
        dropAll.Execute(vendorId);
    }

    /// <summary>
    /// Drops the segment that begins at <paramref name="firstId"/>; false where there is none. What is listed for its range stays: it is
    /// right for whatever segment comes to hold it.
    /// </summary>
    public bool Drop(int vendorId, long firstId)
    {
        newestOf.Remove(vendorId);
        listed.Remove((vendorId, firstId));
        dropColumns.Execute(vendorId, firstId);
        return dropEntry.Execute(vendorId, firstId) > 0;
    }

    public void Dispose()
    {
        foreach (var statement in Statements)
            statement.Dispose();
    }

    private long NewestOf(int vendorId)
    {
        if (!newestOf.TryGetValue(vendorId, out var last))
            newestOf[vendorId] = last = newest.Scalar(vendorId) is long found ? found : -1;
        return last;
    }

    private (long First, long Last)? Find(int vendorId, long id)
    {
        using var reader = find.Read(vendorId, id);
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    private int Listed(int vendorId, long first, long last) =>
        listed.TryGetValue((vendorId, first), out var changes) ? changes : Convert.ToInt32(count.Scalar(vendorId, first, last), CultureInfo.InvariantCulture);
}
