using System.Globalization;
using VendorPortal.Usage;

namespace VendorPortal.Demo;

/// <summary>
/// How the people of the sample's customers use its product, over the longest period that is shown. The same seed and end give the same people and events.
/// </summary>
internal sealed class SampleUsage
{
    private const string Product = "nimbus/console";

    private static readonly string[] First = ["Ada", "Ben", "Carla", "Deniz", "Elif", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Kira", "Leo", "Mara", "Nils", "Olga", "Paul", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Viktor", "Wanda", "Yusuf"];
    private static readonly string[] Last = ["Albers", "Brandt", "Costa", "Dahl", "Egger", "Fontaine", "Gruber", "Hansen", "Ito", "Jansen", "Kovac", "Lindqvist", "Moreau", "Novak", "Okafor", "Petrov", "Rossi", "Sato", "Tanaka", "Urban", "Vargas", "Weber"];
    private static readonly string[] Teams = ["Platform", "Backend", "Data", "Mobile", "Quality", "Operations"];
    private static readonly string[] Systems = ["Windows 11", "macOS 15", "Ubuntu 24.04", "Fedora 42"];
    private static readonly string[] Images = ["postgres:17", "redis:7", "nginx:1.29", "node:22", "python:3.13", "golang:1.25", "alpine:3.22", "busybox:1.37", "mysql:9", "rabbitmq:4", "grafana/grafana:12", "mcr/dotnet:10", "eclipse-temurin:21", "ruby:3.4"];
    private static readonly string[] Extensions = ["Disk usage", "Logs explorer", "Cluster view", "Secrets scan", "Resource graph", "Snyk scan", "Mail catcher"];

    private static readonly (string? Customer, int People, double Cli)[] Sizes =
    [
        ("Initech", 24, 0.6), ("Globex", 18, 0.8), ("Umbra Robotics", 9, 0.7), ("Northwind", 7, 0.3), ("Hooli", 21, 0.5), ("Stark Logistics", 12, 0.6),
        ("Wayne Health", 8, 0.2), ("Tyrell", 4, 0.9), ("Soylent Foods", 5, 0.4), ("Oceanic Air", 6, 0.5), (null, 5, 0.5),
    ];

    private readonly DateTime endUtc;
    private readonly SampleCatalog catalog;
    private readonly Random random;
    private readonly List<Person> people = [];
    private long number;

    public SampleUsage(DateTime endUtc, int seed)
    {
        this.endUtc = endUtc;
        catalog = new SampleCatalog(endUtc.AddDays(-365), endUtc);
        random = new Random(seed);
        foreach (var (customer, count, cli) in Sizes)
        {
            for (var i = 0; i < count; i++)
                people.Add(Make(customer, cli));
        }
    }

    /// <summary>The lists of members by customer.</summary>
    public IEnumerable<IGrouping<string, MemberFacts>> Members() => people.Where(p => p is { Customer: not null, IsListed: true }).GroupBy(p => p.Customer!, p => p.Facts, StringComparer.Ordinal);

    /// <summary>The events of each day, oldest first.</summary>
    public IEnumerable<IReadOnlyList<UsageEvent>> Days()
    {
        for (var day = endUtc.Date.AddDays(1 - UsagePeriods.Longest); day <= endUtc.Date; day = day.AddDays(1))
        {
            var events = new List<UsageEvent>();
            foreach (var person in people)
                Live(events, person, day);
            events.RemoveAll(e => e.AtUtc >= endUtc);
            yield return events;
        }
    }

