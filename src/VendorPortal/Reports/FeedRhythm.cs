using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>That a feed is silent where it usually is not.</summary>
/// <param name="Silent">Since the portal last received something.</param>
/// <param name="UsualPerHour">What the silent hours would usually have brought, an hour, on average of those that bring anything.</param>
public sealed record FeedGap(TimeSpan Silent, double UsualPerHour);

/// <summary>
/// What a feed usually brings in an hour of the week (UTC), by the 14 days before it fell silent: the smaller of the two same hours of the week,
/// so that nights, weekends and a single burst are no surprise later. Where only one or none of them is known, because the feed is young, no more
/// than the median of the same hours of the days that are known, of which there must be two.
/// </summary>
public static class FeedRhythm
{
    /// <summary>How far back is looked, in hours; after as long a silence there is nothing usual any more.</summary>
    public const int Window = 14 * Day;

    /// <summary>Hours with events that a feed must have had in the window; with fewer it has no rhythm.</summary>
    public const int MinActiveHours = 24;

    /// <summary>Whole hours, of those that usually bring events, that must have passed in silence.</summary>
    public const int MinSilentHours = 2;

    /// <summary>Events that the silent hours would usually have brought; fewer may be missing by chance.</summary>
    public const double MinMissed = 10;

    private const int Day = 24;
    private const int Week = 7 * Day;

    /// <summary>Finds the gap a feed is in; null where it is in none, or nothing usual is known of it.</summary>
    /// <param name="hours">Events by <see cref="FeedHour.Hour"/>; hours without events may be left out.</param>
    /// <param name="lastReceivedUtc">When something was last received.</param>
    /// <param name="nowUtc">The current time.</param>
    public static FeedGap? FindGap(IReadOnlyDictionary<int, long> hours, DateTime lastReceivedUtc, DateTime nowUtc)
    {
        var (last, now) = (FeedHour.Of(lastReceivedUtc), FeedHour.Of(nowUtc));
        if (now - last <= MinSilentHours || now - last > Window || hours.Count == 0)
            return null;
        var known = new Known(hours, last);
        if (known.ActiveHours < MinActiveHours)
            return null;
        var (silentHours, missed) = (0, 0L);
        for (var hour = last + 1; hour < now; hour++) // neither the hour of the last event nor the current one is whole
        {
            if (known.Usual(hour) is var usual and > 0)
                (silentHours, missed) = (silentHours + 1, missed + usual);
        }

        return silentHours >= MinSilentHours && missed >= MinMissed ? new FeedGap(nowUtc - lastReceivedUtc, (double)missed / silentHours) : null;
    }

    private sealed class Known(IReadOnlyDictionary<int, long> hours, int last)
    {
        private readonly int from = Math.Max(last - Window, hours.Keys.Min());

        public int ActiveHours => hours.Count(h => h.Value > 0 && h.Key >= from && h.Key < last);

        public long Usual(int hour)
        {
            var sameOfWeek = Before(hour, Week).ToList();
            var usual = sameOfWeek.Count == 0 ? long.MaxValue : sameOfWeek.Min();
            if (sameOfWeek.Count >= 2 || usual == 0)
                return usual;
            var sameOfDay = Before(hour, Day).Order().ToList();
            return sameOfDay.Count < 2 ? 0 : Math.Min(usual, sameOfDay[(sameOfDay.Count - 1) / 2]);
        }

        // Counts of the hours a multiple of the step before, within the window.
        private IEnumerable<long> Before(int hour, int step)
        {
            var first = hour - ((((hour - last) / step) + 1) * step);
            for (var h = first; h >= from; h -= step)
                yield return hours.GetValueOrDefault(h);
        }
    }
}
