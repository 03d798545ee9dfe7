using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports;

public sealed class PullFilterUrlTests
{
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia"];

    [Fact]
    public void Parse_NoParameters_IsTheDefault()
    {
        Assert.True(Read("").IsDefault);
        Assert.Equal("", PullFilterUrl.Format(PullFilter.Everything, TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData("from=2026-05-01", "2026-05-01T00:00:00Z")]
    [InlineData("from=2026-05-01&zone=Europe/Berlin", "2026-04-30T22:00:00Z")]
    [InlineData("from=2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z")]
    [InlineData("from=2026-05-01t10:00:00z", "2026-05-01T10:00:00Z")]
    [InlineData("from=2026-05-01T10:00:00.1234567Z", "2026-05-01T10:00:00.1234567Z")]
    [InlineData("from=2026-05-01T10:00:00.123456789Z", "2026-05-01T10:00:00.1234567Z")]
    [InlineData("from=2026-05-01T10:00:00%2B02:00", "2026-05-01T08:00:00Z")]
    [InlineData("from=2026-05-01T10:00:00+02:00", "2026-05-01T08:00:00Z")]
    [InlineData("from=2026-05-01T10:00:00-05:00&zone=Europe/Berlin", "2026-05-01T15:00:00Z")]
    [InlineData("from=2026-03-29&zone=Africa/Cairo", "2026-03-28T22:00:00Z")]
    [InlineData("from=2026-04-24&zone=Africa/Cairo", "2026-04-23T22:00:00Z")] // clocks skip from 00:00 to 01:00: the day begins at 01:00
    public void Parse_From_IsTheInstantItMeans(string query, string instant) => Assert.Equal(Utc(instant), Read(query).FromUtc);

    [Theory]
    [InlineData("to=2026-05-01", "2026-05-02T00:00:00Z")]
    [InlineData("to=2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z")]
    [InlineData("to=2026-03-29&zone=Europe/Berlin", "2026-03-29T22:00:00Z")]
    [InlineData("to=2026-10-25&zone=Europe/Berlin", "2026-10-25T23:00:00Z")]
    [InlineData("to=9999-12-31", "9999-12-31T23:59:59.9999999Z")]
    public void Parse_To_IsTheExclusiveEndItMeans(string query, string instant) => Assert.Equal(Utc(instant), Read(query).ToUtc);

    [Theory]
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-10-25", 25)]
    [InlineData("2026-05-01", 24)]
    public void Parse_OneDayWithClockChange_HasItsHours(string day, int hours)
    {
        var filter = Read($"from={day}&to={day}&zone=Europe/Berlin");
        Assert.Equal(TimeSpan.FromHours(hours), filter.ToUtc - filter.FromUtc);
    }

    [Theory]
    [InlineData("from=yesterday", "from", "RFC 3339")]
    [InlineData("from=2026-02-30", "from", "2026-05-01")]
    [InlineData("from=2026-05-01T10:00:00", "from", "RFC 3339")]
    [InlineData("to=2026-05-01T25:00:00Z", "to", "RFC 3339")]
    [InlineData("to=1777629600", "to", "RFC 3339")]
    [InlineData("from=2026-05-01&from=2026-05-02", "from", "one value")]
    [InlineData("from=2026-05-02&to=2026-05-01", "from", "earlier than to")]
    [InlineData("from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z", "from", "earlier than to")]
    [InlineData("zone=Mars/Olympus", "zone", "IANA")]
    [InlineData("zone=../../../etc/passwd", "zone", "IANA")]
    [InlineData("zone=/etc/localtime", "zone", "IANA")]
    [InlineData("kind=download", "kind", "pull_by_tag, pull_by_digest, version_check, denied")]
    [InlineData("not-kind=download", "not-kind", "pull_by_tag, pull_by_digest, version_check, denied")]
    [InlineData("not-address=somewhere", "not-address", "203.0.113.0/24")]
    [InlineData("text=a&text=b", "text", "one value")]
    [InlineData("publishers=yes", "publishers", "exclude, include, only")]
    [InlineData("address=somewhere", "address", "203.0.113.0/24")]
    [InlineData("address=203.0.113.0/33", "address", "CIDR")]
    [InlineData("country=Germany", "country", "DE")]
    [InlineData("not-country=ZZ", "not-country", "DE")]
    [InlineData("network-type=cloud", "network-type", "business, isp, hosting, education")]
    public void Parse_WhatCannotBeRead_IsNamedWithTheAcceptedForm(string query, string parameter, string accepted)
    {
        PullFilterUrl.Parse(QueryHelpers.ParseQuery(query), out var errors);
        var error = Assert.Single(errors);
        Assert.Equal(parameter, error.Parameter);
        Assert.Contains(accepted, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralErrors_NamesEach()
    {
        PullFilterUrl.Parse(QueryHelpers.ParseQuery("from=x&to=y&kind=z&zone=w"), out var errors);
        Assert.Equal(["from", "kind", "to", "zone"], errors.Select(error => error.Parameter).Order());
    }

    [Fact]
    public void Parse_EndlessValue_IsRefusedWithoutRepeatingIt()
    {
        PullFilterUrl.Parse([new("customer", new string('x', 10_000))], out var errors);
        var error = Assert.Single(errors);
        Assert.Equal("customer", error.Parameter);
        Assert.True(error.Message.Length < 200);
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(201, 1)]
    public void Parse_ManyValues_AreLimited(int count, int expected)
    {
        PullFilterUrl.Parse([new("version", Enumerable.Range(0, count).Select(i => $"1.{i}").ToArray())], out var errors);
        Assert.Equal(expected, errors.Count);
    }

    [Theory]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.77/24", "203.0.113.0/24")]
    [InlineData("2001:DB8:0::1", "2001:db8::1")]
    [InlineData("-", "-")]
    public void Parse_Address_IsCanonical(string given, string canonical) =>
        Assert.Equal([canonical], Read($"address={Uri.EscapeDataString(given)}").Addresses);

    [Fact]
    public void Parse_UnknownAndEmptyParameters_AreLeftAlone() =>
        Assert.True(Read("limit=5&cursor=abc&customer=&from=&utm_source=mail").IsDefault);

    [Fact]
    public void Parse_WhatIsLeftOutAndText_AreOfTheFilter()
    {
        var filter = Read("not-customer=Globex&not-customer=-&not-address=203.0.113.77/24&not-kind=DENIED&text=Acme");
        Assert.Equal(new DimensionValues { [FilterDimension.Customer] = ["-", "Globex"], [FilterDimension.Address] = ["203.0.113.0/24"], [FilterDimension.Kind] = ["denied"] }, filter.Not);
        Assert.Equal("Acme", filter.Text);
        Assert.False(filter.IsDefault);
        Assert.Equal("not-customer=-&not-customer=Globex&not-address=203.0.113.0/24&not-kind=denied&text=Acme", PullFilterUrl.Format(filter, TimeZoneInfo.Utc));
    }

    [Fact]
    public void Parse_FactsOfClientsAndAddresses_AreInTheirOwnForm()
    {
        var filter = Read("client=containerd&country=de&country=-&not-host=aws&network-type=ISP");
        Assert.Equal(["-", "DE"], filter.Countries);
        Assert.Equal(["isp"], filter.Only[FilterDimension.NetworkType]);
        Assert.Equal("client=containerd&country=-&country=DE&not-host=aws&network-type=isp", PullFilterUrl.Format(filter, TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(201, 1)]
    public void Parse_LongText_IsLimited(int length, int expected)
    {
        PullFilterUrl.Parse([new("text", new string('x', length))], out var errors);
        Assert.Equal(expected, errors.Count);
    }

    [Fact]
    public void Parse_KindInAnyCase_IsTheWireName() => Assert.Equal([KindNames.PullByTag], Read("kind=PULL_BY_TAG").Kinds);

    [Fact]
    public void Format_DaysOfTheZone_AreBareDatesWithTheZone()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var filter = Read("from=2026-03-29&to=2026-03-31&zone=Europe/Berlin&artifact=acme/app");
        Assert.Equal("from=2026-03-29&to=2026-03-31&zone=Europe/Berlin&artifact=acme/app", PullFilterUrl.Format(filter, berlin));
        Assert.Equal("from=2026-03-28T23:00:00Z&to=2026-03-31T22:00:00Z&artifact=acme/app", PullFilterUrl.Format(filter, TimeZoneInfo.Utc));
    }

    [Fact]
    public void Format_AnyFilterInAnyZone_ReadsBackEqual()
    {
        var zones = Gen.Elements(Zones).Select(TimeZoneInfo.FindSystemTimeZoneById);
        var dayRanges = from zone in zones
                        from filter in RandomLogs.Filter
                        from first in Gen.Choose(0, 3000)
                        from length in Gen.Choose(0, 40)
                        from asDays in Gen.Elements(true, false)
                        let day = new DateOnly(2020, 1, 1).AddDays(first)
                        let name = "weird & name=1/2?#%2F:+@'\"é😀 "
                        let named = filter with { Customers = filter.Customers.Toggle(name) }
                        select (zone, asDays ? named with { FromUtc = ZoneDays.StartOf(day, zone), ToUtc = ZoneDays.EndOf(day.AddDays(length), zone) } : named);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(dayRanges.ToArbitrary(), given =>
        {
            var (zone, filter) = given;
            var text = PullFilterUrl.Format(filter, zone);
            var read = PullFilterUrl.Parse(QueryHelpers.ParseQuery(text), out var errors);
            return (errors.Count == 0 && read == filter && PullFilterUrl.Format(read, zone) == text).Label(text);
        }));
    }

    [Fact]
    public void Days_OfAnyZone_FollowEachOtherWithoutGap()
    {
        var cases = from zone in Gen.Elements(Zones).Select(TimeZoneInfo.FindSystemTimeZoneById)
                    from offset in Gen.Choose(0, 5000)
                    select (zone, day: new DateOnly(2020, 1, 1).AddDays(offset));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            var (start, end) = (ZoneDays.StartOf(given.day, given.zone), ZoneDays.EndOf(given.day, given.zone));
            return end - start >= TimeSpan.FromHours(23) && end - start <= TimeSpan.FromHours(25)
                && ZoneDays.DayOf(start, given.zone) == given.day
                && ZoneDays.DayOf(start.AddTicks(-1), given.zone) == given.day.AddDays(-1)
                && ZoneDays.DayOf(end.AddTicks(-1), given.zone) == given.day;
        }));
    }

    private static PullFilter Read(string query)
    {
        var filter = PullFilterUrl.Parse(QueryHelpers.ParseQuery(query), out var errors);
        Assert.Empty(errors);
        return filter;
    }

    private static DateTime Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;
}
