using System.Data.Common;
using System.Globalization;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Storage;

/// <summary>Counts for each day the transactions that write, change or delete pulls of it (<see cref="DailyChanges"/>), in these transactions.</summary>
internal sealed class DayChanges(DbConnection connection) : IDisposable
{
    private readonly PreparedStatement write = new(
        connection,
        "INSERT INTO \"DailyChanges\" (\"VendorId\", \"Day\", \"Changes\") VALUES (@p0, @p1, 1) " +
        "ON CONFLICT (\"VendorId\", \"Day\") DO UPDATE SET \"Changes\" = \"DailyChanges\".\"Changes\" + 1", 2);

    private readonly HashSet<(int Vendor, int Day)> days = [];

    /// <summary>The transaction of the changes; call at its begin.</summary>
    public void Begin(DbTransaction transaction)
    {
        days.Clear();
        write.Transaction = transaction;
    }

    /// <summary>Says that a pull of this day is written, changed or deleted.</summary>
    public void Touch(int vendorId, int day) => days.Add((vendorId, day));

    /// <summary>Writes the counts, before the commit.</summary>
    public void Write()
    {
        foreach (var (vendorId, day) in days)
            write.Execute(vendorId, day);
    }

    /// <summary>The changes of some days together, both ends inclusive.</summary>
    public static long Sum(DbConnection connection, int vendorId, DateOnly first, DateOnly last)
    {
        using var statement = new PreparedStatement(
            connection, "SELECT COALESCE(SUM(\"Changes\"), 0) FROM \"DailyChanges\" WHERE \"VendorId\" = @p0 AND \"Day\" BETWEEN @p1 AND @p2", 3);
        return Convert.ToInt64(statement.Scalar(vendorId, first.DayNumber, last.DayNumber), CultureInfo.InvariantCulture);
    }

    public void Dispose() => write.Dispose();
}
