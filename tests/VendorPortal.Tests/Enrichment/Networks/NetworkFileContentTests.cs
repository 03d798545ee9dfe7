using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Enrichment.Networks;

public sealed class NetworkFileContentTests
{
    [Theory]
    [InlineData("ip_company_sample.csv")]
    [InlineData("ipinfo_lite_sample.csv")]
    [InlineData("ipinfo_asn_sample.csv")]
    public void Read_IpinfoFile_GivesItsRowsAsCsvAndAsMmdb(string name)
    {
        var csv = NetworkSamples.OfSample($"ipinfo/{name}").Content.Source!;
        var mmdb = NetworkSamples.OfSample($"ipinfo/{Path.ChangeExtension(name, ".mmdb")}").Content.Source!;
        var vectors = NetworkSamples.Vectors($"ipinfo:{name}").ToList();
        Assert.True(vectors.Count >= 8);
        foreach (var vector in vectors)
        {
            foreach (var source in vector.GetProperty("in_mmdb").GetBoolean() ? new[] { csv, mmdb } : [csv])
            {
                Assert.True(source.TryFind(NetworkSamples.Address(vector.Text("ip")!), out var record, out _));
                Assert.Equal(vector.Text("country_code") ?? vector.Text("country"), record.Country);
                Assert.Equal(vector.Text("domain") ?? vector.Text("as_domain"), record.Domain);
                Assert.Equal(vector.Text("type") is { } type ? NetworkTypes.Of(type) : null, record.NetworkType);
                if (vector.Text("name") is { } company)
                    Assert.Equal(company, record.Organisation);
                if (vector.Text("asn") is { } asn)
                    Assert.Equal(asn, $"AS{record.Asn}");
            }
        }
    }

    [Fact]
    public void Read_ListsOfClouds_GiveTheProviderOfEachVector()
    {
        var data = new NetworkData(NetworkSamples.NothingBuiltIn, [.. NetworkSamples.Clouds.Select(NetworkSamples.OfSample)]);
        var vectors = NetworkSamples.Vectors("cloud_ranges").ToList();
        Assert.True(vectors.Count >= 27);
        foreach (var vector in vectors)
        {
            var expected = vector.Text("provider") switch { "amazon" => "aws", "google" => "gcp", "microsoft" => "azure", var other => other };
            Assert.Equal((expected, NetworkTypes.Hosting), (data.Find(vector.Text("ip")!).Host, data.Find(vector.Text("ip")!).NetworkType));
        }

        Assert.Null(data.Find("10.0.0.1").Host);
    }

    [Theory]
    [InlineData("a.json", """{"prefixes":[{"ip_prefix":"192.0.2.0/25","service":"AMAZON"}],"ipv6_prefixes":[{"ipv6_prefix":"2001:db8:1000::/36"}]}""", "aws")]
    [InlineData("a.json", """{"syncToken":"1","prefixes":[{"ipv4Prefix":"192.0.2.0/25","service":"Google Cloud"},{"ipv6Prefix":"2001:db8:1000::/36"}]}""", "gcp")]
    [InlineData("ServiceTags_Public.json", """{"values":[{"name":"AzureCloud","properties":{"addressPrefixes":["192.0.2.0/25","2001:db8:1000::/36"]}}]}""", "azure")]
    [InlineData("a.json", """{"regions":[{"region":"r","cidrs":[{"cidr":"192.0.2.0/25","tags":[]},{"cidr":"2001:db8:1000::/36"}]}]}""", "oracle")]
    [InlineData("hetzner-v4.txt", "# own list\n192.0.2.0/25\r\n2001:db8:1000::/36 # remark\n", "hetzner")]
    [InlineData("digitalocean.csv", "192.0.2.0/25,NL,NL-NH,Amsterdam,1098 XH\n2001:db8:1000::/36,NL,NL-NH,Amsterdam,\n", "digitalocean")]
    public void Read_ListOfACloud_GivesItsHost(string name, string text, string host)
    {
        var data = new NetworkData(NetworkSamples.NothingBuiltIn, [NetworkSamples.Of(name, text)]);

        Assert.Equal(host, data.Find("192.0.2.0").Host);
        Assert.Equal(host, data.Find("192.0.2.127").Host);
        Assert.Equal(host, data.Find("2001:db8:1fff:ffff::").Host);
        Assert.Null(data.Find("192.0.2.128").Host);
        Assert.Null(data.Find("192.0.1.255").Host);
        Assert.Equal(name.EndsWith(".csv", StringComparison.Ordinal) ? "NL" : null, data.Find("192.0.2.1").Country);
    }

    [Fact]
    public void Read_AmazonsOwnForm_IsKnown() =>
        Assert.Equal("aws", new NetworkData(NetworkSamples.NothingBuiltIn, [NetworkSamples.OfSample("cloud/aws-ip-ranges.sample.json")]).Find("198.51.100.200").Host);

