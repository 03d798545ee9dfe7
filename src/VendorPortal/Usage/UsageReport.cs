namespace VendorPortal.Usage;

/// <summary>How many different people of a period, and of each day of it, had something: a version, a system, an interface.</summary>
public sealed record UsageShare(string Name, int Users, IReadOnlyList<int> ByDay);

/// <summary>A name and its number.</summary>
public sealed record UsageRank(string Name, long Count);

/// <summary>Builds of a period.</summary>
public sealed record UsageBuilds(long Succeeded, long Failed, TimeSpan Time, IReadOnlyList<long> SucceededByDay, IReadOnlyList<long> FailedByDay)
{
    public long Total => Succeeded + Failed;

    /// <summary>Null where nothing was built.</summary>
    public TimeSpan? AverageTime => Total == 0 ? null : Time / Total;

    /// <summary>From 0 to 1; null where nothing was built.</summary>
    public double? SuccessRate => Total == 0 ? null : (double)Succeeded / Total;
}

/// <summary>Containers of a period, by the way they were run.</summary>
public sealed record UsageContainers(IReadOnlyList<long> GuiByDay, IReadOnlyList<long> RunByDay, IReadOnlyList<long> ComposeByDay)
{
    public long Total { get; } = GuiByDay.Sum() + RunByDay.Sum() + ComposeByDay.Sum();
}

/// <summary>Images of a period. <see cref="Top"/> are the most pulled.</summary>
public sealed record UsageImages(long Pulled, long Pushed, int Different, IReadOnlyList<UsageRank> Top);

/// <summary>Extensions as they are now. <see cref="Top"/> are the most installed, with the people who have them.</summary>
public sealed record UsageExtensionsNow(int Users, IReadOnlyList<UsageRank> Top);

/// <summary>
/// What the people of a customer, or everyone, did with the product in a period. People who opted out are in no figure but <see cref="OptedOut"/> and
/// <see cref="Members"/>. Lists by day have an entry for each of <see cref="Days"/>.
/// </summary>
public sealed record UsageReport
{
    public required UsagePeriod Period { get; init; }

    /// <summary>The days of UTC, oldest first; the last one is today and not over.</summary>
    public required IReadOnlyList<DateOnly> Days { get; init; }

    /// <summary>When events last came in; null where none ever did.</summary>
    public required DateTime? UpdatedUtc { get; init; }

    /// <summary>Different people who used the product in the period.</summary>
    public required int ActiveUsers { get; init; }

    public required IReadOnlyList<int> ActiveByDay { get; init; }

    /// <summary>People on lists of members, and people who were seen using the product at any time.</summary>
    public required int Members { get; init; }

    /// <summary>Those of them who opted out of analytics.</summary>
    public required int OptedOut { get; init; }

    public required UsageBuilds Builds { get; init; }

    public required UsageContainers Containers { get; init; }

    /// <summary>By different people, most first; so the first is the most used.</summary>
    public required IReadOnlyList<UsageShare> Versions { get; init; }

    /// <inheritdoc cref="Versions"/>
    public required IReadOnlyList<UsageShare> Systems { get; init; }

    public required UsageShare Cli { get; init; }

    public required UsageShare Gui { get; init; }

    public required UsageImages Images { get; init; }

    public required UsageExtensionsNow Extensions { get; init; }

    /// <summary>Builds per active person; null where nobody was active.</summary>
    public double? BuildsPerUser => ActiveUsers == 0 ? null : (double)Builds.Total / ActiveUsers;

    /// <summary>Containers per active person; null where nobody was active.</summary>
    public double? ContainersPerUser => ActiveUsers == 0 ? null : (double)Containers.Total / ActiveUsers;

    /// <summary>The part of the members who did not opt out that has an extension, 0 to 1; null where there are none.</summary>
    public double? ExtensionShare => Members == OptedOut ? null : (double)Extensions.Users / (Members - OptedOut);
}
