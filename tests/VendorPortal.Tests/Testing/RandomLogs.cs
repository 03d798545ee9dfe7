using System.Net;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Classification;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Reports;

namespace VendorPortal.Tests.Testing;

/// <summary>Random logs of several vendors and random filters over small pools of names, so that they meet often.</summary>
public static class RandomLogs
{
    public const int Vendors = 3;

    public static readonly DateTime Start = new(2026, 3, 25, 0, 0, 0, DateTimeKind.Utc);

    private const int Days = 10;

    private static readonly string?[] Customers = ["Globex", "Initech, \"the\" firm", "=1+1", "ümläut 🚀", null, null];
    private static readonly string?[] Users = ["alice", "bob", "@ci-bot", "-dash", null, null];
    private static readonly string?[] Addresses = ["203.0.113.7", "203.0.113.8", "203.0.114.1", "198.51.100.1", "2001:db8::1", "2001:db8:1::1", null];
    private static readonly string[] Artifacts = ["acme/app", "acme/charts/app", "acme/agent", "acme2/app", "app"];
    private static readonly string[] Digests = [$"sha256:{new string('a', 64)}", $"sha256:{new string('b', 64)}"];
    private static readonly string[] Versions = ["1.0", "1.10.0", "1.9.0", "latest", .. Digests];
    private static readonly (string, string?, string?)?[] Clients = [("containerd/1.7.1", "containerd", "1.7.1"), ("containerd/2.0", "containerd", "2.0"), ("curl/8", "curl", null), ("?", null, null), null];
    private static readonly Dictionary<string, NetworkFacts> Networks = new(StringComparer.Ordinal)
    {
        ["203.0.113.7"] = new("DE", null, "aws", NetworkTypes.Hosting),
        ["203.0.113.8"] = new("DE", null, null, NetworkTypes.Isp),
        ["203.0.114.1"] = new("US", null, "gcp", NetworkTypes.Hosting),
        ["2001:db8::1"] = new("US", null, null, null),
        ["2001:db8:1::1"] = new(null, null, "own cloud", NetworkTypes.Business),
    };

    private static readonly string[] Ranges = ["203.0.113.0/24", "203.0.112.0/20", "203.0.113.7", "2001:db8::/32", "0.0.0.0/0", "::/0", "192.0.2.1", PullFilter.None];

    public static Gen<DateTime> Time =>
        // Whole minutes and few of them, so that pulls share milliseconds and ranges end exactly on pulls.
        from minute in Gen.Choose(0, Days * 24 * 6)
        from exact in Gen.Elements(0, 0, 1, 999)
        select Start.AddMinutes(minute * 10).AddMilliseconds(exact);

    public static Gen<LoggedPull> Pull =>
        from vendor in Gen.Choose(1, Vendors)
        from at in Time
        from kind in Gen.Elements(PullKind.PullByTag, PullKind.PullByTag, PullKind.PullByDigest, PullKind.VersionCheck, PullKind.Denied)
        from who in Gen.Elements(Customers).Zip(Gen.Elements(Users))
        from address in Gen.Elements(Addresses)
        from what in Gen.Elements(Artifacts).Zip(Gen.Elements(Versions))
        from digest in Gen.Elements([null, .. Digests])
        from client in Gen.Elements(Clients)
        from requests in Gen.Choose(1, 4)
        from publisher in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new LoggedPull
        {
            Vendor = vendor, At = at, Kind = kind, Customer = who.Item1, User = who.Item2, Address = address, Network = NetworkOf(address), Artifact = what.Item1,
            Version = what.Item2, Digest = digest, Client = client, Requests = requests, Publisher = publisher,
        };

    // Parts of names of each kind, in other letters, of none, and of a pattern's own signs.
    private static readonly string[] Texts = ["ACME", "app", "1.", "sha256:A", "GLOB", "ümL", "🚀", "ali", "bot", "%", "_", "!", "zzz"];

    /// <summary>So many pulls; the same seed gives the same.</summary>
    public static IReadOnlyList<LoggedPull> Pulls(int count, int seed) => [.. Pull.Sample(count, new Rnd((ulong)seed), 50)];

    public static Gen<PullFilter> Filter =>
        from range in Range
        from only in Values
        from not in Gen.Frequency((3, Gen.Constant(DimensionValues.None)), (2, Values))
        from text in Gen.Frequency((4, Gen.Constant((string?)null)), (1, Gen.Elements<string?>(Texts)))
        from publishers in Gen.Elements(PublisherPulls.Exclude, PublisherPulls.Include, PublisherPulls.Only)
        select new PullFilter { FromUtc = range.From, ToUtc = range.To, Only = only, Not = not, Text = text, Publishers = publishers };

    private static Gen<DimensionValues> Values =>
        Gen.CollectToList(Enum.GetValues<FilterDimension>(), dimension => Some(PoolOf(dimension)))
            .Select(lists => lists.Index().Aggregate(DimensionValues.None, (values, list) => values.With((FilterDimension)list.Index, list.Item)));

