using System.ComponentModel;

namespace VendorPortal.Usage;

/// <summary>Every figure of the page Usage. Days are of UTC.</summary>
public sealed record UsageBody(
    [property: Description("1w, 1m or 3m: the last 7, 30 or 90 days, today among them.")] string Period,
    DateOnly From,
    [property: Description("Today: not over.")] DateOnly To,
    [property: Description("When events last came in; null where none ever did.")] DateTime? LastUpdated,
    [property: Description("The customer asked for; null for everyone.")] string? Customer,
    UsersBody Users,
    BuildsBody Builds,
    ContainersBody Containers,
    ProductBody Product,
    ImagesBody Images,
    ExtensionsBody Extensions)
{
    internal static UsageBody Of(UsageReport r, string? customer)
    {
        IReadOnlyList<T> ByDay<T>(Func<int, T> make) => [.. Enumerable.Range(0, r.Days.Count).Select(make)];
        IReadOnlyList<ShareBody> Shares(IEnumerable<UsageShare> shares) => [.. shares.Select(s => new ShareBody(s.Name, s.Users, ByDay(i => new CountBody(r.Days[i], s.ByDay[i]))))];
        return new UsageBody(
            UsagePeriods.NameOf(r.Period), r.Days[0], r.Days[^1], r.UpdatedUtc, customer,
            new UsersBody(r.ActiveUsers, r.Members, r.OptedOut, ByDay(i => new CountBody(r.Days[i], r.ActiveByDay[i]))),
            new BuildsBody(r.Builds.Total, r.BuildsPerUser, r.Builds.AverageTime?.TotalSeconds, r.Builds.SuccessRate, ByDay(i => new BuildDayBody(r.Days[i], r.Builds.SucceededByDay[i], r.Builds.FailedByDay[i]))),
            new ContainersBody(
                r.Containers.Total, r.ContainersPerUser,
                ByDay(i => new ContainerDayBody(r.Days[i], r.Containers.GuiByDay[i] + r.Containers.RunByDay[i] + r.Containers.ComposeByDay[i], r.Containers.GuiByDay[i], r.Containers.RunByDay[i], r.Containers.ComposeByDay[i]))),
            new ProductBody(
                r.Versions.Count > 0 ? r.Versions[0].Name : null, r.Systems.Count > 0 ? r.Systems[0].Name : null, Shares(r.Versions), [.. r.Systems.Select(s => new NamedCountBody(s.Name, s.Users))],
                Shares([r.Cli with { Name = "cli" }, r.Gui with { Name = "gui" }])),
            new ImagesBody(r.Images.Pulled, r.Images.Pushed, [.. r.Images.Top.Select(i => new NamedCountBody(i.Name, i.Count))]),
            new ExtensionsBody(r.ExtensionShare, r.Extensions.Users, [.. r.Extensions.Top.Select(e => new NamedCountBody(e.Name, e.Count))]));
    }
}

/// <summary>A day's number.</summary>
public sealed record CountBody(DateOnly Day, long Count);

/// <summary>A name's number.</summary>
public sealed record NamedCountBody(string Name, long Count);

/// <summary>Different people of the period, and of each day.</summary>
public sealed record ShareBody(string Name, int Users, IReadOnlyList<CountBody> Days);

public sealed record UsersBody(
    [property: Description("Different people who used the product in the period.")] int Active,
    [property: Description("People on lists of members, and people seen at any time.")] int Members,
    [property: Description("Those of them who opted out: they are in no other figure.")] int OptedOut,
    IReadOnlyList<CountBody> Days);

public sealed record BuildsBody(
    long Total,
    [property: Description("Null where nobody was active.")] double? PerActiveUser,
    [property: Description("Null where nothing was built.")] double? AverageSeconds,
    [property: Description("From 0 to 1; null where nothing was built.")] double? SuccessRate,
    IReadOnlyList<BuildDayBody> Days);

public sealed record BuildDayBody(DateOnly Day, long Succeeded, long Failed);

public sealed record ContainersBody(long Total, [property: Description("Null where nobody was active.")] double? PerActiveUser, IReadOnlyList<ContainerDayBody> Days);

public sealed record ContainerDayBody(DateOnly Day, long Total, long Gui, long Run, long Compose);

public sealed record ProductBody(
    [property: Description("By the different people who used it; null where nobody told one.")] string? MostUsedVersion,
    string? MostUsedOs,
    IReadOnlyList<ShareBody> Versions,
    IReadOnlyList<NamedCountBody> OperatingSystems,
    [property: Description("cli and gui.")] IReadOnlyList<ShareBody> Interfaces);

public sealed record ImagesBody(long Pulled, long Pushed, [property: Description("The ten most pulled, with their pulls.")] IReadOnlyList<NamedCountBody> Top);

public sealed record ExtensionsBody(
    [property: Description("The part of the members who did not opt out that has an extension now, 0 to 1; null where there are none.")] double? MemberShare,
    int Members,
    [property: Description("The five most installed, with the people who have them.")] IReadOnlyList<NamedCountBody> Top);
