using System.Globalization;

namespace VendorPortal.Components.Controls;

/// <summary>How long ago in words. The script says the same, so that times go on without a row being rendered again.</summary>
public static class RelativeTime
{
    // Beyond this a date says more.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary><c>just now</c>, <c>5 min ago</c>, <c>3 h ago</c>, <c>2 d ago</c>; null from 30 days on.</summary>
    public static string? Of(TimeSpan ago) => ago switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)ago.TotalMinutes} min ago"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)ago.TotalHours} h ago"),
        _ when ago < Longest => string.Create(CultureInfo.InvariantCulture, $"{ago.Days} d ago"),
        _ => null,
    };
}
