using System.Data.Common;
using System.Globalization;
using VendorPortal.Storage;

namespace VendorPortal.Usage;

/// <summary>An event as it is stored.</summary>
internal sealed record KeptUsageEvent(int Day, DateTime AtUtc, UsageKind Kind, int? NameId, int? SystemId, int? How, long? DurationMs)
{
    public IEnumerable<UsageAtom> Atoms => UsageAtom.Of(Kind, NameId, SystemId, How, DurationMs);
}

/// <summary>Reads and removes the events of a person: they lie together day by day.</summary>
internal sealed class UsageEventReader(DbConnection connection) : IDisposable
{
    private readonly PreparedStatement firstDay = new(connection, "SELECT MIN(\"Day\") FROM \"UsageEvents\" WHERE \"VendorId\" = @p0 AND \"Day\" >= @p1", 2);
    private readonly PreparedStatement lastDay = new(connection, "SELECT MAX(\"Day\") FROM \"UsageEvents\" WHERE \"VendorId\" = @p0", 1);

    private readonly PreparedStatement read = new(
        connection,
        "SELECT \"Millisecond\", \"Kind\", \"NameId\", \"SystemId\", \"How\", \"DurationMs\" FROM \"UsageEvents\" WHERE \"VendorId\" = @p0 AND \"Day\" = @p1 AND \"UserId\" = @p2", 3);

    private readonly PreparedStatement remove = new(connection, "DELETE FROM \"UsageEvents\" WHERE \"VendorId\" = @p0 AND \"Day\" = @p1 AND \"UserId\" = @p2 AND \"Millisecond\" < @p3", 4);

    public DbTransaction? Transaction
    {
        set => firstDay.Transaction = lastDay.Transaction = read.Transaction = remove.Transaction = value;
    }

    /// <summary>The first and the last day with events of anybody, from a day on; null where there is none.</summary>
    public (int First, int Last)? Days(int vendorId, int fromDay) =>
        firstDay.Scalar(vendorId, fromDay) is { } first ? (Int(first), Int(lastDay.Scalar(vendorId)!)) : null;

    /// <summary>The events of a person from a day on.</summary>
    public IEnumerable<KeptUsageEvent> Of(int vendorId, int userId, int fromDay)
    {
        if (Days(vendorId, fromDay) is not var (first, last))
            yield break;
        for (var day = first; day <= last; day++)
        {
            using var reader = read.Read(vendorId, day, userId);
            var midnight = DateOnly.FromDayNumber(day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
            while (reader.Read())
                yield return new KeptUsageEvent(day, midnight.AddMilliseconds(reader.GetInt32(0)), (UsageKind)reader.GetInt32(1), Nullable(reader, 2), Nullable(reader, 3), Nullable(reader, 4), reader.IsDBNull(5) ? null : reader.GetInt64(5));
        }
    }

    /// <summary>Removes the events of a person of a day, or those before an instant of it. Returns how many.</summary>
    public int Remove(int vendorId, int userId, int day, TimeSpan before) => remove.Execute(vendorId, day, userId, (int)before.TotalMilliseconds);

    public void Dispose()
    {
        firstDay.Dispose();
        lastDay.Dispose();
        read.Dispose();
        remove.Dispose();
    }

    private static int? Nullable(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    private static int Int(object value) => Convert.ToInt32(value, CultureInfo.InvariantCulture);
}