    /// <summary>What there is, unknown where it can be, and one that does not exist.</summary>
    public static string[] PoolOf(FilterDimension dimension) => dimension switch
    {
        FilterDimension.Customer => [.. Customers.OfType<string>(), PullFilter.None, "nobody"],
        FilterDimension.User => [.. Users.OfType<string>(), PullFilter.None, "nobody"],
        FilterDimension.Address => Ranges,
        FilterDimension.Artifact => [.. Artifacts, "acme/none", "acme/*", "/*"],
        FilterDimension.Version => [.. Versions, "9.9.9"],
        FilterDimension.Kind => [.. KindNames.All],
        FilterDimension.Client => ["containerd", "curl", "containerd/2.0", "curl/-", "-/-", PullFilter.None, "none such"],
        FilterDimension.Country => ["DE", "US", PullFilter.None, "FR"],
        FilterDimension.Host => ["aws", "gcp", "own cloud", PullFilter.None, "none such"],
        _ => [.. NetworkTypes.All, PullFilter.None],
    };

    /// <summary>The facts of an address of these logs.</summary>
    public static NetworkFacts NetworkOf(string? address) => address is null ? NetworkFacts.Unknown : Networks.GetValueOrDefault(address, NetworkFacts.Unknown);

    /// <summary>What a pull is in a dimension, in the words of filters.</summary>
    public static string ValueOf(FilterDimension dimension, LoggedPull pull) => dimension switch
    {
        FilterDimension.Customer => pull.Customer,
        FilterDimension.User => pull.User,
        FilterDimension.Address => pull.Address,
        FilterDimension.Artifact => pull.Artifact,
        FilterDimension.Version => pull.Version,
        FilterDimension.Kind => WireName(pull.Kind),
        FilterDimension.Client => pull.Client?.Tool,
        FilterDimension.Country => pull.Network.Country,
        FilterDimension.Host => pull.Network.Host,
        _ => pull.Network.NetworkType,
    } ?? "-";

    /// <summary>What a filter keeps, by the words of its definition and nothing of the product's own reading.</summary>
    public static bool Keeps(PullFilter filter, LoggedPull pull) =>
        (filter.FromUtc is null || pull.At >= filter.FromUtc)
        && (filter.ToUtc is null || pull.At < filter.ToUtc)
        && Enum.GetValues<FilterDimension>().All(dimension =>
            (filter.Only[dimension].Count == 0 || IsAmong(filter.Only[dimension], dimension, pull)) && !IsAmong(filter.Not[dimension], dimension, pull))
        && (filter.Text is null || new[] { pull.Artifact, pull.Version, pull.Customer, pull.User }.Any(name => name?.Contains(filter.Text, StringComparison.OrdinalIgnoreCase) == true))
        && (filter.Publishers == PublisherPulls.Include || pull.Publisher == (filter.Publishers == PublisherPulls.Only));

    public static IReadOnlyList<LoggedPull> Scan(IEnumerable<LoggedPull> log, int vendor, PullFilter filter) =>
        [.. log.Where(pull => pull.Vendor == vendor && Keeps(filter, pull)).OrderByDescending(pull => pull.Id)];

    public static string WireName(PullKind kind) => kind switch
    {
        PullKind.PullByTag => "pull_by_tag",
        PullKind.PullByDigest => "pull_by_digest",
        PullKind.VersionCheck => "version_check",
        _ => "denied",
    };

    private static Gen<(DateTime? From, DateTime? To)> Range =>
        from a in Time
        from b in Time
        from shape in Gen.Choose(0, 5)
        let first = a < b ? a : b
        let last = a < b ? b : a.AddMinutes(1)
        select shape switch
        {
            0 => ((DateTime?)first, (DateTime?)last),
            1 => (first, null),
            2 => (null, last),
            _ => (null, null),
        };

    private static Gen<FilterValues> Some(string[] values) =>
        from used in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        from subset in Gen.SubListOf(values)
        select used ? FilterValues.From(subset) : FilterValues.Empty;

    private static bool IsAmong(FilterValues values, FilterDimension dimension, LoggedPull pull) =>
        dimension == FilterDimension.Address ? InAny(values, pull.Address)
            : values.Any(wanted => wanted == ValueOf(dimension, pull)) || (dimension == FilterDimension.Artifact && values.Any(wanted => wanted == $"{NamespaceOf(pull.Artifact)}/*"))
                || (dimension == FilterDimension.Client && values.Contains($"{pull.Client?.Tool ?? "-"}/{pull.Client?.Version ?? "-"}"));

    /// <summary>What stands before the first slash.</summary>
    public static string NamespaceOf(string artifact) => artifact.Contains('/', StringComparison.Ordinal) ? artifact.Split('/')[0] : "";

    private static bool InAny(FilterValues ranges, string? address) =>
        ranges.Any(range => address is null ? range == "-" : range != "-" && InRange(range, address));

    private static bool InRange(string range, string address)
    {
        var ip = IPAddress.Parse(address);
        if (!range.Contains('/', StringComparison.Ordinal))
            return IPAddress.Parse(range).Equals(ip);
        var network = IPNetwork.Parse(range);
        // IPv4 lies within the IPv6 space, mapped.
        return network.Contains(ip) || (network.BaseAddress.GetAddressBytes().Length == 16 && network.Contains(ip.MapToIPv6()));
    }
}