    [Theory]
    [InlineData("192.0.2.0,192.0.2.9,DE\n192.0.2.10,192.0.2.255,FR\n")]
    [InlineData("3221225984,3221225993,DE\n3221225994,3221226239,FR\n")]
    [InlineData("\uFEFF192.0.2.0,192.0.2.9,de\r\n192.0.2.10,192.0.2.255,fr")]
    public void Read_RangesOfCountries_KeepTheirBounds(string text)
    {
        var data = new NetworkData(NetworkSamples.NothingBuiltIn, [NetworkSamples.Of("x.csv", text)]);

        Assert.Equal(
            [null, "DE", "DE", "FR", "FR", null],
            ((string[])["192.0.1.255", "192.0.2.0", "192.0.2.9", "192.0.2.10", "192.0.2.255", "192.0.3.0"]).Select(address => data.Find(address).Country));
    }

    [Fact]
    public void Read_RangesOfSystems_GiveTheOrganisation()
    {
        var data = new NetworkData(NetworkSamples.NothingBuiltIn, [NetworkSamples.Of("asn.csv", "192.0.2.0,192.0.2.255,64500,\"Example, Inc.\"\n2001:db8::,2001:db8::ff,64501,State University\n")]);

        Assert.Equal(new NetworkFacts(null, "Example, Inc.", null, null), data.Find("192.0.2.77"));
        Assert.Equal(new NetworkFacts(null, "State University", null, NetworkTypes.Education), data.Find("2001:db8::ff"));
    }

    [Theory]
    [InlineData("x.csv", "192.0.2.0,192.0.2.9,DE\n192.0.2.9,192.0.2.0,DE\n", "Line 2")]
    [InlineData("x.csv", "192.0.2.0,192.0.2.9,DE\nhost,192.0.2.0,DE\n", "Line 2")]
    [InlineData("x.csv", "192.0.2.0,192.0.2.9,DE\n192.0.2.10,2001:db8::,DE\n", "Line 2")]
    [InlineData("x.csv", "192.0.2.0,192.0.2.9,EU,DE,Hessen,Frankfurt,1,2\n", "8 columns")]
    [InlineData("x.csv", "192.0.2.0,192.0.2.9,DE\n192.0.2.10,192.0.2.11\n", "2 columns instead of 3")]
    [InlineData("x.csv", "192.0.2.0,192.0.2.9,ZZ\n", "None of its rows")]
    [InlineData("x.csv", "network,city\n192.0.2.0/24,Bonn\n", "tells no networks")]
    [InlineData("x.csv", "name;value\n", "Line 1")]
    [InlineData("hetzner.txt", "192.0.2.0/24\n192.0.2.0/33\n", "192.0.2.0/33")]
    [InlineData("-.txt", "192.0.2.0/24\n", "begin with the cloud")]
    [InlineData("systems.txt", "AS64500\n", "hosting")]
    [InlineData("hosting.txt", "AS64500\nASx\n", "ASx")]
    [InlineData("x.json", "{\"prefixes\":[]}", "none of the lists")]
    [InlineData("x.json", "{\"prefixes\":[{\"ip_prefix\":\"x\"}]}", "'x'")]
    [InlineData("x.json", "{\"prefixes\":[{", "no JSON")]
    [InlineData("x.txt", "", "empty")]
    [InlineData("x.mmdb", "192.0.2.0/24", "no MMDB")]
    public void Read_WhatCannotBeRead_SaysWhyAndWhere(string name, string text, string says)
    {
        var error = Assert.Throws<NetworkFileException>(() => NetworkFileContent.Read(name, Encoding.UTF8.GetBytes(text)));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Anything_WorksOrSaysWhy()
    {
        string[] parts = ["192.0.2.0", "/24", ",", "\n", "\"", "AS1", "network", "start_ip,end_ip,asn", "{", "}", "[", "]", "\"prefixes\":", "\"values\":", "\"ip_prefix\":\"192.0.2.0/24\"", "\"\\ud800\"", "#", "::", "DE", "\0", "\uFEFF", "9"];
        var texts = from list in Gen.ListOf(Gen.Elements(parts)) select Encoding.UTF8.GetBytes(string.Concat(list));
        var files = Gen.OneOf(texts, ArbMap.Default.GeneratorFor<byte[]>());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_500), Prop.ForAll(files.ToArbitrary(), file =>
        {
            foreach (var name in (string[])["hosting.csv", "x.json", "aws.txt"])
            {
                try
                {
                    Assert.NotEqual("", NetworkFileContent.Read(name, file).What);
                }
                catch (NetworkFileException error)
                {
                    Assert.NotEqual("", error.Message);
                }
            }
        }));
    }
}
