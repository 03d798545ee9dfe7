using System.Globalization;
using System.Text;
using VendorPortal.Usage;

namespace VendorPortal.Tests.Usage;

/// <summary>Every figure of a period by plain loops over all events there ever were, from the definitions alone.</summary>
internal static class UsageOracle
{
    /// <summary>The figures as text, in the form of <see cref="Describe"/>.</summary>
    public static string Figures(IEnumerable<PersonEvent> told, IReadOnlyCollection<TestPerson> people, string? customer, UsagePeriod period, DateOnly today)
    {
        var events = told.DistinctBy(e => e.Event.Id).ToList();
        bool IsOut(TestPerson p) => LastWord(events, p) is { Kind: UsageKind.AnalyticsOptOut };
        var kept = people.Where(p => customer is null || p.Customer == (customer == "-" ? null : customer)).ToList();
        var counted = events.Where(e => kept.Contains(e.Person) && e.Event.Kind < UsageKind.AnalyticsOptOut && Counts(events, e)).ToList();
        var first = period.FirstDay(today);
        var use = counted.Where(e => Day(e) >= first && Day(e) <= today).ToList();
        var days = Enumerable.Range(0, (int)period).Select(first.AddDays).ToList();
        var active = use.Select(e => e.Person).Distinct().Count();
        var builds = use.Where(e => e.Event.Kind == UsageKind.Build).ToList();
        var containers = use.Where(e => e.Event.Kind == UsageKind.ContainerRun).ToList();
        var pulls = use.Where(e => e.Event.Kind == UsageKind.ImagePull).ToList();
        var told0 = use.Where(e => e.Event.Kind == UsageKind.Active).ToList();
        var installed = kept.Where(p => !IsOut(p)).Select(p => (Person: p, Names: Installed(counted, p))).ToList();
        var any = installed.Count(i => i.Names.Count > 0);
        var members = people.Count(p => kept.Contains(p) && (p.IsListed || events.Exists(e => e.Person == p)));
        var text = new StringBuilder();
        void Line(string name, params IEnumerable<object?> values) => text.Append(CultureInfo.InvariantCulture, $"{name}: {string.Join(' ', values.Select(v => v is IFormattable f ? f.ToString(null, CultureInfo.InvariantCulture) : v))}\n");
        IEnumerable<object?> PerDay(Func<DateOnly, long> number) => days.Select(d => (object?)number(d));
        long People(IEnumerable<PersonEvent> of, DateOnly day) => of.Where(e => Day(e) == day).Select(e => e.Person).Distinct().Count();

        Line("users", active, members, kept.Count(IsOut));
        Line("active", PerDay(d => People(use, d)));
        Line("builds", builds.Count, builds.Count(b => b.Event.How == 1), builds.Sum(b => b.Event.DurationMs!.Value), Ratio(builds.Count, active));
        Line("succeeded", PerDay(d => builds.Count(b => Day(b) == d && b.Event.How == 1)));
        Line("failed", PerDay(d => builds.Count(b => Day(b) == d && b.Event.How == 0)));
        Line("containers", containers.Count, Ratio(containers.Count, active));
        for (var way = 1; way <= 3; way++)
            Line($"way {way}", PerDay(d => containers.Count(c => Day(c) == d && c.Event.How == way)));
        foreach (var (name, value) in new (string, Func<UsageEvent, string>)[] { ("version", e => e.Name!), ("system", e => e.System!), ("interface", e => e.How == 1 ? "CLI" : "GUI") })
        {
            foreach (var group in told0.GroupBy(e => value(e.Event)).OrderByDescending(g => g.Select(e => e.Person).Distinct().Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
                Line($"{name} {group.Key} {group.Select(e => e.Person).Distinct().Count()}", PerDay(d => People(group, d)));
        }

        Line("images", pulls.Count, use.Count(e => e.Event.Kind == UsageKind.ImagePush));
        Line("top", pulls.GroupBy(p => p.Event.Name!).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(10).Select(g => $"{g.Key}={g.Count()}"));
        Line("extensions", any, members == kept.Count(IsOut) ? null : Ratio(any, members - kept.Count(IsOut)));
        Line("most", installed.SelectMany(i => i.Names).GroupBy(n => n).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(5).Select(g => $"{g.Key}={g.Count()}"));
        return text.ToString();
    }

    /// <summary>The figures of a report as text.</summary>
    public static string Describe(UsageReport r)
    {
        var text = new StringBuilder();
        void Line(string name, params IEnumerable<object?> values) => text.Append(CultureInfo.InvariantCulture, $"{name}: {string.Join(' ', values.Select(v => v is IFormattable f ? f.ToString(null, CultureInfo.InvariantCulture) : v))}\n");
        IEnumerable<object?> Objects<T>(IEnumerable<T> values) => values.Select(v => (object?)v);
        Line("users", r.ActiveUsers, r.Members, r.OptedOut);
        Line("active", Objects(r.ActiveByDay));
        Line("builds", r.Builds.Total, r.Builds.Succeeded, (long)r.Builds.Time.TotalMilliseconds, Round(r.BuildsPerUser));
        Line("succeeded", Objects(r.Builds.SucceededByDay));
        Line("failed", Objects(r.Builds.FailedByDay));
        Line("containers", r.Containers.Total, Round(r.ContainersPerUser));
        Line("way 1", Objects(r.Containers.GuiByDay));
        Line("way 2", Objects(r.Containers.RunByDay));
        Line("way 3", Objects(r.Containers.ComposeByDay));
        foreach (var (name, shares) in new[] { ("version", r.Versions), ("system", r.Systems), ("interface", [.. new[] { r.Cli, r.Gui }.Where(s => s.Users > 0).OrderByDescending(s => s.Users).ThenBy(s => s.Name, StringComparer.Ordinal)]) })
        {
            foreach (var share in shares)
                Line($"{name} {share.Name} {share.Users}", Objects(share.ByDay));
        }

        Line("images", r.Images.Pulled, r.Images.Pushed);
        Line("top", r.Images.Top.Select(i => $"{i.Name}={i.Count}"));
        Line("extensions", r.Extensions.Users, Round(r.ExtensionShare));
        Line("most", r.Extensions.Top.Select(e => $"{e.Name}={e.Count}"));
        return text.ToString();
    }

    private static DateOnly Day(PersonEvent e) => DateOnly.FromDateTime(e.Event.AtUtc);

    private static UsageEvent? LastWord(List<PersonEvent> events, TestPerson person) =>
        events.Where(e => e.Person == person && e.Event.Kind >= UsageKind.AnalyticsOptOut).Select(e => e.Event).OrderBy(e => e.AtUtc).ThenByDescending(e => e.Kind).LastOrDefault();

    // Nothing of who is out; of who came back what is not before the first "in" behind the last "out".
    private static bool Counts(List<PersonEvent> events, PersonEvent one)
    {
        var words = events.Where(e => e.Person == one.Person && e.Event.Kind >= UsageKind.AnalyticsOptOut).Select(e => e.Event).ToList();
        if (words.FindAll(w => w.Kind == UsageKind.AnalyticsOptOut) is not { Count: > 0 } outs)
            return true;
        var lastOut = outs.Max(w => w.AtUtc);
        var back = words.Where(w => w.Kind == UsageKind.AnalyticsOptIn && w.AtUtc > lastOut).Select(w => w.AtUtc).ToList();
        return back.Count > 0 && one.Event.AtUtc >= back.Min();
    }

    private static HashSet<string> Installed(List<PersonEvent> counted, TestPerson person) =>
        [.. counted.Where(e => e.Person == person && e.Event.Kind is UsageKind.ExtensionInstalled or UsageKind.ExtensionRemoved && e.Person == person).GroupBy(e => e.Event.Name!)
            .Where(g => g.OrderBy(e => e.Event.AtUtc).ThenBy(e => e.Event.Kind).Last().Event.Kind == UsageKind.ExtensionInstalled).Select(g => g.Key)];

    private static object? Ratio(int of, int by) => by == 0 ? null : Round((double)of / by);

    private static object? Round(double? value) => value is { } number ? Math.Round(number, 9) : null;
}
