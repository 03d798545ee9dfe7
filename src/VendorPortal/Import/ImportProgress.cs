using System.Data.Common;
using System.Globalization;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Import;

/// <summary>
/// How far an import of this content has come, kept in the transactions of its parts (<see cref="ImportMark"/>): one that was ended in the middle
/// goes on, and does not look for every pull it has stored.
/// </summary>
internal sealed class ImportProgress : IDisposable
{
    private readonly int vendorId;
    private readonly byte[] content;
    private readonly PreparedStatement write;
    private readonly PreparedStatement end;

    public ImportProgress(DbConnection connection, int vendorId, byte[] content)
    {
        this.vendorId = vendorId;
        this.content = content;
        write = new PreparedStatement(
            connection,
            "INSERT INTO \"ImportMarks\" (\"VendorId\", \"Content\", \"ThroughTicks\", \"WrittenUtc\") VALUES (@p0, @p1, @p2, @p3) " +
            "ON CONFLICT (\"VendorId\") DO UPDATE SET \"Content\" = excluded.\"Content\", \"ThroughTicks\" = excluded.\"ThroughTicks\", \"WrittenUtc\" = excluded.\"WrittenUtc\"", 4);
        end = new PreparedStatement(connection, "DELETE FROM \"ImportMarks\" WHERE \"VendorId\" = @p0 AND \"Content\" = @p1", 2);
        using var read = new PreparedStatement(connection, "SELECT \"ThroughTicks\" FROM \"ImportMarks\" WHERE \"VendorId\" = @p0 AND \"Content\" = @p1", 2);
        ThroughTicks = read.Scalar(vendorId, content) is { } ticks ? Convert.ToInt64(ticks, CultureInfo.InvariantCulture) : -1;
    }

    /// <summary>All pulls up to this time are stored, UTC ticks; -1 where none is known to be.</summary>
    public long ThroughTicks { get; private set; }

    /// <summary>Says so in the transaction that stores them.</summary>
    public void Note(DbTransaction transaction, long throughTicks, DateTime nowUtc)
    {
        write.Transaction = transaction;
        write.Execute(vendorId, content, throughTicks, nowUtc);
        ThroughTicks = throughTicks;
    }

    /// <summary>The import has come to its end: the same files once more are compared with the log again.</summary>
    public void End()
    {
        end.Execute(vendorId, content);
        ThroughTicks = -1;
    }

    public void Dispose()
    {
        end.Dispose();
        write.Dispose();
    }
}
