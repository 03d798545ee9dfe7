using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;

namespace VendorPortal.Demo;

/// <summary>How an account of a sample customer uses the registry.</summary>
internal enum SampleHabit
{
    /// <summary>Builds on weekdays; the daemon's cache makes half of its pulls version checks.</summary>
    Ci,

    /// <summary>Nodes of a cluster: bursts at roll-outs, by tag and by digest.</summary>
    Cluster,

    /// <summary>Looks for new versions every few hours.</summary>
    Watcher,

    /// <summary>Copies every platform into a registry of its own, weekly.</summary>
    Mirror,

    /// <summary>Installs charts now and then.</summary>
    Charts,

    /// <summary>A person at a keyboard.</summary>
    Person,
}

/// <summary>An account and its ways. <see cref="PerDay"/> is the mean number of pulls on a weekday, <see cref="LagDays"/> how long after a release it moves to it.</summary>
internal sealed record SampleAccount(
    string? Customer, string Principal, string? Email, string UserAgent, string[] Addresses, SampleHabit Habit, string[] Artifacts, double PerDay, int LagDays, int UtcOffset)
{
    /// <summary>First and last day of its use, as a share of the year.</summary>
    public double From { get; init; }

    public double To { get; init; } = 1;
}

/// <summary>The people of the sample. Names are invented; addresses are those that standards set aside for documentation.</summary>
internal static class SampleCustomers
{
    private const string Docker = "docker/28.5.2 go/go1.24.9 git-commit/89c5e8f kernel/6.8.0-71-generic os/linux arch/amd64 UpstreamClient(Docker-Client/28.5.2 \\(linux\\))";
    private const string DockerOld = "docker/26.1.5 go/go1.21.13 git-commit/411e817 kernel/5.15.0-119-generic os/linux arch/amd64 UpstreamClient(Docker-Client/26.1.5 \\(linux\\))";
    private const string DockerMac = "docker/28.0.1 go/go1.23.6 git-commit/bbd0a17 kernel/6.10.14-linuxkit os/linux arch/arm64 UpstreamClient(Docker-Client/28.0.1 \\(darwin\\))";
    private const string Containerd = "containerd/v2.1.4";
    private const string ContainerdOld = "containerd/v1.7.24";
    private const string Podman = "containers/5.36.1 (github.com/containers/image)";
    private const string Skopeo = "skopeo/1.18.0";
    private const string Oras = "oras/1.2.3";
    private const string Helm = "Helm/3.18.4";
    private const string Renovate = "RenovateBot/41.76.0 (https://github.com/renovatebot/renovate)";
    private const string Watchtower = "Watchtower/1.7.1";
    private const string Crane = "crane/v0.20.7 go-containerregistry/v0.20.7";
    private const string Argo = "argocd/v3.0.6";

    public const string Publisher = "nimbus-release";
    public const string PublisherAgent = "buildkit/v0.24";
    public const string PublisherAddress = "192.0.2.10";

    // Documentation addresses are in no data of networks; like the names, what they belong to is made up.
    private static readonly (IpRange Range, NetworkFacts Facts)[] Networks =
    [
        Network("192.0.2.10", "US", "GitHub, Inc.", "github"),
        Network("203.0.113.0/27", "DE", "Amazon.com, Inc.", "aws"),
        Network("203.0.113.41", "DE", "Rheinkabel Breitband GmbH", null, NetworkTypes.Isp),
        Network("198.51.100.30/31", "US", "Google LLC", "gcp"),
        Network("198.51.100.42/31", "US", "Google LLC", "gcp"),
        Network("192.0.2.112/28", "JP", "Umbra Robotics K.K.", null, NetworkTypes.Business),
        Network("2001:db8:10::/48", "GB", "Microsoft Corporation", "azure"),
        Network("198.51.100.8/30", "US", "Bayline Fiber Inc.", null, NetworkTypes.Isp),
        Network("198.51.100.12/31", "US", "Amazon.com, Inc.", "aws"),
        Network("203.0.113.90", "US", "Vandelay Imports LLC", null, NetworkTypes.Business),
        Network("192.0.2.56/29", "FI", "Nordvik Datacenter Oy", null, NetworkTypes.Hosting),
        Network("192.0.2.70", "FI", "Microsoft Corporation", "azure"),
        Network("203.0.113.144/28", "US", "Wayne Health Systems", null, NetworkTypes.Business),
        Network("2001:db8:7::/48", "US", "Tyrell Institute University", null, NetworkTypes.Education),
        Network("198.51.100.77", "NL", "Polderlink B.V.", null, NetworkTypes.Isp),
        Network("203.0.113.200/29", "US", "DigitalOcean, LLC", "digitalocean"),
        Network("192.0.2.200/31", "AU", "Amazon.com, Inc.", "aws"),
        Network("203.0.113.231", "AT", "Alpennetz Telekom GmbH", null, NetworkTypes.Isp),
    ];

