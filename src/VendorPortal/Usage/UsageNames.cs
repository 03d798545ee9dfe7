namespace VendorPortal.Usage;

/// <summary>The words of events on the wire.</summary>
public static class UsageNames
{
    private static readonly (string Name, UsageKind Kind)[] All =
    [
        ("active", UsageKind.Active),
        ("build", UsageKind.Build),
        ("container_run", UsageKind.ContainerRun),
        ("image_pull", UsageKind.ImagePull),
        ("image_push", UsageKind.ImagePush),
        ("extension_installed", UsageKind.ExtensionInstalled),
        ("extension_removed", UsageKind.ExtensionRemoved),
        ("analytics_opt_out", UsageKind.AnalyticsOptOut),
        ("analytics_opt_in", UsageKind.AnalyticsOptIn),
    ];

    public static IEnumerable<string> Kinds => All.Select(one => one.Name);

    /// <summary>Null where no kind has this name.</summary>
    public static UsageKind? Kind(string name) => Array.Find(All, one => one.Name == name) is { Name: not null } found ? found.Kind : null;

    public static int? Interface(string? name) => name switch
    {
        "cli" => UsageWays.Cli,
        "gui" => UsageWays.Gui,
        _ => null,
    };

    public static int? Container(string? name) => name switch
    {
        "gui" => UsageWays.ContainerGui,
        "run" => UsageWays.ContainerRun,
        "compose" => UsageWays.ContainerCompose,
        _ => null,
    };
}
