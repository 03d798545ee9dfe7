using VendorPortal.Enrichment.Networks;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Enrichment.Networks;

public sealed class NetworkDataTests
{
    private static NetworkData Data(params IReadOnlyList<NetworkFile> files) => new(NetworkSamples.NothingBuiltIn, files);

    [Fact]
    public void Find_FilesThatDiffer_TheMostSpecificNetworkWinsForEachFact()
    {
        var wide = NetworkSamples.Of("a.csv", "192.0.2.0,192.0.2.255,64500,Wide\n");
        var narrow = NetworkSamples.Of("b.csv", "network,country_code,as_name\n192.0.2.128/26,FR,\n192.0.2.64/26,SE,Narrow\n");
        var countries = NetworkSamples.Of("c.csv", "192.0.2.0,192.0.2.255,DE\n");
        foreach (var data in (NetworkData[])[Data(wide, narrow, countries), Data(countries, narrow, wide)])
        {
            Assert.Equal(("DE", "Wide"), (data.Find("192.0.2.1").Country, data.Find("192.0.2.1").Organisation));
            Assert.Equal(("FR", "Wide"), (data.Find("192.0.2.130").Country, data.Find("192.0.2.130").Organisation));
            Assert.Equal(("SE", "Narrow"), (data.Find("192.0.2.64").Country, data.Find("192.0.2.64").Organisation));
        }
    }

    [Fact]
    public void Find_EqualNetworks_TheFirstNameWins()
    {
        var data = Data(NetworkSamples.Of("a.csv", "192.0.2.0,192.0.2.255,DE\n"), NetworkSamples.Of("b.csv", "192.0.2.0,192.0.2.255,FR\n"));
        Assert.Equal("DE", data.Find("192.0.2.1").Country);
    }

    [Fact]
    public void Find_PrefixWithinAnother_TheLongerWinsAlsoAcrossClouds()
    {
        // Runners of GitHub lie within Microsoft's and Amazon's networks.
        var data = Data(NetworkSamples.OfSample("cloud/amazon_ipv4_merged.txt"), NetworkSamples.OfSample("cloud/github_ipv4_merged.txt"), NetworkSamples.OfSample("cloud/microsoft_ipv4_merged.txt"));

        Assert.Equal("github", data.Find("4.147.189.193").Host);
        Assert.Equal("azure", data.Find("4.147.189.1").Host);
        Assert.Equal("github", data.Find("52.0.228.224").Host);
        Assert.Equal("aws", data.Find("52.0.228.225").Host);
    }

    [Fact]
    public void Find_OperatorsFile_GoesBeforeWhatIsBuiltInHoweverWide()
    {
        var data = new NetworkData(BuiltInNetworks.Current, [NetworkSamples.Of("a.csv", "0.0.0.0,127.255.255.255,AQ\n")]);

        Assert.Equal("AQ", data.Find("8.8.8.8").Country);
        Assert.Equal("gcp", data.Find("8.8.8.8").Host); // the file says nothing of hosts
        Assert.NotEqual("AQ", data.Find("193.0.0.1").Country);
    }

    [Fact]
    public void Find_OperatorsListOfACloud_ReplacesTheBuiltInOneOfThatCloudOnly()
    {
        var data = new NetworkData(BuiltInNetworks.Current, [NetworkSamples.Of("google.txt", "192.0.2.0/24\n")]);

        Assert.Equal("gcp", data.Find("192.0.2.1").Host);
        Assert.Null(data.Find("8.8.8.8").Host);
        Assert.Equal("cloudflare", data.Find("103.21.244.1").Host);
    }