    private Person Make(string? customer, double cli)
    {
        var (first, last) = (First[random.Next(First.Length)], Last[random.Next(Last.Length)]);
        var username = $"{first}.{last}".ToLowerInvariant();
        while (people.Exists(p => p.Facts.Username == username))
            username += random.Next(10).ToString(CultureInfo.InvariantCulture);
        var domain = customer is null ? "trial.example" : customer.Split(' ')[0].ToLowerInvariant() + ".example";
        var joined = endUtc.Date.AddDays(-random.Next(90, 900)).AddHours(9);
        var facts = new MemberFacts(
            username, $"{first} {last}", $"{username}@{domain}", random.Next(9) == 0 ? "Guest" : "Member", random.Next(12) switch { 0 => "Owner", < 4 => "Editor", _ => "Member" },
            random.Next(3) == 0 ? $"{Teams[random.Next(6)]}, Security" : Teams[random.Next(6)], joined, endUtc.AddHours(-random.Next(2, 900)));
        return new Person(customer, facts)
        {
            IsListed = customer is not null && random.Next(11) > 0,
            System = Systems[(int)(random.NextDouble() * random.NextDouble() * Systems.Length)],
            Cli = cli,
            LagDays = random.Next(4) == 0 ? random.Next(30, 80) : random.Next(2, 14),
            Zeal = 0.25 + random.NextDouble(),
            FromDay = random.Next(6) == 0 ? random.Next(10, 85) : UsagePeriods.Longest,
            OptsOutAgo = random.Next(22) == 0 ? random.Next(5, 60) : null,
            Extensions = [.. Extensions.Where((_, i) => random.Next(3 + i) == 0)],
        };
    }

    private void Live(List<UsageEvent> events, Person person, DateTime day)
    {
        var ago = (endUtc.Date - day).Days;
        if (person.OptsOutAgo == ago)
            events.Add(Event(person, day.AddHours(9), UsageKind.AnalyticsOptOut));
        var weekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        if (ago > person.FromDay || person.OptsOutAgo >= ago || random.NextDouble() > (weekend ? 0.1 : 0.72))
            return;
        if (ago % 29 == 3)
            events.AddRange(person.Extensions.Select(name => Event(person, day.AddHours(8), UsageKind.ExtensionInstalled) with { Name = name }));
        var version = catalog.Latest(Product, day.AddDays(-person.LagDays)).Version;
        var isCli = random.NextDouble() < person.Cli;
        events.Add(Active(person, day, version, isCli ? UsageWays.Cli : UsageWays.Gui));
        if (random.Next(3) == 0)
            events.Add(Active(person, day, version, isCli ? UsageWays.Gui : UsageWays.Cli));
        for (var i = Some(1.4 * person.Zeal); i > 0; i--)
            events.Add(Event(person, Time(day), UsageKind.Build) with { How = random.Next(9) == 0 ? UsageWays.Failed : UsageWays.Succeeded, DurationMs = (long)(8_000 + (random.NextDouble() * random.NextDouble() * 240_000)) });
        for (var i = Some(1.7 * person.Zeal); i > 0; i--)
            events.Add(Event(person, Time(day), UsageKind.ContainerRun) with { How = random.Next(10) switch { < 3 => UsageWays.ContainerCompose, < 5 => UsageWays.ContainerGui, _ => UsageWays.ContainerRun } });
        for (var i = Some(0.8 * person.Zeal); i > 0; i--)
            events.Add(Event(person, Time(day), UsageKind.ImagePull) with { Name = Images[(int)(random.NextDouble() * random.NextDouble() * Images.Length)] });
        if (random.Next(7) == 0)
            events.Add(Event(person, Time(day), UsageKind.ImagePush) with { Name = "registry.example/app:latest" });
    }

    private UsageEvent Active(Person person, DateTime day, string version, int how) => Event(person, Time(day), UsageKind.Active) with { Name = version, System = person.System, How = how };

    private UsageEvent Event(Person person, DateTime at, UsageKind kind) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"sample-{++number}"), AtUtc = at, Kind = kind, User = person.Facts.Username, Customer = person.IsListed ? null : person.Customer,
    };

    private DateTime Time(DateTime day) => day.AddHours(7 + ((random.NextDouble() + random.NextDouble()) * 6)).AddMilliseconds(random.Next(1000));

    // Knuth's way to a Poisson number.
    private int Some(double mean)
    {
        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0);
        for (; product > limit; count++)
            product *= random.NextDouble();
        return count;
    }

    private sealed record Person(string? Customer, MemberFacts Facts)
    {
        public required bool IsListed { get; init; }

        public required string System { get; init; }

        public required double Cli { get; init; }

        public required int LagDays { get; init; }

        public required double Zeal { get; init; }

        /// <summary>How many days ago they began.</summary>
        public required int FromDay { get; init; }

        public required int? OptsOutAgo { get; init; }

        public required IReadOnlyList<string> Extensions { get; init; }
    }
}
