namespace VendorPortal.Reports.Insights;

/// <summary>What a range is cut into, in UTC: weeks begin on Monday.</summary>
public enum InsightsStep
{
    Day,
    Week,
    Month,
}

/// <summary>The part of a day, week or month that lies in the range; both ends inclusive, days of UTC. <paramref name="IsWhole"/> is false where the range cuts it.</summary>
public sealed record InsightsBucket(DateOnly First, DateOnly Last, bool IsWhole);

/// <summary>A range of days of UTC, both ends inclusive, and how it is cut.</summary>
public sealed record InsightsRange(DateOnly First, DateOnly Last, InsightsStep Step)
{
    /// <summary>More cannot be told apart; a finer step gives way to the next.</summary>
    public const int MaxBuckets = 190;

    /// <summary>The oldest day the log can hold.</summary>
    public static readonly DateOnly Oldest = new(2020, 1, 1);

    public DateTime FromUtc => First.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>Exclusive.</summary>
    public DateTime ToUtc => EndUtc ?? Last.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>Where the last day is read only in part: the first instant no longer read, UTC.</summary>
    public DateTime? EndUtc { get; init; }

    /// <summary>This range, cut so that its parts can be told apart.</summary>
    public InsightsRange Readable() => Step switch
    {
        InsightsStep.Day when Last.DayNumber - First.DayNumber >= MaxBuckets => (this with { Step = InsightsStep.Week }).Readable(),
        InsightsStep.Week when Last.DayNumber - First.DayNumber >= 7 * MaxBuckets => this with { Step = InsightsStep.Month },
        _ => this,
    };

    /// <summary>The parts, oldest first: at least one, none empty, each day in just one.</summary>
    public IReadOnlyList<InsightsBucket> Buckets()
    {
        var buckets = new List<InsightsBucket>();
        for (var start = StartOf(First, Step); start <= Last; start = Next(start, Step))
        {
            var (first, last) = (start > First ? start : First, Next(start, Step).AddDays(-1));
            buckets.Add(new InsightsBucket(first, last < Last ? last : Last, first == start && last <= Last));
        }

        return buckets;
    }

    /// <summary>
    /// The range before this one: as many parts, cut at the same places, so that the two can be compared. If today is the last day of this one, the last day
    /// of that one ends at the same time of day. Null where it would begin before the log can.
    /// </summary>
    public InsightsRange? Before(DateTime nowUtc)
    {
        var parts = Buckets().Count;
        var before = Step switch
        {
            InsightsStep.Day => this with { First = First.AddDays(-parts), Last = Last.AddDays(-parts) },
            InsightsStep.Week => this with { First = First.AddDays(-7 * parts), Last = Last.AddDays(-7 * parts) },
            _ => this with { First = First.AddMonths(-parts), Last = IsEndOfMonth(Last) ? Last.AddDays(1).AddMonths(-parts).AddDays(-1) : Last.AddMonths(-parts) },
        };
        if (before.First < Oldest)
            return null;
        return Last == DateOnly.FromDateTime(nowUtc) ? before with { EndUtc = before.Last.ToDateTime(TimeOnly.FromDateTime(nowUtc), DateTimeKind.Utc) } : before;
    }

    /// <summary>The filter with this range in place of its own.</summary>
    public PullFilter ApplyTo(PullFilter filter) => filter with { FromUtc = FromUtc, ToUtc = ToUtc };

    /// <summary>The first day of the day, week or month that a day lies in.</summary>
    public static DateOnly StartOf(DateOnly day, InsightsStep step) => step switch
    {
        InsightsStep.Day => day,
        InsightsStep.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        _ => new DateOnly(day.Year, day.Month, 1),
    };

    private static DateOnly Next(DateOnly start, InsightsStep step) => step switch
    {
        InsightsStep.Day => start.AddDays(1),
        InsightsStep.Week => start.AddDays(7),
        _ => start.AddMonths(1),
    };

    private static bool IsEndOfMonth(DateOnly day) => day.AddDays(1).Day == 1;
}
