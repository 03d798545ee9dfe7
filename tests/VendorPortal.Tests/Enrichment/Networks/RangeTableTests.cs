using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Enrichment.Networks;

public sealed class RangeTableTests
{
    [Fact]
    public void Find_AnyRanges_IsTheNarrowestAroundTheAddress()
    {
        var ranges =
            from list in Gen.ListOf(from first in Gen.Choose(0, 60) from width in Gen.Choose(0, 20) from value in Gen.Choose(0, 4) select (First: first, Last: first + width, Value: value))
            select list.ToList();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ranges.ToArbitrary(), list =>
        {
            var builder = new RangeTable.Builder();
            foreach (var (first, last, value) in list)
                builder.Add((UInt128)first, (UInt128)last, Record(value));
            var table = builder.Build();
            for (var address = 0; address < 90; address++)
            {
                var around = list.Where(r => r.First <= address && address <= r.Last).ToList();
                var found = table.TryFind((UInt128)address, out var record, out var bits);
                Assert.Equal(around.Count > 0, found);
                if (!found)
                    continue;
                var expected = around.MinBy(r => r.Last - r.First); // of equal ones the first
                Assert.Equal(Record(expected.Value), record);
                Assert.Equal((int)UInt128.LeadingZeroCount((UInt128)(expected.Last - expected.First)), bits);
            }
        }));
    }

    [Fact]
    public void Find_EndsOfTheAddressSpace_AreInside()
    {
        var builder = new RangeTable.Builder();
        builder.Add(UInt128.Zero, UInt128.MaxValue, Record(1));
        builder.Add(UInt128.MaxValue, UInt128.MaxValue, Record(2));
        var table = builder.Build();

        Assert.True(table.TryFind(UInt128.Zero, out var first, out var wide));
        Assert.True(table.TryFind(UInt128.MaxValue, out var last, out var narrow));
        Assert.Equal((Record(1), 0, Record(2), 128), (first, wide, last, narrow));
    }

    [Fact]
    public void Written_AnyTables_AreReadAsTheyWere()
    {
        var countries = new RangeTable.Builder();
        countries.Add(NetworkSamples.Address("0.0.0.0"), NetworkSamples.Address("0.0.0.255"), new NetworkRecord { Country = "DE" });
        countries.Add(NetworkSamples.Address("198.51.100.7"), NetworkSamples.Address("198.51.100.9"), new NetworkRecord { Country = "FR" });
        countries.Add(NetworkSamples.Address("2001:db8::"), NetworkSamples.Address("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), new NetworkRecord { Country = "DE" });
        countries.Add(UInt128.MaxValue, UInt128.MaxValue, new NetworkRecord { Country = "SE" });
        var hosts = new RangeTable.Builder();
        hosts.Add(NetworkSamples.Address("203.0.113.0"), NetworkSamples.Address("203.0.113.255"), new NetworkRecord { Host = "aws" });
        var (ofCountries, ofHosts) = (countries.Build(), hosts.Build());

        var read = BuiltInNetworks.Read(BuiltInNetworks.Write(new BuiltInTable("us", new DateOnly(2026, 5, 1), ofCountries), new BuiltInTable("them", new DateOnly(2026, 5, 2), ofHosts)));

        Assert.Equal(("us", new DateOnly(2026, 5, 1), "them", new DateOnly(2026, 5, 2)), (read.Countries.Origin, read.Countries.Date, read.Hosts.Origin, read.Hosts.Date));
        Assert.Equal(ofCountries.Entries(), read.Countries.Ranges.Entries());
        Assert.Equal(ofHosts.Entries(), read.Hosts.Ranges.Entries());
    }

    private static NetworkRecord Record(int value) => new() { Asn = (uint)value + 1 };
}