    private static readonly string[] Core = ["nimbus/platform", "nimbus/agent"];
    private static readonly string[] All = ["nimbus/platform", "nimbus/agent", "nimbus/gateway", "nimbus/console"];
    private static readonly string[] Chart = ["charts/nimbus"];
    private static readonly string[] Model = ["models/nimbus-forecast"];
    private static readonly string[] Dataset = ["datasets/nimbus-telemetry"];

    public static readonly IReadOnlyList<SampleAccount> Accounts =
    [
        new("Initech", "initech+ci", "build@initech.example", Docker, ["203.0.113.7", "203.0.113.8"], SampleHabit.Ci, All, 14, 2, 1),
        new("Initech", "initech+prod", "platform@initech.example", Containerd, ["203.0.113.20", "203.0.113.21", "203.0.113.22"], SampleHabit.Cluster, Core, 6, 9, 1),
        new("Initech", "petra.huber", "petra.huber@initech.example", DockerMac, ["203.0.113.41"], SampleHabit.Person, ["nimbus/console"], 1.2, 1, 1),
        new("Globex", "globex-k8s", "sre@globex.example", Containerd, ["198.51.100.30", "198.51.100.31"], SampleHabit.Cluster, All, 9, 5, -5),
        new("Globex", "globex-ci", "ci@globex.example", Docker, ["198.51.100.42"], SampleHabit.Ci, Core, 11, 1, -5),
        new("Globex", "globex-renovate", null, Renovate, ["198.51.100.43"], SampleHabit.Watcher, All, 6, 0, -5),
        new("Umbra Robotics", "robot$prod", "ops@umbra.example", ContainerdOld, ["192.0.2.118", "192.0.2.119"], SampleHabit.Cluster, ["nimbus/agent", "nimbus/operator"], 7, 14, 9),
        new("Umbra Robotics", "robot$mirror", "ops@umbra.example", Skopeo, ["192.0.2.120"], SampleHabit.Mirror, All, 1, 3, 9),
        new("Northwind", "northwind-eu", "it@northwind.example", ContainerdOld, ["2001:db8:10::23", "2001:db8:10::24"], SampleHabit.Cluster, Core, 5, 21, 0),
        new("Northwind", "northwind-helm", "it@northwind.example", Helm, ["2001:db8:10::2a"], SampleHabit.Charts, Chart, 1.5, 21, 0),
        new("Hooli", "dana", "dana@hooli.example", Podman, ["198.51.100.9"], SampleHabit.Person, ["nimbus/gateway", "nimbus/console"], 3, 4, -8),
        new("Hooli", "hooli-gitops", "gitops@hooli.example", Argo, ["198.51.100.11"], SampleHabit.Watcher, ["charts/nimbus", "nimbus/platform"], 8, 0, -8),
        new("Hooli", "hooli-build", "build@hooli.example", Docker, ["198.51.100.12", "198.51.100.13"], SampleHabit.Ci, All, 10, 3, -8),
        new("Vandelay Imports", "vandelay", "art@vandelay.example", DockerOld, ["203.0.113.90"], SampleHabit.Ci, ["nimbus/platform"], 3, 90, -5),
        new("Stark Logistics", "stark-fleet", "fleet@stark.example", Containerd, ["192.0.2.60", "192.0.2.61", "192.0.2.62", "192.0.2.63"], SampleHabit.Cluster, ["nimbus/agent"], 12, 7, 2) { From = 0.35 },
        new("Stark Logistics", "stark-ci", "ci@stark.example", Docker, ["192.0.2.70"], SampleHabit.Ci, Core, 6, 2, 2) { From = 0.3 },
        new("Wayne Health", "wayne-prod", "platform@wayne.example", Containerd, ["203.0.113.150", "203.0.113.151"], SampleHabit.Cluster, All, 5, 30, -5),
        new("Wayne Health", "wayne-audit", "audit@wayne.example", Crane, ["203.0.113.155"], SampleHabit.Person, All, 1, 30, -5),
        new("Tyrell", "tyrell-lab", "lab@tyrell.example", Podman, ["2001:db8:7::5"], SampleHabit.Person, ["nimbus/operator", "nimbus/platform"], 4, 6, -8) { To = 0.71 },
        new("Soylent Foods", "soylent", "it@soylent.example", DockerOld, ["198.51.100.77"], SampleHabit.Ci, ["nimbus/gateway"], 4, 45, 1),
        new("Cyberdyne", "cyberdyne-edge", "edge@cyberdyne.example", Watchtower, ["203.0.113.200", "203.0.113.201"], SampleHabit.Watcher, ["nimbus/agent"], 10, 0, -7),
        new("Cyberdyne", "cyberdyne-edge", "edge@cyberdyne.example", DockerOld, ["203.0.113.200", "203.0.113.201"], SampleHabit.Cluster, ["nimbus/agent"], 4, 1, -7),
        new("Oceanic Air", "oceanic", "devops@oceanic.example", Containerd, ["192.0.2.200"], SampleHabit.Cluster, All, 6, 4, 10) { From = 0.82 },
        new("Oceanic Air", "oceanic-charts", "devops@oceanic.example", Helm, ["192.0.2.201"], SampleHabit.Charts, Chart, 2, 4, 10) { From = 0.82 },
        new("Globex", "globex-ml", "ml@globex.example", Oras, ["198.51.100.46"], SampleHabit.Charts, Model, 3, 3, -5),
        new("Tyrell", "tyrell-ml", "lab@tyrell.example", Oras, ["2001:db8:7::9"], SampleHabit.Charts, [.. Model, .. Dataset], 1.4, 8, -8) { To = 0.71 },
        new("Stark Logistics", "stark-research", "research@stark.example", Oras, ["192.0.2.71"], SampleHabit.Charts, Dataset, 0.8, 12, 2) { From = 0.45 },
        new(null, "trial-4711", null, DockerMac, ["203.0.113.231"], SampleHabit.Person, Core, 2, 0, 1) { From = 0.93 },
        new(null, "evaluation", null, Podman, ["198.51.100.250"], SampleHabit.Person, ["nimbus/console"], 0.6, 0, -5) { From = 0.6 },
    ];

    /// <summary>All addresses of the sample, stored form, with what they belong to.</summary>
    public static IEnumerable<(byte[] Address, NetworkFacts Facts)> AddressFacts()
    {
        foreach (var address in Accounts.SelectMany(a => a.Addresses).Append(PublisherAddress).Distinct(StringComparer.Ordinal).Select(text => IpAddressText.Parse(text)!))
        {
            var network = Array.Find(Networks, n => address.AsSpan().SequenceCompareTo(n.Range.First) >= 0 && address.AsSpan().SequenceCompareTo(n.Range.Last) <= 0);
            yield return (address, network.Facts ?? NetworkFacts.Unknown);
        }
    }

    private static (IpRange Range, NetworkFacts Facts) Network(string range, string country, string organisation, string? host, string type = NetworkTypes.Hosting) =>
        (IpRange.Parse(range)!, new NetworkFacts(country, organisation, host, type));
}
