using System.Globalization;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Benchmarks.Generation;

/// <summary>Counts along while pulls are written, and tells the facts at the end.</summary>
internal sealed class FactCounter(World world, long pulls)
{
    private readonly long[] byCustomer = new long[World.Customers + 1];
    private readonly long[] byArtifact = new long[World.Artifacts + 1];
    private readonly long[] byVersion = new long[World.Versions + 1];
    private readonly long[] byAddress = new long[World.Addresses + 1];
    private long seen;
    private long unlabelled;
    private long ofRareUser;
    private ulong fingerprint = 0xcbf29ce484222325;
    private PullRow sample;

    public void Count(in PullRow row)
    {
        if (seen++ < pulls / 2 || sample.Customer == 0)
            sample = row.Customer > 0 && row.User > 0 ? row : sample;
        Mix((ulong)row.Id);
        Mix(((ulong)(uint)row.Version << 32) | ((ulong)(uint)row.Address << 8) | (uint)row.Kind);
        Mix(((ulong)(uint)row.Customer << 48) | ((ulong)(uint)row.User << 24) | ((ulong)(uint)row.Client << 8) | (uint)row.Requests);
        if (row.Labels != PullLabels.None)
            return;
        unlabelled++;
        byCustomer[row.Customer]++;
        byArtifact[row.Artifact]++;
        byVersion[row.Version]++;
        byAddress[row.Address]++;
        if (row.User == world.RareUser)
            ofRareUser++;
    }

    public LogFacts Facts()
    {
        var digests = Enumerable.Range(0, World.Releases).Select(release => World.Digest(World.ApartArtifact, release));
        var digest = digests.MaxBy(id => byVersion[id]);
        var addresses = world.AddressesOf(World.CommonCustomer);
        var address = Enumerable.Range(addresses.Start.Value, addresses.End.Value - addresses.Start.Value).MaxBy(id => byAddress[id]);
        var rare = Enumerable.Range(1, World.Addresses).Where(id => byAddress[id] > 0).OrderBy(id => byAddress[id]).ThenBy(id => id).Take(50).ToList();
        return new LogFacts
        {
            Generator = LogFacts.CurrentGenerator,
            Pulls = seen,
            Unlabelled = unlabelled,
            Fingerprint = fingerprint.ToString("x16", CultureInfo.InvariantCulture),
            CommonCustomerPulls = byCustomer[World.CommonCustomer],
            ApartArtifactPulls = byArtifact[World.ApartArtifact],
            RareCustomerPulls = byCustomer[World.RareCustomer],
            RareUserPulls = ofRareUser,
            ApartDigest = World.Version(digest),
            ApartDigestPulls = byVersion[digest],
            CommonAddress = world.AddressText(address),
            CommonAddressPulls = byAddress[address],
            RareAddresses = [.. rare.Select(world.AddressText)],
            RareAddressesPulls = rare.Sum(id => byAddress[id]),
            Sample = new KnownPull(
                sample.Id, World.Customer(sample.Customer), world.User(sample.User), world.AddressText(sample.Address), World.Artifact(sample.Artifact), World.Version(sample.Version)),
        };
    }

    private void Mix(ulong value) => fingerprint = (fingerprint ^ value) * 0x100000001b3;
}
