namespace VendorPortal.Reports;

/// <summary>Calendar days of a time zone as instants: days of 23, 24 or 25 hours.</summary>
public static class ZoneDays
{
    /// <summary>The first instant of a day in <paramref name="zone"/>, UTC; at the ends of the calendar the nearest time there is.</summary>
    public static DateTime StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        // Where clocks skip midnight, the day begins with the first minute that exists.
        for (var skipped = 0; zone.IsInvalidTime(local) && skipped < 48 * 60; skipped++)
            local = local.AddMinutes(1);
        // Where midnight comes twice, the day begins with the first of them: the one with the greater offset.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        var ticks = Math.Clamp(local.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTime(ticks, DateTimeKind.Utc);
    }

    /// <summary>The end of a day in <paramref name="zone"/>, which is the start of the next one, UTC.</summary>
    public static DateTime EndOf(DateOnly day, TimeZoneInfo zone) =>
        day == DateOnly.MaxValue ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc) : StartOf(day.AddDays(1), zone);

    /// <summary>The day an instant falls on in <paramref name="zone"/>.</summary>
    public static DateOnly DayOf(DateTime utc, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(utc, zone));

    /// <summary>The day that starts at exactly this instant in <paramref name="zone"/>, where one does.</summary>
    internal static DateOnly? StartingAt(DateTime utc, TimeZoneInfo zone)
    {
        var day = DayOf(utc, zone);
        return StartOf(day, zone) == utc ? day : null;
    }
}
