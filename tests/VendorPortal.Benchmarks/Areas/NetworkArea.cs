using System.Diagnostics;
using System.Net;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>The look-up of networks: of addresses asked before and of new ones, and what the data that comes with the portal holds.</summary>
internal static class NetworkArea
{
    private const int Known = 10_000;
    private const int New = 1_000_000;
    private const int Rounds = 7;
    private const double Goal = 1_000;

    public static Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = Stopwatch.GetTimestamp();
        var builtIn = BuiltInNetworks.Load();
        var loading = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var held = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;
        GC.KeepAlive(builtIn);

        var lookup = new NetworkLookup();
        var known = Addresses(options.Seed, Known);
        var cached = new List<double>();
        var uncached = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            ct.ThrowIfCancellationRequested();
            uncached.Add(Nanoseconds(lookup, Addresses(options.Seed + (ulong)round + 1, New), 1));
            Nanoseconds(lookup, known, 1);
            cached.Add(Nanoseconds(lookup, known, New / Known));
        }

        report.Section("Networks");
        report.Table(
            ["Look-up", "Median, ns", "Best, ns"],
            [Row("of an address asked before", cached), Row("of a new address, anywhere in IPv4 and IPv6", uncached)]);
        report.Note(Report.Format($"The data that comes with the portal: unpacked in {loading:F0} ms, {held:F0} MB."));
        var median = new Timings(cached).P50;
        report.Goals(new Goal("Cached look-up of a network", Report.Format($"≤ {Goal:N0} ns"), Report.Format($"{median:N0} ns"), median <= Goal));
        return Task.CompletedTask;
    }

    private static IReadOnlyList<string> Row(string what, List<double> nanoseconds) =>
        [what, Report.Format($"{new Timings(nanoseconds).P50:N0}"), Report.Format($"{nanoseconds.Min():N0}")];

    private static double Nanoseconds(NetworkLookup lookup, byte[][] addresses, int times)
    {
        var found = 0;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
        {
            foreach (var address in addresses)
                found += lookup.Find(address).Country is null ? 0 : 1;
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return found > 0 ? elapsed.TotalNanoseconds / ((double)times * addresses.Length) : throw new InvalidOperationException("No address has a country.");
    }

    // Half IPv4, half within what is given out of IPv6.
    private static byte[][] Addresses(ulong seed, int count)
    {
        var random = new Random((int)seed);
        var addresses = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            var bytes = new byte[i % 2 == 0 ? 4 : 16];
            random.NextBytes(bytes);
            if (bytes.Length == 16)
                bytes[0] = 0x2a;
            addresses[i] = IpAddressText.ToBytes(new IPAddress(bytes));
        }

        return addresses;
    }
}
