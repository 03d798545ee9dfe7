using VendorPortal.Reports.Insights;

namespace VendorPortal.Reports.Overview;

/// <summary>Days of UTC, both ends inclusive. With <paramref name="IsAllTime"/> they are those of the whole log up to today, and nothing is before them.</summary>
public sealed record OverviewRange(DateOnly First, DateOnly Last, bool IsAllTime = false)
{
    // More days cannot be told apart on a phone.
    private const int MaxDays = 92;

    public int Days => Last.DayNumber - First.DayNumber + 1;

    /// <summary>In days, weeks or months, so that the parts can be told apart.</summary>
    public InsightsRange Cut() => new InsightsRange(First, Last, Days <= MaxDays ? InsightsStep.Day : InsightsStep.Week).Readable();

    /// <summary>The filter with this range in place of its own; all time has none.</summary>
    public PullFilter ApplyTo(PullFilter filter) => IsAllTime ? filter with { FromUtc = null, ToUtc = null } : Cut().ApplyTo(filter);

    /// <summary>
    /// The filter with as many days right before these. If these end today, it ends at the same time of day: what is not over is compared with as much of
    /// what was before. Null of all time, and where it would begin before the log can.
    /// </summary>
    public PullFilter? ApplyBefore(PullFilter filter, DateTime nowUtc)
    {
        if (IsAllTime || First.AddDays(-Days) < InsightsRange.Oldest)
            return null;
        var (from, to) = (First.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), Last.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        return filter with { FromUtc = from.AddDays(-Days), ToUtc = (Last == DateOnly.FromDateTime(nowUtc) ? nowUtc : to).AddDays(-Days) };
    }
}
