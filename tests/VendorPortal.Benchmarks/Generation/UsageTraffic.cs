using System.Globalization;
using VendorPortal.Usage;

namespace VendorPortal.Benchmarks.Generation;

/// <summary>Events of a product's people over ninety days, in the order of their time: some hundreds a person, skewed as people and images are.</summary>
internal sealed class UsageTraffic(ulong seed, long events)
{
    public const int Days = UsagePeriods.Longest;
    public const int Customers = 1_500;
    private const int EventsOfPerson = 200;
    private const int Versions = 24;
    private const int Images = 5_000;
    private const int Extensions = 60;

    public static readonly DateTime EndUtc = new(2026, 5, 20, 12, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Systems = ["Ubuntu 24.04", "Windows 11", "macOS 15", "Fedora 42", "Debian 13"];

    private readonly Dice dice = new(seed);
    private readonly Zipf images = new(Images);
    private readonly Zipf customers = new(Customers);
    private long number;

    /// <summary>Different people.</summary>
    public int People { get; } = (int)Math.Max(50, events / EventsOfPerson);

    public static string Customer(int rank) => string.Create(CultureInfo.InvariantCulture, $"customer {rank}");

    /// <summary>The customer of each person: a few have most of them.</summary>
    public int[] CustomerOfPeople()
    {
        var own = new Dice(seed + 1);
        return [.. Enumerable.Range(0, People).Select(_ => customers.Draw(own))];
    }

    /// <summary>All events, a batch at a time.</summary>
    public IEnumerable<IReadOnlyList<UsageEvent>> Batches(int size)
    {
        var of = CustomerOfPeople();
        var step = TimeSpan.FromDays(Days - 1).Ticks / Math.Max(1, events);
        var start = EndUtc.AddDays(1 - Days);
        for (long sent = 0; sent < events;)
        {
            var batch = new List<UsageEvent>(size);
            for (; batch.Count < size && sent < events; sent++)
                batch.Add(Next(of, start.AddTicks(sent * step)));
            yield return batch;
        }
    }

    /// <summary>Events of now.</summary>
    public List<UsageEvent> Now(int count, DateTime at)
    {
        var of = CustomerOfPeople();
        return [.. Enumerable.Range(0, count).Select(_ => Next(of, at))];
    }

    private UsageEvent Next(int[] of, DateTime at)
    {
        var person = dice.NextSkewed(People);
        var told = new UsageEvent
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{seed}-{++number}"), AtUtc = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond)), Kind = UsageKind.Active,
            User = string.Create(CultureInfo.InvariantCulture, $"person{person}"), Customer = Customer(of[person]),
        };
        return dice.Next(100) switch
        {
            < 25 => told with { Name = Version(person, at), System = Systems[person % Systems.Length], How = dice.Next(3) == 0 ? UsageWays.Gui : UsageWays.Cli },
            < 50 => told with { Kind = UsageKind.Build, DurationMs = 1_000 + dice.NextSkewed(300_000), How = dice.Next(9) == 0 ? UsageWays.Failed : UsageWays.Succeeded },
            < 75 => told with { Kind = UsageKind.ContainerRun, How = 1 + dice.Next(3) },
            < 95 => told with { Kind = UsageKind.ImagePull, Name = string.Create(CultureInfo.InvariantCulture, $"library/image-{images.Draw(dice)}:latest") },
            < 98 => told with { Kind = UsageKind.ImagePush, Name = "registry.example/app:latest" },
            _ => told with { Kind = dice.Next(4) == 0 ? UsageKind.ExtensionRemoved : UsageKind.ExtensionInstalled, Name = string.Create(CultureInfo.InvariantCulture, $"extension {dice.NextSkewed(Extensions)}") },
        };
    }

    // A new version every ten days, to which people move sooner or later.
    private static string Version(int person, DateTime at) =>
        string.Create(CultureInfo.InvariantCulture, $"4.{Math.Clamp(((int)(at - EndUtc.AddDays(-Days)).TotalDays / 10) - (person % 4), 0, Versions)}.0");
}
