using System.Globalization;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>
/// Writes UTC instants for a member: in the member's zone, shorter the nearer they are. An instance stands for one day of that zone,
/// so that rows are written anew only when the day changes.
/// </summary>
public sealed class MemberClock
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    private MemberClock(TimeZoneInfo zone, DateOnly today)
    {
        Zone = zone;
        Today = today;
    }

    public TimeZoneInfo Zone { get; }

    /// <summary>The current day in <see cref="Zone"/>.</summary>
    public DateOnly Today { get; }

    /// <summary>The zone as people know it: its IANA name where there is one.</summary>
    public string ZoneName => Zone.HasIanaId || !TimeZoneInfo.TryConvertWindowsIdToIanaId(Zone.Id, out var iana) ? Zone.Id : iana;

    public static MemberClock At(TimeZoneInfo zone, DateTimeOffset now) => new(zone, ZoneDays.DayOf(now.UtcDateTime, zone));

    /// <summary>This clock, or a new one where the day has changed.</summary>
    public MemberClock Advance(DateTimeOffset now) => ZoneDays.DayOf(now.UtcDateTime, Zone) == Today ? this : At(Zone, now);

    /// <summary>The day as the list writes it: nothing today, <c>Nov 20</c> this year, else <c>Nov 20 2025</c>.</summary>
    public string? Day(DateTime utc)
    {
        var day = ZoneDays.DayOf(utc, Zone);
        return day == Today ? null : day.ToString(day.Year == Today.Year ? "MMM d" : "MMM d yyyy", English);
    }

    /// <summary><c>14:03:11</c>.</summary>
    public string Time(DateTime utc) => ToLocal(utc, Zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary><c>Fri, Nov 20 2026, 14:03:11.204</c>.</summary>
    public string Full(DateTime utc) => ToLocal(utc, Zone).ToString("ddd, MMM d yyyy, HH:mm:ss.fff", English);

    /// <summary>Weekday and UTC, for the tooltip of a time.</summary>
    public string Tooltip(DateTime utc) => $"{ToLocal(utc, Zone).ToString("dddd", English)} · {Iso(utc)}";

    /// <summary>RFC 3339, UTC, whole milliseconds.</summary>
    public static string Iso(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static DateTime ToLocal(DateTime utc, TimeZoneInfo zone) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone);
}
