using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Journal;

namespace VendorPortal.Demo;

/// <summary>
/// The registry requests of the sample vendor's year, as the clients would send them. The same seed and range give the same
/// requests.
/// </summary>
internal sealed class SampleTraffic(DateTime fromUtc, DateTime toUtc, int seed)
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly SampleCatalog catalog = new(fromUtc, toUtc);
    private readonly Random random = new(seed);
    private readonly SampleRefusals refusals = new(fromUtc, toUtc, seed);
    private long number;

    public int Days => (int)Math.Ceiling((toUtc - fromUtc).TotalDays);

    /// <summary>One batch a day, oldest first, each in time order.</summary>
    public IEnumerable<FeedBatch> Batches()
    {
        for (var day = fromUtc.Date; day < toUtc; day = day.AddDays(1))
        {
            var batch = new FeedBatch();
            Publish(batch, day);
            foreach (var account in SampleCustomers.Accounts)
                Use(batch, account, day);
            refusals.Add(batch, day);
            batch.Requests.RemoveAll(r => r.AtUtc < fromUtc || r.AtUtc >= toUtc);
            batch.Requests.Sort((a, b) => a.AtUtc.CompareTo(b.AtUtc));
            yield return batch;
        }
    }

    // A push teaches what an index lists, and who publishes; the release job then pulls what it pushed.
    private void Publish(FeedBatch batch, DateTime day)
    {
        foreach (var release in catalog.Names.SelectMany(catalog.ReleasesOf))
        {
            var before = day == fromUtc.Date && release.ReleasedUtc < day;
            if (!before && release.ReleasedUtc.Date != day)
                continue;
            batch.Manifests.Add(release.Children.Count == 0
                ? new ManifestFact(release.Digest, ManifestType, [])
                : new ManifestFact(release.Digest, IndexType, [(release.Children[0], "linux/amd64"), (release.Children[1], "linux/arm64")]));
            foreach (var child in release.Children)
                batch.Manifests.Add(new ManifestFact(child, ManifestType, []));
            batch.Kinds.Add(new KindFact(release.Artifact, release.Kind));
            batch.Publishers.Add(new PublisherFact(release.Artifact, SampleCustomers.Publisher));
            batch.Pushes++;
            if (before)
                continue;
            var at = release.ReleasedUtc.AddMinutes(3);
            Add(batch, at, RequestMethod.Get, release, release.Version, release.Digest, SampleCustomers.Publisher, SampleCustomers.PublisherAgent, SampleCustomers.PublisherAddress);
            foreach (var child in release.Children)
                Add(batch, at = at.AddMilliseconds(240), RequestMethod.Get, release, null, child, SampleCustomers.Publisher, SampleCustomers.PublisherAgent, SampleCustomers.PublisherAddress);
        }
    }

    private void Use(FeedBatch batch, SampleAccount account, DateTime day)
    {
        var share = (day - fromUtc).TotalDays / Math.Max(1, (toUtc - fromUtc).TotalDays);
        if (share < account.From || share > account.To)
            return;
        var weekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        var mean = account.PerDay * (0.7 + (0.6 * share)) * (weekend ? account.Habit is SampleHabit.Watcher or SampleHabit.Cluster ? 0.7 : 0.12 : 1);
        if (account.Habit == SampleHabit.Mirror)
            mean = day.DayOfWeek == DayOfWeek.Monday ? 4 : 0;
        if (account.Habit == SampleHabit.Cluster && account.Artifacts.Any(a => Adopted(a, account, day.AddDays(1)) != Adopted(a, account, day)))
            mean *= 5; // a roll-out
        for (var pulls = Poisson(mean); pulls > 0; pulls--)
            Pull(batch, account, TimeOfDay(account, day));
    }

    private SampleRelease Adopted(string artifact, SampleAccount account, DateTime at) => catalog.Latest(artifact, at.AddDays(-account.LagDays));

    private DateTime TimeOfDay(SampleAccount account, DateTime day)
    {
        var hour = account.Habit is SampleHabit.Watcher or SampleHabit.Cluster or SampleHabit.Mirror
            ? random.NextDouble() * 24
            : 8 + ((random.NextDouble() + random.NextDouble()) * 5.5) - account.UtcOffset;
        return day.AddHours(((hour % 24) + 24) % 24).AddMilliseconds(random.Next(1000));
    }

    private void Pull(FeedBatch batch, SampleAccount account, DateTime at)
    {
        var release = Adopted(account.Artifacts[random.Next(account.Artifacts.Length)], account, at);
        var address = account.Addresses[random.Next(account.Addresses.Length)];
        var tag = account.Habit is SampleHabit.Watcher || random.Next(12) == 0 ? "latest" : release.Version;
        if (tag == "latest")
            release = catalog.Latest(release.Artifact, at);
        void Send(RequestMethod method, string? byTag, string digest, int afterMs)
        {
            at = at.AddMilliseconds(afterMs);
            Add(batch, at, method, release, byTag, digest, account.Principal, account.UserAgent, address);
        }

        int Pause() => random.Next(60, 480);
        var platform = release.Children.Count == 0 ? null : release.Children[account.UserAgent.Contains("arm64", StringComparison.Ordinal) ? 1 : 0];
        switch (account.Habit)
        {
            case SampleHabit.Watcher:
            case SampleHabit.Ci when random.Next(5) < 2:
                Send(RequestMethod.Head, tag, release.Digest, 0);
                return;
            case SampleHabit.Cluster when random.Next(3) == 0: // pinned by digest, often in the node's store already
                Send(RequestMethod.Head, null, release.Digest, 0);
                if (random.Next(2) == 0)
                    return;
                Send(RequestMethod.Get, null, release.Digest, Pause());
                break;
            case SampleHabit.Ci or SampleHabit.Cluster:
                Send(RequestMethod.Head, tag, release.Digest, 0);
                Send(RequestMethod.Get, null, release.Digest, Pause());
                break;
            case SampleHabit.Mirror:
                Send(RequestMethod.Get, tag, release.Digest, 0);
                foreach (var child in release.Children)
                    Send(RequestMethod.Get, null, child, Pause());
                return;
            default:
                Send(RequestMethod.Get, tag, release.Digest, 0);
                break;
        }

        if (platform is not null)
            Send(RequestMethod.Get, null, platform, Pause());
    }

    private void Add(FeedBatch batch, DateTime at, RequestMethod method, SampleRelease release, string? tag, string digest, string user, string userAgent, string address) =>
        batch.Requests.Add(new RegistryRequest
        {
            EventId = string.Create(CultureInfo.InvariantCulture, $"sample-{++number}"),
            AtUtc = at,
            Method = method,
            Repository = release.Artifact,
            Tag = tag,
            Digest = digest,
            Address = IpAddressText.Parse(address),
            User = user,
            UserAgent = userAgent,
        });

    // Knuth's method; means are small.
    private int Poisson(double mean)
    {
        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = random.NextDouble(); product > limit; product *= random.NextDouble())
            count++;
        return count;
    }
}
