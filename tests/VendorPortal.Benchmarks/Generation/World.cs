using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using VendorPortal.Enrichment;

namespace VendorPortal.Benchmarks.Generation;

/// <summary>
/// The vendor whose pulls are generated: 1,500 customers by Zipf's law, 200 artifacts with 10,000 tags and digests, 3,249 users, 51,858
/// addresses, 40 clients, 5,000 CI jobs. Ids count from 1, as the store's do; 0 stands for unknown.
/// </summary>
internal sealed class World
{
    public const int Customers = 1500;
    public const int Artifacts = 200;
    public const int Releases = 24;
    public const int Users = 3249;
    public const int Addresses = 51_858;
    public const int Jobs = 5000;

    /// <summary>A customer with many pulls that has never pulled <see cref="ApartArtifact"/>, which has many pulls too.</summary>
    public const int CommonCustomer = 3;
    public const int ApartArtifact = 4;

    /// <summary>29 of a million pulls are its own: <see cref="RarePulls"/>.</summary>
    public const int RareCustomer = 1400;

    /// <summary>Users who push to the vendor's artifacts; what they pull is labelled.</summary>
    public const int Publishers = 9;

    private const int VersionsOfArtifact = 2 + (2 * Releases);
    private const int PublisherAddresses = 50;
    private const int MostAddressesOfCustomer = 3000;

    private readonly Range[] usersOf = new Range[Customers + 1];
    private readonly Range[] addressesOf = new Range[Customers + 1];
    private readonly byte[][] addresses = new byte[Addresses][];
    private readonly int[] customerOfUser = new int[Users + 1];

    public World()
    {
        PlaceUsers();
        PlaceAddresses();
    }

    public static int Versions => Artifacts * VersionsOfArtifact;

    public static Zipf CustomerShares { get; } = new(Customers);

    public static Zipf ArtifactShares { get; } = new(Artifacts);

    /// <summary>Ids of users that belong to nobody but the vendor.</summary>
    public static int FirstPublisher => Users - Publishers + 1;

    /// <summary>The one of the rare customer's users with the fewest pulls.</summary>
    public int RareUser => usersOf[RareCustomer].End.Value - 1;

    public static IReadOnlyList<string> UserAgents => Clients.All;

    /// <summary>Pulls of the rare customer in a log of this size.</summary>
    public static int RarePulls(long pulls) => Math.Max(6, (int)(pulls * 29.2 / 1_000_000));

    public Range UsersOf(int customer) => usersOf[customer];

    /// <summary>Addresses of a customer; of nobody known where 0.</summary>
    public Range AddressesOf(int customer) => addressesOf[customer];

    public static Range PublisherAddressesRange => new(Addresses - PublisherAddresses + 1, Addresses + 1);

    public int CustomerOfUser(int user) => customerOfUser[user];

    public byte[] Address(int id) => addresses[id - 1];

    public string AddressText(int id) => IpAddressText.Format(addresses[id - 1]);

    public static string Customer(int id) => string.Create(CultureInfo.InvariantCulture, $"Customer {id:D4} Ltd");

    public string User(int id) => id >= FirstPublisher
        ? string.Create(CultureInfo.InvariantCulture, $"release-{id - FirstPublisher + 1}")
        : string.Create(CultureInfo.InvariantCulture, $"user{id}@customer{customerOfUser[id]}.example");

    public static string Artifact(int id) => string.Create(CultureInfo.InvariantCulture, $"team-{id % 8}/app-{id:D3}");

    public static int ArtifactOfVersion(int version) => ((version - 1) / VersionsOfArtifact) + 1;

    /// <summary>A tag or a digest.</summary>
    public static string Version(int id)
    {
        var place = (id - 1) % VersionsOfArtifact;
        return place switch
        {
            0 => "latest",
            1 => "stable",
            _ when place < 2 + Releases => string.Create(CultureInfo.InvariantCulture, $"{1 + ((place - 2) / 8)}.{(place - 2) % 8}.0"),
            _ => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"manifest {id}")))),
        };
    }

    public static int Latest(int artifact) => ((artifact - 1) * VersionsOfArtifact) + 1;

    public static int Stable(int artifact) => Latest(artifact) + 1;

    public static int Tag(int artifact, int release) => Latest(artifact) + 2 + release;

    public static int Digest(int artifact, int release) => Tag(artifact, release) + Releases;

    public static bool IsDigest(int version) => (version - 1) % VersionsOfArtifact >= 2 + Releases;

    private void PlaceUsers()
    {
        // One for each customer, a second one for the rare one, the others by the customers' shares.
        const int Extra = Users - Publishers - Customers - 1;
        var next = 1;
        for (var customer = 1; customer <= Customers; customer++)
        {
            var count = 1 + (customer == RareCustomer ? 1 : 0) + Rounded(Extra, customer) - Rounded(Extra, customer - 1);
            usersOf[customer] = next..(next + count);
            Array.Fill(customerOfUser, customer, next, count);
            next += count;
        }

        static int Rounded(int total, int rank) => (int)Math.Round(total * CustomerShares.UpTo(rank));
    }

    private void PlaceAddresses()
    {
        var next = 1;
        for (var customer = 1; customer <= Customers; customer++)
        {
            var share = CustomerShares.UpTo(customer) - CustomerShares.UpTo(customer - 1);
            var count = Math.Clamp((int)(45_000 * share), 3, MostAddressesOfCustomer);
            addressesOf[customer] = next..(next + count);
            for (var i = 0; i < count; i++)
                addresses[next++ - 1] = CustomerAddress(customer, i, count);
        }

        addressesOf[0] = next..PublisherAddressesRange.Start;
        for (var id = next; id <= Addresses; id++)
            addresses[id - 1] = Mapped(0xB9000000u + ((uint)(id - next) * 1031)); // 185.0.0.0/8, strewn
    }

    // A /20 of its own for each customer, in 20.0.0.0/8 or (every third) 81.0.0.0/8; every tenth customer has IPv6.
    private static byte[] CustomerAddress(int customer, int index, int count)
    {
        if (customer % 10 != 7)
            return Mapped((customer % 3 == 2 ? 0x51000000u : 0x14000000u) + ((uint)customer * 4096) + 1 + (uint)(index * (4094 / count)));
        var bytes = new byte[] { 0x20, 0x01, 0x0d, 0xb8, (byte)(customer >> 8), (byte)customer, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(index >> 8), (byte)index };
        return bytes;
    }

    private static byte[] Mapped(uint address) => IpAddressText.Parse(new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]).ToString())!;
}
