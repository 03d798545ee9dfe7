using VendorPortal.Journal;

namespace VendorPortal.Usage;

/// <summary>What an event of the product tells. The numbers are stored.</summary>
public enum UsageKind
{
    /// <summary>Somebody used the product: version, operating system, interface.</summary>
    Active = 1,
    Build = 2,
    ContainerRun = 3,
    ImagePull = 4,
    ImagePush = 5,
    ExtensionInstalled = 6,
    ExtensionRemoved = 7,
    AnalyticsOptOut = 8,
    AnalyticsOptIn = 9,
}

/// <summary>What a name of an event is of. The numbers are stored.</summary>
public enum UsageNameKind
{
    Version = 1,
    System = 2,
    Image = 3,
    Extension = 4,
}

/// <summary>One thing a person did with the vendor's product.</summary>
public sealed record UsageEvent
{
    /// <summary>What repeats of this event are known by, within the vendor.</summary>
    public required EventKey Id { get; init; }

    /// <summary>UTC; never later than it was received.</summary>
    public required DateTime AtUtc { get; init; }

    public required UsageKind Kind { get; init; }

    /// <summary>The person: user name or e-mail address.</summary>
    public required string User { get; init; }

    /// <summary>The customer, where the product knows it.</summary>
    public string? Customer { get; init; }

    /// <summary>The version, image or extension.</summary>
    public string? Name { get; init; }

    /// <summary>The operating system of <see cref="UsageKind.Active"/>.</summary>
    public string? System { get; init; }

    /// <summary>
    /// Of <see cref="UsageKind.Active"/> the interface (<see cref="UsageWays.Cli"/>, <see cref="UsageWays.Gui"/>), of <see cref="UsageKind.Build"/> whether it
    /// succeeded (1 or 0), of <see cref="UsageKind.ContainerRun"/> the way.
    /// </summary>
    public int? How { get; init; }

    /// <summary>How long a build took, in milliseconds.</summary>
    public long? DurationMs { get; init; }
}

/// <summary>Interfaces of the product and ways to run containers, with the numbers they are stored by.</summary>
public static class UsageWays
{
    public const int Cli = 1;
    public const int Gui = 2;

    public const int ContainerGui = 1;
    public const int ContainerRun = 2;
    public const int ContainerCompose = 3;

    public const int Failed = 0;
    public const int Succeeded = 1;
}
