using System.Globalization;
using VendorPortal.Usage;

namespace VendorPortal.Tests.Usage;

/// <summary>A person of a test: who they are, whatever events call them.</summary>
internal sealed record TestPerson(string Username, string? Email, string? Customer, bool IsListed);

/// <summary>An event and whom it is of, which the portal has to find out.</summary>
internal sealed record PersonEvent(TestPerson Person, UsageEvent Event);

/// <summary>Random people and what they do, up to a moment; the same seed gives the same.</summary>
internal sealed class RandomUsage
{
    private static readonly string?[] Customers = ["Initech", "Globex", null];
    private static readonly string[] Versions = ["1.0", "1.1", "2.0", "2.1", "3.0", "3.1", "3.2"];
    private static readonly string[] Systems = ["Linux", "Windows", "macOS"];

    private readonly Random random;
    private int number;

    public RandomUsage(int seed)
    {
        random = new Random(seed);
        // Two customers have somebody of the same name, and one is listed nowhere.
        People =
        [
            .. Enumerable.Range(0, 14).Select(i => new TestPerson($"user{i}", $"user{i}@mail.example", Customers[i % 2], IsListed: true)),
            .. Enumerable.Range(0, 5).Select(i => new TestPerson($"seen{i}", null, Customers[i % 3], IsListed: false)),
            new TestPerson("admin", null, "Initech", IsListed: true), new TestPerson("admin", null, "Globex", IsListed: true), new TestPerson("admin", null, null, IsListed: false),
        ];
    }

    public IReadOnlyList<TestPerson> People { get; }

    /// <summary>Events of the last <paramref name="days"/> days before a moment, some of them told twice, in the order of their time.</summary>
    public List<PersonEvent> Events(int count, DateTime nowUtc, int days, bool comesBack)
    {
        var events = new List<PersonEvent>();
        for (var i = 0; i < count; i++)
        {
            var person = People[random.Next(People.Count)];
            var at = nowUtc.AddMilliseconds(-random.NextInt64(1, days * 86_400_000L));
            events.Add(new PersonEvent(person, Shape(person, at, comesBack)));
        }

        events.AddRange(events.Where(_ => random.Next(12) == 0).ToList());
        return [.. events.OrderBy(e => e.Event.AtUtc)];
    }

    private UsageEvent Shape(TestPerson person, DateTime at, bool comesBack)
    {
        var told = Named(person, at);
        return random.Next(100) switch
        {
            < 30 => told with { Kind = UsageKind.Active, Name = Pick(Versions), System = Pick(Systems), How = random.Next(1, 3) },
            < 50 => told with { Kind = UsageKind.Build, How = random.Next(0, 2), DurationMs = random.Next(0, 100_000) },
            < 65 => told with { Kind = UsageKind.ContainerRun, How = random.Next(1, 4) },
            < 80 => told with { Kind = UsageKind.ImagePull, Name = $"image{random.Next(15)}" },
            < 87 => told with { Kind = UsageKind.ImagePush, Name = "image0" },
            < 93 => told with { Kind = UsageKind.ExtensionInstalled, Name = $"extension{random.Next(7)}" },
            < 98 => told with { Kind = UsageKind.ExtensionRemoved, Name = $"extension{random.Next(7)}" },
            98 => told with { Kind = UsageKind.AnalyticsOptOut },
            _ => told with { Kind = comesBack ? UsageKind.AnalyticsOptIn : UsageKind.AnalyticsOptOut },
        };
    }

    // Listed people are named by user name or address, in any case, with or without their customer; others as what they are.
    private UsageEvent Named(TestPerson person, DateTime at)
    {
        var isAmbiguous = person.Username == "admin" || !person.IsListed;
        var user = person.Email is { } mail && random.Next(2) == 0 ? mail : person.Username;
        return new UsageEvent
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"event-{++number}"),
            AtUtc = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond)),
            Kind = UsageKind.Active,
            User = random.Next(3) == 0 ? user.ToUpperInvariant() : user,
            Customer = isAmbiguous || random.Next(2) == 0 ? person.Customer : null,
        };
    }

    private string Pick(string[] values) => values[random.Next(values.Length)];
}