    [Fact]
    public void Find_BuiltInData_KnowsPublicAddressesOnly()
    {
        var lookup = new NetworkLookup();
        NetworkFacts Of(string address) => lookup.Find(VendorPortal.Enrichment.IpAddressText.Parse(address)!);

        Assert.Equal(("NL", null), (Of("193.0.6.139").Country, Of("193.0.6.139").Host)); // RIPE NCC
        Assert.Equal("JP", Of("2001:2::1").Country);
        Assert.Equal(("aws", NetworkTypes.Hosting), (Of("2a05:d018::1").Host, Of("2a05:d018::1").NetworkType));
        Assert.All(["10.0.0.1", "127.0.0.1", "203.0.113.7", "::1", "fe80::1", "2001:db8::1"], address => Assert.Equal(NetworkFacts.Unknown, Of(address)));
        Assert.All(NetworkLookup.BuiltIn, table => Assert.InRange(table.Date.Year, 2026, 2100));
    }

    [Fact]
    public void Find_AddressAskedAgain_AnswersTheSameAndForgetsWithinBounds()
    {
        var data = Data(NetworkSamples.Of("a.csv", "10.0.0.0,10.255.255.255,DE\n"));
        var address = new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 0 };
        for (var i = 0; i < 200_000; i++)
        {
            (address[13], address[14], address[15]) = ((byte)(i >> 16), (byte)(i >> 8), (byte)i);
            Assert.Equal("DE", data.Find(address).Country);
        }

        Assert.InRange(data.Remembered, 1, 65_536);
    }

    [Fact]
    public void Find_SystemsOfAType_GiveTheTypeWhereNoDatabaseDoes()
    {
        var systems = NetworkSamples.OfSample("cloud/x4b_datacenter_ASN.txt");
        var ranges = NetworkSamples.Of("asn.csv", "192.0.2.0,192.0.2.255,45090,Tencent\n198.51.100.0,198.51.100.255,64500,Someone\n");
        var data = Data(ranges, systems);
        var told = Data(NetworkSamples.Of("a.csv", "network,type\n192.0.2.0/25,isp\n192.0.2.128/25,government\n"), ranges, systems);

        Assert.Equal(NetworkTypes.Hosting, data.Find("192.0.2.1").NetworkType);
        Assert.Null(data.Find("198.51.100.1").NetworkType); // business is never guessed
        Assert.Equal(NetworkTypes.Isp, told.Find("192.0.2.1").NetworkType);
    }

    [Theory]
    [InlineData("mit.edu", NetworkTypes.Education)]
    [InlineData("ox.ac.uk", NetworkTypes.Education)]
    [InlineData("srikl.edu.my", NetworkTypes.Education)]
    [InlineData("education.com", null)]
    [InlineData("ac.example", null)]
    public void Find_Domain_TellsEducationOnly(string domain, string? type) =>
        Assert.Equal(type, Data(NetworkSamples.Of("a.csv", $"network,domain\n192.0.2.0/24,{domain}\n")).Find("192.0.2.1").NetworkType);

    [Fact]
    public void Stamp_OfTheSameData_IsTheSameAndOfOtherDataIsNot()
    {
        var file = NetworkSamples.Of("a.csv", "192.0.2.0,192.0.2.255,DE\n");
        var stamps = new[]
        {
            Data(file).Stamp, Data().Stamp, Data(NetworkSamples.Of("b.csv", "192.0.2.0,192.0.2.255,DE\n")).Stamp, Data(NetworkSamples.Of("a.csv", "192.0.2.0,192.0.2.255,FR\n")).Stamp,
        };

        Assert.Equal(stamps[0], Data(NetworkSamples.Of("a.csv", "192.0.2.0,192.0.2.255,DE\n")).Stamp);
        Assert.Equal(stamps.Length, stamps.Distinct().Count());
        Assert.All(stamps, stamp => Assert.True(stamp > 0));
    }

    [Theory]
    [InlineData("DE", "DE")]
    [InlineData("de", "DE")]
    [InlineData("XK", "XK")]
    [InlineData("EU", null)]
    [InlineData("ZZ", null)]
    [InlineData("AN", null)]
    [InlineData("DEU", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Country_Code_IsOneOfTheStandard(string? text, string? code) => Assert.Equal(code, Countries.Code(text));

    [Fact]
    public void Country_Name_IsEnglish() => Assert.Equal(("Germany", "United Kingdom"), (Countries.Name("DE"), Countries.Name("GB")));
}
