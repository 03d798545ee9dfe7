namespace VendorPortal.Components;

/// <summary>
/// The time zone of the person who looks: the one they have chosen, else that of their browser; UTC until it has said. A cascading value
/// of every page: <c>[CascadingParameter] public ViewerZone Zone { get; set; } = ViewerZone.Utc;</c>
/// </summary>
public sealed class ViewerZone
{
    private ViewerZone(TimeZoneInfo browser, TimeZoneInfo? chosen)
    {
        Browser = browser;
        IsChosen = chosen is not null;
        Zone = chosen ?? browser;
    }

    public static ViewerZone Utc { get; } = new(TimeZoneInfo.Utc, null);

    public TimeZoneInfo Zone { get; }

    /// <summary>The zone of the browser, whatever was chosen.</summary>
    public TimeZoneInfo Browser { get; }

    /// <summary>True where the person has chosen a zone.</summary>
    public bool IsChosen { get; }

    /// <summary>The IANA name, as <c>Europe/Berlin</c>.</summary>
    public string Name => NameOf(Zone);

    /// <summary>The zone of the name a browser sent, or of the one chosen in its place; UTC where it is none.</summary>
    public static ViewerZone Of(string? browser, string? chosen = null)
    {
        var (own, other) = (Find(browser), Find(chosen));
        return own is null && other is null ? Utc : new ViewerZone(own ?? TimeZoneInfo.Utc, other);
    }

    /// <summary>The IANA name of a zone.</summary>
    public static string NameOf(TimeZoneInfo zone) => zone.Equals(TimeZoneInfo.Utc) ? "UTC" : zone.Id;

    /// <summary>A UTC time in this zone.</summary>
    public DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), Zone);

    private static TimeZoneInfo? Find(string? name) => name switch
    {
        "UTC" => TimeZoneInfo.Utc,
        { Length: > 0 and <= 64 } when TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) => zone,
        _ => null,
    };
}
