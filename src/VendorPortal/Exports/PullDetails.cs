using System.Data.Common;
using System.Globalization;
using VendorPortal.Reports;
using VendorPortal.Segments;

namespace VendorPortal.Exports;

/// <summary>What a segment does not hold of its pulls: the digests that tags resolved to, and the numbers of requests.</summary>
internal sealed class PullDetails(DimensionCells versions, int rows)
{
    // Where at least every so manieth row of a range is wanted, the range is read and not the rows one by one.
    private const int DenseFrom = 16;
    private const int MaxWrittenIds = 500;

    private readonly int[] digests = new int[rows];
    private readonly int[] requests = new int[rows];

    /// <summary>The slot of the digest among the versions; that of "unknown" where the tag did not tell or it was asked for by digest.</summary>
    public ReadOnlySpan<int> Digests => digests;

    public ReadOnlySpan<int> Requests => requests;

    /// <summary>Reads the details of rows of one segment, told by their ids, which descend.</summary>
    /// <exception cref="SegmentDamagedException">The segment has a pull that is not in the log.</exception>
    public void Read(DbConnection connection, int vendorId, PullSegment segment, long[] ids, int from, int count)
    {
        var end = from + count;
        var at = from;
        if ((long)count * DenseFrom >= segment.Rows)
            at = Read(connection, vendorId, string.Create(CultureInfo.InvariantCulture, $"BETWEEN {ids[end - 1]} AND {ids[from]}"), ids.AsSpan(0, end), at);
        else
        {
            foreach (var chunk in ids[from..end].Chunk(MaxWrittenIds))
                at = Read(connection, vendorId, $"IN ({string.Join(',', chunk)})", ids.AsSpan(0, end), at);
        }

        if (at < end)
            throw new SegmentDamagedException("A segment has a pull that is not in the log.") { FirstId = segment.FirstId };
    }

    private int Read(DbConnection connection, int vendorId, string which, ReadOnlySpan<long> ids, int at)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT Id, DigestId, Requests FROM Pulls WHERE VendorId = @vendor AND Id {which} ORDER BY Id DESC";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        while (at < ids.Length && reader.Read())
        {
            if (reader.GetInt64(0) != ids[at])
                continue; // the filter leaves it out
            digests[at] = reader.IsDBNull(1) ? DimensionCells.UnknownSlot : versions.SlotOf(reader.GetInt32(1));
            requests[at] = reader.GetInt32(2);
            at++;
        }

        return at;
    }
}
