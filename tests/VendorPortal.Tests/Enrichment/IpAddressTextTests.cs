using System.Net;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Enrichment;

namespace VendorPortal.Tests.Enrichment;

public sealed class IpAddressTextTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:51234", "203.0.113.7")]
    [InlineData(" 203.0.113.7 ", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("[::ffff:203.0.113.7]:443", "203.0.113.7")]
    [InlineData("::FFFF:CB00:7107", "203.0.113.7")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:db8::1]:51234", "2001:db8::1")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("::1", "::1")]
    public void Parse_WhatFeedsReport_IsCanonical(string text, string canonical)
    {
        var value = IpAddressText.Parse(text);
        Assert.NotNull(value);
        Assert.Equal(IpAddressText.Size, value.Length);
        Assert.Equal(canonical, IpAddressText.Format(value));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("unix:")]
    [InlineData("@")]
    [InlineData("localhost")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("256.0.0.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4:port")]
    [InlineData("1.2.3.4:70000")]
    [InlineData("[2001:db8::1")]
    [InlineData("[2001:db8::1]x")]
    [InlineData("2001:db8:::1")]
    public void Parse_NoAddress_IsNull(string? text) => Assert.Null(IpAddressText.Parse(text));

    [Fact]
    public void Parse_EndlessText_IsNull() => Assert.Null(IpAddressText.Parse(new string('1', 10_000)));

    [Theory]
    [InlineData("203.0.113.77/24", "203.0.113.0/24", "203.0.113.0", "203.0.113.255")]
    [InlineData("203.0.113.77/32", "203.0.113.77", "203.0.113.77", "203.0.113.77")]
    [InlineData("203.0.113.77", "203.0.113.77", "203.0.113.77", "203.0.113.77")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255")]
    [InlineData("::ffff:10.1.2.3/104", "10.0.0.0/8", "10.0.0.0", "10.255.255.255")]
    [InlineData("2001:db8:1::9/32", "2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("::1/0", "::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void Range_OfText_IsCanonicalWithItsEnds(string text, string canonical, string first, string last)
    {
        var range = IpRange.Parse(text);
        Assert.NotNull(range);
        Assert.Equal(canonical, range.Text);
        Assert.Equal(first, IpAddressText.Format(range.First));
        Assert.Equal(last, IpAddressText.Format(range.Last));
    }

    [Theory]
    [InlineData("203.0.113.7/33")]
    [InlineData("2001:db8::/129")]
    [InlineData("203.0.113.7/")]
    [InlineData("203.0.113.7/-1")]
    [InlineData("203.0.113.7/8/8")]
    [InlineData("203.0.113/24")]
    [InlineData("host/24")]
    [InlineData("203.0.113.7:80")]
    public void Range_OfOtherText_IsNull(string text) => Assert.Null(IpRange.Parse(text));

    [Fact]
    public void Parse_AnyAddress_RoundTripsAndSortsAsItsBytes()
    {
        var addresses = Gen.OneOf(
            ArbMap.Default.GeneratorFor<byte>().ArrayOf(4),
            ArbMap.Default.GeneratorFor<byte>().ArrayOf(16)).Select(bytes => new IPAddress(bytes));
        Check.QuickThrowOnFailure(Prop.ForAll(addresses.ToArbitrary(), address =>
        {
            var value = IpAddressText.Parse(address.ToString());
            return value is not null
                && value.AsSpan().SequenceEqual(address.MapToIPv6().GetAddressBytes())
                && IpAddressText.Parse(IpAddressText.Format(value)).AsSpan().SequenceEqual(value)
                && IpRange.Parse(IpAddressText.Format(value))!.First.AsSpan().SequenceEqual(value);
        }));
    }
}
