using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace VendorPortal.Enrichment.Networks;

/// <summary>A file of an operator that is in use.</summary>
internal sealed record NetworkFile(string Name, byte[] Hash, NetworkFileContent Content);

/// <summary>
/// All that is known of networks at one time, put together. For each fact an operator's file goes before what is built in; among files the most
/// specific network that tells the fact wins, of equal ones the file whose name comes first. Immutable but for its memory of answers.
/// </summary>
internal sealed class NetworkData
{
    // Raised where the same data would give other facts.
    private const int Rules = 1;
    private const int MaxRemembered = 65_536;

    private readonly BuiltInNetworks builtIn;
    private readonly INetworkSource[] sources;
    private readonly Dictionary<uint, string> systems = [];
    private readonly HashSet<string> hosts = new(StringComparer.Ordinal);
    private ConcurrentDictionary<UInt128, NetworkFacts> remembered = new();
    private int rememberedCount;

    /// <param name="builtIn">What comes with the portal.</param>
    /// <param name="files">The operator's, in the order of their names.</param>
    public NetworkData(BuiltInNetworks builtIn, IReadOnlyList<NetworkFile> files)
    {
        this.builtIn = builtIn;
        sources = [.. files.Select(file => file.Content.Source).OfType<INetworkSource>()];
        foreach (var file in files)
        {
            foreach (var (system, type) in file.Content.Systems ?? new Dictionary<uint, string>())
                systems.TryAdd(system, type);
            if (file.Content.Host is { } host)
                hosts.Add(host);
        }

        Stamp = StampOf(builtIn, files);
    }

    /// <summary>Tells this data from any other, also after a restart; above 0.</summary>
    public int Stamp { get; }

    /// <summary>Answers held in memory.</summary>
    internal int Remembered => remembered.Count;

    /// <summary>The facts of a stored address, of 16 bytes.</summary>
    public NetworkFacts Find(ReadOnlySpan<byte> stored)
    {
        var address = IpNumber.Of(stored);
        if (remembered.TryGetValue(address, out var known))
            return known;
        var facts = Resolve(address);
        if (Interlocked.Increment(ref rememberedCount) > MaxRemembered)
        {
            rememberedCount = 0;
            remembered = new ConcurrentDictionary<UInt128, NetworkFacts>();
        }

        remembered[address] = facts;
        return facts;
    }

    private NetworkFacts Resolve(UInt128 address)
    {
        var best = default(Best);
        foreach (var source in sources)
        {
            if (source.TryFind(address, out var record, out var bits))
                best.Take(record, bits);
        }

        var isPublic = IpNumber.IsPublic(address);
        if (isPublic && best.Country.Value is null && builtIn.Countries.Ranges.TryFind(address, out var country, out _))
            best.Country.Take(country.Country, 0);
        if (isPublic && best.Host.Value is null && builtIn.Hosts.Ranges.TryFind(address, out var host, out _) && !hosts.Contains(host.Host!))
            best.Host.Take(host.Host, 0);
        var facts = new NetworkFacts(best.Country.Value, best.Organisation.Value, best.Host.Value, best.Type.Value ?? Derived(best));
        return facts == NetworkFacts.Unknown ? NetworkFacts.Unknown : facts;
    }

    // Without a database that tells the type. Business is never guessed.
    private string? Derived(in Best best)
    {
        if (best.Host.Value is not null)
            return NetworkTypes.Hosting;
        if (best.System.Value is { } system && systems.TryGetValue(system, out var type))
            return type;
        return IsEducation(best.Domain.Value, best.Organisation.Value) ? NetworkTypes.Education : null;
    }

    private static bool IsEducation(string? domain, string? organisation)
    {
        var labels = domain?.ToLowerInvariant().Split('.') ?? [];
        return labels is [.., "edu"] or [.., "edu" or "ac", { Length: 2 }] || organisation?.Contains("university", StringComparison.OrdinalIgnoreCase) == true;
    }

    private static int StampOf(BuiltInNetworks builtIn, IReadOnlyList<NetworkFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([Rules]);
        hash.AppendData(builtIn.Hash);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file.Name));
            hash.AppendData(file.Hash);
        }

        return (BinaryPrimitives.ReadInt32BigEndian(hash.GetHashAndReset()) & int.MaxValue) | 1;
    }

    private struct Best
    {
        public Fact<string> Country;
        public Fact<string> Organisation;
        public Fact<string> Domain;
        public Fact<uint?> System;
        public Fact<string> Host;
        public Fact<string> Type;

        public void Take(NetworkRecord record, int bits)
        {
            Country.Take(record.Country, bits);
            Organisation.Take(record.Organisation, bits);
            Domain.Take(record.Domain, bits);
            System.Take(record.Asn, bits);
            Host.Take(record.Host, bits);
            Type.Take(record.NetworkType, bits);
        }
    }

    private struct Fact<T>
    {
        private int bits;

        public T? Value { get; private set; }

        public void Take(T? value, int ofBits)
        {
            if (value is null || (Value is not null && ofBits <= bits))
                return;
            (Value, bits) = (value, ofBits);
        }
    }
}
