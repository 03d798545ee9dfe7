using VendorPortal.Classification;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Benchmarks.Generation;

/// <summary>
/// The pulls of two years, in the order of their time: 70 % by CI jobs, the rest by people, by nobody known (4 %) and by the vendor's
/// own release accounts (2.5 %). The same seed and size give the same pulls.
/// </summary>
internal sealed class Traffic
{
    public const int Days = 730;

    /// <summary>First instant after the log.</summary>
    public static readonly DateTime EndUtc = new(2026, 9, 1, 0, 0, 0, DateTimeKind.Utc);

    public static readonly DateTime StartUtc = EndUtc.AddDays(-Days);

    private readonly World world;
    private readonly long pulls;
    private readonly Dice dice;
    private readonly CiJob[][] jobs;

    private Traffic(World world, long pulls, ulong seed)
    {
        this.world = world;
        this.pulls = pulls;
        dice = new Dice(seed);
        jobs = CiJob.Place(world, dice);
    }

    /// <summary>All pulls, oldest first. Each enumeration starts over.</summary>
    public static IEnumerable<PullRow> Of(World world, long pulls, ulong seed) => new Traffic(world, pulls, seed).Rows(); // a traffic of its own: chance has a state

    private IEnumerable<PullRow> Rows()
    {
        var every = Math.Max(1, pulls / World.RarePulls(pulls));
        var lastId = 0L;
        var index = 0L;
        var rare = 0;
        foreach (var at in Times())
        {
            lastId = Math.Max(PullIds.FirstOf(at), lastId + 1);
            var isRare = index++ % every == every / 2 && rare < World.RarePulls(pulls);
            yield return isRare ? OfRareCustomer(lastId, at, rare++) : Draw(lastId, at);
        }
    }

    /// <summary>An artifact, by its share; the common customer never asks for the one that stays apart from it.</summary>
    public static int ArtifactFor(int customer, Dice dice)
    {
        var artifact = World.ArtifactShares.Draw(dice);
        return customer == World.CommonCustomer && artifact == World.ApartArtifact ? artifact + 1 : artifact;
    }

    private IEnumerable<DateTime> Times()
    {
        var weights = Enumerable.Range(0, Days).Select(DayWeight).ToArray();
        var total = weights.Sum();
        var (before, sum) = (0L, 0.0);
        for (var day = 0; day < Days; day++)
        {
            sum += weights[day];
            var upTo = day == Days - 1 ? pulls : (long)(pulls * (sum / total));
            var offsets = new int[upTo - before];
            for (var i = 0; i < offsets.Length; i++)
                offsets[i] = TimeOfDay();
            Array.Sort(offsets);
            foreach (var offset in offsets)
                yield return StartUtc.AddDays(day).AddMilliseconds(offset);
            before = upTo;
        }
    }

    // Growing over the two years, quieter at weekends.
    private double DayWeight(int day)
    {
        var weekend = StartUtc.AddDays(day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        return (0.6 + (0.8 * day / Days)) * (weekend ? 0.4 : 1) * (0.85 + (0.3 * dice.Next()));
    }

    // Half around the clock, half in the working hours of Europe and America.
    private int TimeOfDay()
    {
        const int Milliseconds = 86_400_000;
        var u = dice.Next();
        return (int)(Milliseconds * (dice.Next() < 0.5 ? u : 0.29 + (0.6 * u)));
    }

    private PullRow Draw(long id, DateTime at)
    {
        var who = dice.Next();
        if (who < 0.70)
        {
            var customer = DrawCustomer();
            if (jobs[customer] is { Length: > 0 } own)
                return OfJob(id, at, customer, own[dice.NextSkewed(own.Length)]);
            return OfPerson(id, at, customer, CiJob.Pick(world.UsersOf(customer), dice), world.AddressesOf(customer));
        }

        if (who < 0.725)
        {
            var row = OfPerson(id, at, 0, World.FirstPublisher + dice.Next(World.Publishers), World.PublisherAddressesRange);
            return row with { Labels = PullLabels.Publisher };
        }

        if (who < 0.765)
            return OfPerson(id, at, 0, 0, world.AddressesOf(0));
        var other = DrawCustomer();
        return OfPerson(id, at, other, CiJob.Pick(world.UsersOf(other), dice), world.AddressesOf(other));
    }

    private int DrawCustomer()
    {
        var customer = World.CustomerShares.Draw(dice);
        return customer == World.RareCustomer ? customer - 1 : customer;
    }

    private PullRow OfRareCustomer(long id, DateTime at, int number)
    {
        // Every fifth of its pulls is of its rarer user.
        var user = number % 5 == 2 ? world.RareUser : world.UsersOf(World.RareCustomer).Start.Value;
        return OfPerson(id, at, World.RareCustomer, user, world.AddressesOf(World.RareCustomer)) with { Kind = PullKind.PullByTag, Version = World.Latest(2), Digest = World.Digest(2, NewestRelease(at)) };
    }

    private PullRow OfJob(long id, DateTime at, int customer, CiJob job)
    {
        var newest = NewestRelease(at);
        var release = job.Asks switch { Reference.Latest => newest, Reference.Stable => newest - 1, _ => Math.Min(job.Release, newest) };
        var isCheck = job.IsPolling && dice.Next() < 0.75;
        return Row(id, customer, job.User, job.Address, job.Client, job.Artifact, job.Asks, release, isCheck);
    }

    private PullRow OfPerson(long id, DateTime at, int customer, int user, Range addresses)
    {
        var newest = NewestRelease(at);
        var artifact = ArtifactFor(customer, dice);
        var asks = dice.Next() switch { < 0.45 => Reference.Latest, < 0.55 => Reference.Stable, < 0.87 => Reference.Tag, _ => Reference.Digest };
        var release = asks switch { Reference.Latest => newest, Reference.Stable => newest - 1, _ => Math.Max(0, newest - dice.NextSkewed(12)) };
        var row = Row(id, customer, user, CiJob.Pick(addresses, dice), dice.NextSkewed(World.UserAgents.Count) + 1, artifact, asks, release, dice.Next() < 0.12);
        return dice.Next() < 0.005 ? row with { Kind = PullKind.Denied, Requests = 1 } : row;
    }

    private PullRow Row(long id, int customer, int user, int address, int client, int artifact, Reference asks, int release, bool isCheck) => new()
    {
        Id = id,
        Kind = isCheck ? PullKind.VersionCheck : asks == Reference.Digest ? PullKind.PullByDigest : PullKind.PullByTag,
        Version = asks switch
        {
            Reference.Latest => World.Latest(artifact),
            Reference.Stable => World.Stable(artifact),
            Reference.Tag => World.Tag(artifact, release),
            _ => World.Digest(artifact, release),
        },
        Digest = World.Digest(artifact, release),
        Customer = customer,
        User = user,
        Address = address,
        Client = client,
        Requests = isCheck ? 1 : 2 + dice.Next(2),
        Labels = PullLabels.None,
    };

    // Six releases are out when the log begins, the others come at even distances.
    private static int NewestRelease(DateTime at) => Math.Min(World.Releases - 1, 5 + (int)((at - StartUtc).TotalDays / Days * (World.Releases - 5)));
}
