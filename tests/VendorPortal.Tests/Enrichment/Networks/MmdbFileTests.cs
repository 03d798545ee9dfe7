using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Enrichment.Networks;

public sealed class MmdbFileTests
{
    private static MmdbFile Open(string name) => MmdbFile.Open(NetworkSamples.Bytes($"maxmind/{name}"));

    private static Dictionary<string, object?>? Map(MmdbFile file, string address) =>
        file.TryFind(NetworkSamples.Address(address), out var offset, out _) ? (Dictionary<string, object?>?)file.Decode(offset) : null;

    [Theory]
    [InlineData("GeoLite2-Country-Test.mmdb")]
    [InlineData("GeoLite2-ASN-Test.mmdb")]
    [InlineData("GeoIP2-Enterprise-Test.mmdb")]
    public void Find_KnownAddress_GivesItsRecordAndPrefix(string name)
    {
        var file = Open(name);
        var source = new MmdbSource(file);
        var vectors = NetworkSamples.Vectors(name).ToList();
        Assert.True(vectors.Count >= 25);
        foreach (var vector in vectors)
        {
            var address = NetworkSamples.Address(vector.Text("ip")!);
            Assert.True(file.TryFind(address, out _, out var bits));
            var length = int.Parse(vector.Text("net")!.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
            var expected = IpNumber.IsFour(address) ? length + 96 : length;
            Assert.InRange(bits, name.Contains("Country", StringComparison.Ordinal) ? expected : 1, expected); // neighbours that say the same are one in the tree

            source.TryFind(address, out var record, out _);
            Assert.Equal(vector.Text("country"), record.Country);
            if (vector.TryGetProperty("asn", out var asn))
                Assert.Equal((asn.GetUInt32(), vector.Text("org")), (record.Asn!.Value, record.Organisation));
            if (vector.TryGetProperty("user_type", out var type))
                Assert.Equal((NetworkTypes.Of(type.GetString()!), vector.Text("domain")), (record.NetworkType, record.Domain));
        }
    }

    [Theory]
    [InlineData("81.2.69.142", "GB")]
    [InlineData("67.43.156.1", "BT")]
    [InlineData("2001:218::1", "JP")]
    [InlineData("::ffff:81.2.69.142", "GB")]
    [InlineData("2.125.160.217", "GB")] // registered in FR
    [InlineData("10.0.0.1", null)]
    [InlineData("::2.125.160.217", null)] // below the zeros lies IPv4, not this address
    [InlineData("::1", null)]
    public void Find_Address_IsSoughtAsWhatItIs(string address, string? country)
    {
        new MmdbSource(Open("GeoLite2-Country-Test.mmdb")).TryFind(NetworkSamples.Address(address), out var record, out _);
        Assert.Equal(country, record.Country);
    }

    [Theory]
    [InlineData("MaxMind-DB-test-ipv4-24.mmdb", 24, 4)]
    [InlineData("MaxMind-DB-test-ipv6-28.mmdb", 28, 6)]
    [InlineData("MaxMind-DB-test-mixed-32.mmdb", 32, 6)]
    public void Find_AnyRecordSize_GivesWhatTheNetworkIsNamed(string name, int recordSize, int ipVersion)
    {
        var file = Open(name);

        Assert.Equal((recordSize, ipVersion), (file.RecordSize, file.IpVersion));
        var (address, network) = name.Contains("ipv6", StringComparison.Ordinal) ? ("::2:0:41", "::2:0:40") : ("1.1.1.3", "1.1.1.2");
        Assert.EndsWith(network, (string)Map(file, address)!["ip"]!, StringComparison.Ordinal);
        Assert.Null(Map(file, ipVersion == 4 ? "2001:db8::1" : "2001:db8:ffff::1"));
    }

    [Fact]
    public void Decode_EveryType_GivesItsValue()
    {
        var map = Map(Open("MaxMind-DB-test-decoder.mmdb"), "1.1.1.1")!;

        Assert.Equal([1UL, 2UL, 3UL], (List<object?>)map["array"]!);
        Assert.Equal(true, map["boolean"]);
        Assert.Equal([0, 0, 0, 42], (byte[])map["bytes"]!);
        Assert.Equal(42.123456, map["double"]);
        Assert.Equal(1.1f, map["float"]);
        Assert.Equal(-268_435_456, map["int32"]);
        Assert.Equal(100UL, map["uint16"]);
        Assert.Equal(268_435_456UL, map["uint32"]);
        Assert.Equal(1_152_921_504_606_846_976UL, map["uint64"]);
        Assert.Equal(UInt128.One << 120, map["uint128"]);
        Assert.Equal("unicode! ☯ - ♫", map["utf8_string"]);
        var nested = (Dictionary<string, object?>)((Dictionary<string, object?>)map["map"]!)["mapX"]!;
        Assert.Equal("hello", nested["utf8_stringX"]);
        Assert.Equal([7UL, 8UL, 9UL], (List<object?>)nested["arrayX"]!);
    }

    [Theory]
    [InlineData("MaxMind-DB-test-broken-pointers-24.mmdb")]
    [InlineData("GeoIP2-City-Test-Broken-Double-Format.mmdb")]
    public void Load_DamagedFile_SaysSo(string name)
    {
        var error = Assert.Throws<NetworkFileException>(() => new MmdbSource(Open(name)));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileOfOtherThings_SaysThatItTellsNothing()
    {
        var error = Assert.Throws<NetworkFileException>(() => new MmdbSource(Open("GeoIP2-Connection-Type-Test.mmdb")));
        Assert.Contains("GeoIP2-Connection-Type", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CutShort_SaysSo()
    {
        var whole = NetworkSamples.Bytes("maxmind/GeoLite2-Country-Test.mmdb");
        Assert.Contains("cut short", Assert.Throws<NetworkFileException>(() => MmdbFile.Open(whole[..^2_000])).Message, StringComparison.Ordinal);
        Assert.Contains("damaged", Assert.Throws<NetworkFileException>(() => MmdbFile.Open(whole[5_000..])).Message, StringComparison.Ordinal);
        Assert.Contains("cut short", Assert.Throws<NetworkFileException>(() => MmdbFile.Open(whole[15_000..])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_PointersInCircles_EndsWithTheError()
    {
        // An array of 28 pointers to itself: without bounds 28^32 values.
        byte[] section = [0b000_11100, 4, .. Enumerable.Range(0, 28).SelectMany(_ => (byte[])[0b001_00000, 0])];
        Assert.Throws<NetworkFileException>(() => new MmdbDecoder(section).Decode(0));
        Assert.Throws<NetworkFileException>(() => new MmdbDecoder(new byte[] { 0b001_00000, 2, 0b001_00000, 0 }).Decode(0)); // a pointer to a pointer
        Assert.Throws<NetworkFileException>(() => new MmdbDecoder(new byte[] { 0b111_11111, 255, 255, 255 }).Decode(0)); // a map of 16 million pairs
        Assert.Throws<NetworkFileException>(() => new MmdbDecoder(new byte[] { 0b010_11111, 255, 255, 255 }).Decode(0)); // text of 16 MB
    }

    [Theory]
    [InlineData("maxmind/GeoLite2-ASN-Test.mmdb")]
    [InlineData("maxmind/MaxMind-DB-test-decoder.mmdb")]
    [InlineData("maxmind/MaxMind-DB-test-ipv4-24.mmdb")]
    [InlineData("maxmind/MaxMind-DB-test-ipv6-28.mmdb")]
    [InlineData("maxmind/MaxMind-DB-test-mixed-32.mmdb")]
    [InlineData("ipinfo/ipinfo_core_sample.mmdb")]
    public void Load_AnyBytesChanged_WorksOrSaysWhy(string path)
    {
        var whole = NetworkSamples.Bytes(path);
        var damage =
            from flips in Gen.NonEmptyListOf(Gen.Choose(0, (whole.Length * 8) - 1))
            from nearEnd in Gen.Choose(0, Math.Min(whole.Length, 400) * 8)
            from cut in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, whole.Length)))
            select (flips, nearEnd, cut);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(damage.ToArbitrary(), what =>
        {
            var bytes = (byte[])whole.Clone();
            foreach (var bit in what.flips.Append((bytes.Length * 8) - 1 - what.nearEnd).Where(bit => bit >= 0)) // metadata, too, every time
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Survives(bytes[..^what.cut]);
        }));
    }

    [Fact]
    public void Load_RandomBytes_SaysWhy() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        bytes =>
        {
            Survives(bytes);
            Survives([.. bytes, 0xAB, 0xCD, 0xEF, .. Encoding.ASCII.GetBytes("MaxMind.com"), .. bytes]);
            try
            {
                new MmdbDecoder(bytes).Decode(0);
            }
            catch (NetworkFileException)
            {
                // its one error
            }
        }));

    private static void Survives(byte[] bytes)
    {
        try
        {
            var source = new MmdbSource(MmdbFile.Open(bytes));
            foreach (var address in (string[])["1.1.1.1", "255.255.255.255", "0.0.0.0", "2001:db8::1", "ffff::", "1::"])
                source.TryFind(NetworkSamples.Address(address), out _, out _);
        }
        catch (NetworkFileException)
        {
            // its one error
        }
    }
}
