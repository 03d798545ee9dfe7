using System.Globalization;

namespace VendorPortal.Reports;

/// <summary>Says in words why numbers may be incomplete.</summary>
public static class IngestWords
{
    /// <summary><c>no events for 3 h, usually 40 an hour</c>.</summary>
    public static string Of(FeedGap gap) => $"no events for {Span(gap.Silent)}, usually {Number(gap.UsualPerHour)} an hour";

    /// <summary>One unit, rounded down, as people say it: <c>40 s</c>, <c>12 min</c>, <c>3 h</c>, <c>2 days</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "under 1 s",
        { TotalMinutes: < 1 } => $"{Whole(span.TotalSeconds)} s",
        { TotalHours: < 1 } => $"{Whole(span.TotalMinutes)} min",
        { TotalHours: < 48 } => $"{Whole(span.TotalHours)} h",
        _ => $"{Whole(span.TotalDays)} days",
    };

    internal static string Queue(int requests) => $"{Whole(requests)} requests wait to be stored.";

    internal static string Pending(int requests) => $"{(requests > IngestHealthReader.MaxPending ? "More than " : "")}{Whole(Math.Min(requests, IngestHealthReader.MaxPending))} requests wait to be classified.";

    internal static string Reclassifying(double done) => $"The past is being classified once more: {done.ToString("P0", CultureInfo.InvariantCulture)} done.";

    internal static string Silent(string feed, FeedGap gap) => $"{feed}: {Of(gap)}.";

    internal static string Unreadable(string feed, string problem) => $"{feed}: its file cannot be read: {problem.TrimEnd('.')}.";

    internal const string ImportNotEnded = "An import of the past is running or has broken off: part of what it brings is missing until the same files are imported to their end.";

    private static string Number(double value) => value < 10 ? value.ToString("0.#", CultureInfo.InvariantCulture) : Whole(Math.Round(value));

    private static string Whole(double value) => Math.Floor(value).ToString("N0", CultureInfo.InvariantCulture);
}
