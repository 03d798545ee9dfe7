namespace VendorPortal.Components;

/// <summary>
/// The time zone of the person who looks, as their browser says it; UTC until it has said. A cascading value of every page:
/// <c>[CascadingParameter] public ViewerZone Zone { get; set; } = ViewerZone.Utc;</c>
/// </summary>
public sealed class ViewerZone
{
    private ViewerZone(TimeZoneInfo zone) => Zone = zone;

    public static ViewerZone Utc { get; } = new(TimeZoneInfo.Utc);

    public TimeZoneInfo Zone { get; }

    /// <summary>The IANA name, as <c>Europe/Berlin</c>.</summary>
    public string Name => Zone.Equals(TimeZoneInfo.Utc) ? "UTC" : Zone.Id;

    /// <summary>The zone of a name a browser sent; UTC where it is none.</summary>
    public static ViewerZone Of(string? name) =>
        name is { Length: > 0 and <= 64 } && name is not "UTC" && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? new ViewerZone(zone) : Utc;

    /// <summary>A UTC time in this zone.</summary>
    public DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), Zone);
}
