namespace VendorPortal.Usage;

/// <summary>The last so many days of UTC, today among them: what is shown is of whole days, and of today so far. The numbers are days.</summary>
public enum UsagePeriod
{
    Week = 7,
    Month = 30,
    Quarter = 90,
}

/// <summary>Periods by name, as addresses and the API write them.</summary>
public static class UsagePeriods
{
    /// <summary>The longest period, in days: so long every roll-up is kept.</summary>
    public const int Longest = (int)UsagePeriod.Quarter;

    public static readonly IReadOnlyList<(string Name, UsagePeriod Period, string Words)> All = [("1w", UsagePeriod.Week, "1 week"), ("1m", UsagePeriod.Month, "1 month"), ("3m", UsagePeriod.Quarter, "3 months")];

    /// <summary>Null where no period has this name.</summary>
    public static UsagePeriod? Parse(string? name) => All.FirstOrDefault(one => one.Name == name) is { Name: not null } found ? found.Period : null;

    public static string NameOf(UsagePeriod period) => All.First(one => one.Period == period).Name;

    /// <summary>The first day of a period that ends with a day.</summary>
    public static DateOnly FirstDay(this UsagePeriod period, DateOnly last) => last.AddDays(1 - (int)period);
}
