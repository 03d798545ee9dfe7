using System.Globalization;

namespace VendorPortal.Storage;

/// <summary>
/// The time-ordered ids of requests and pulls: milliseconds since 2020-01-01 UTC in the upper bits, a sequence number in the
/// lower eight. 47 bits last until mid-2037 and take six bytes in a record. A pull carries the id of the request that starts it.
/// </summary>
public static class PullIds
{
    /// <summary>The oldest time an id can stand for.</summary>
    public static readonly DateTime Epoch = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Ids of one millisecond; more pulls than this in one take the ids of the next ones.</summary>
    public const int PerMillisecond = 1 << 8;

    private const long PerDay = (TimeSpan.TicksPerDay / TimeSpan.TicksPerMillisecond) << 8;

    private static readonly int FirstDay = DateOnly.FromDateTime(Epoch).DayNumber;

    /// <summary>The smallest id of the millisecond in which <paramref name="atUtc"/> lies.</summary>
    public static long FirstOf(DateTime atUtc) => FloorMilliseconds(atUtc) << 8;

    /// <summary>The smallest id whose whole millisecond is not before <paramref name="atUtc"/>: the bound of a range that starts or ends there.</summary>
    public static long Bound(DateTime atUtc)
    {
        var ticks = atUtc.Ticks - Epoch.Ticks;
        var milliseconds = ticks <= 0 ? 0 : (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return milliseconds << 8;
    }

    /// <summary>The time, whole milliseconds UTC, that an id stands for.</summary>
    public static DateTime TimeOf(long id) => Epoch.AddTicks((id >> 8) * TimeSpan.TicksPerMillisecond);

    /// <summary>The UTC day (<see cref="DateOnly.DayNumber"/>) that an id stands for.</summary>
    public static int DayOf(long id) => (int)Math.Min(id / PerDay, int.MaxValue - FirstDay - 1) + FirstDay;

    /// <summary>The same as an expression of SQL, of an id that is one.</summary>
    public static string DayOf(string id) => string.Create(CultureInfo.InvariantCulture, $"{id} / {PerDay} + {FirstDay}");

    /// <summary>The smallest id of a UTC day (<see cref="DateOnly.DayNumber"/>).</summary>
    public static long FirstOfDay(int day) => (day - FirstDay) * PerDay;

    private static long FloorMilliseconds(DateTime atUtc)
    {
        var ticks = atUtc.Ticks - Epoch.Ticks;
        if (ticks < 0)
            throw new ArgumentOutOfRangeException(nameof(atUtc), atUtc, "No id stands for a time before 2020.");
        return ticks / TimeSpan.TicksPerMillisecond;
    }
}
