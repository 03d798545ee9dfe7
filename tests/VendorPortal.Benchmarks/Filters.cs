using VendorPortal.Benchmarks.Generation;
using VendorPortal.Reports;

namespace VendorPortal.Benchmarks;

/// <summary>A filter with a name. <see cref="Keeps"/> is what it must find, where the generator promises it.</summary>
public sealed record NamedFilter(string Name, PullFilter Filter, long? Keeps = null);

/// <summary>The filters that are measured: everyday ones and the worst cases.</summary>
public static class Filters
{
    public static IReadOnlyList<NamedFilter> Of(LogFacts facts) =>
    [
        new("none", PullFilter.Everything, facts.Unlabelled),
        new("common customer", Customer(World.CommonCustomer), facts.CommonCustomerPulls),
        new("rare customer", Customer(World.RareCustomer), facts.RareCustomerPulls),
        new("rare user", new PullFilter { Users = [new World().User(new World().RareUser)] }, facts.RareUserPulls),
        new("common artifact", new PullFilter { Artifacts = [World.Artifact(World.ApartArtifact)] }, facts.ApartArtifactPulls),
        new("customer + artifact that never meet", Customer(World.CommonCustomer) with { Artifacts = [World.Artifact(World.ApartArtifact)] }, 0),
        new("customer + artifact", Customer(World.CommonCustomer) with { Artifacts = [World.Artifact(1)] }),
        new("version + address that never meet", new PullFilter { Versions = [facts.ApartDigest], Addresses = [facts.CommonAddress] }, 0),
        new("a month a year ago + customer", Month(Customer(World.CommonCustomer))),
        new("downloads only (two kinds)", new PullFilter { Kinds = [KindNames.PullByTag, KindNames.PullByDigest] }),
        new("50 customers", new PullFilter { Customers = FilterValues.From(Enumerable.Range(20, 50).Select(World.Customer)) }),
        new("rare address", new PullFilter { Addresses = [facts.RareAddresses[0]] }),
        new("50 rare addresses", new PullFilter { Addresses = FilterValues.From(facts.RareAddresses) }, facts.RareAddressesPulls),
        new("CIDR /20", new PullFilter { Addresses = ["20.3.192.0/20"] }),
        new("CIDR /16 + artifact", new PullFilter { Addresses = ["20.0.0.0/16"], Artifacts = [World.Artifact(1)] }),
        new("CIDR /8", new PullFilter { Addresses = ["20.0.0.0/8"] }),
        new("the vendor's own pulls", new PullFilter { Publishers = PublisherPulls.Only }, facts.Pulls - facts.Unlabelled),
        new("without checks and the 10 biggest customers", new PullFilter { Not = new DimensionValues { [FilterDimension.Kind] = [KindNames.VersionCheck], [FilterDimension.Customer] = FilterValues.From(Enumerable.Range(1, 10).Select(World.Customer)) } }),
        new("a country", new PullFilter { Countries = ["US"] }),
        new("not a country", PullFilter.Everything.WithNot(FilterDimension.Country, ["US"])),
        new("a country + artifact, not a host", new PullFilter { Countries = ["US"], Artifacts = [World.Artifact(1)] }.WithNot(FilterDimension.Host, ["aws"])),
        new("a client", new PullFilter { Clients = ["containerd"] }),
        new("not a client", PullFilter.Everything.WithNot(FilterDimension.Client, ["containerd"])),
        new("text in many names", new PullFilter { Text = "sha256:a" }),
        new("text in one name", new PullFilter { Text = World.Customer(World.RareCustomer) }),
        new("everything at once", All(facts.Sample)),
        new("a name that does not exist", new PullFilter { Customers = ["Nobody Ltd"] }, 0),
    ];

    /// <summary>Every dimension of a known pull, over the whole log.</summary>
    public static PullFilter All(KnownPull pull) => new()
    {
        FromUtc = Traffic.StartUtc,
        ToUtc = Traffic.EndUtc,
        Customers = [pull.Customer],
        Users = [pull.User],
        Addresses = [pull.Address],
        Artifacts = [pull.Artifact],
        Versions = [pull.Version],
    };

    private static PullFilter Customer(int id) => new() { Customers = [World.Customer(id)] };

    private static PullFilter Month(PullFilter filter) => filter with { FromUtc = Traffic.EndUtc.AddMonths(-13), ToUtc = Traffic.EndUtc.AddMonths(-12) };
}
