using Bunit;
using VendorPortal.Components.Controls;

namespace VendorPortal.Components.Tests.Downloads;

public sealed class TypedNetworksTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("ci-deploy", "")]
    [InlineData("203", "")]
    [InlineData("203.", "203.0.0.0/8")]
    [InlineData("203.7", "203.0.0.0/8")]
    [InlineData("203.7.", "203.7.0.0/16")]
    [InlineData("203.0.113.", "203.0.113.0/24 203.0.0.0/16")]
    [InlineData("203.0.113.7", "203.0.113.0/24 203.0.0.0/16")]
    [InlineData("203.0.113.0/", "203.0.113.0/24")]
    [InlineData("203.0.113.0/2", "203.0.113.0/24")]
    [InlineData("203.0.113.0/24", "")]
    [InlineData("203.0.256.", "")]
    [InlineData("1.2.3.4.5", "")]
    [InlineData("2001:", "")]
    [InlineData("2001:db8:", "2001:db8::/32")]
    [InlineData("2001:db8::", "2001:db8::/32")]
    [InlineData("2001:db8:10:", "2001:db8:10::/48 2001:db8::/32")]
    [InlineData("2001:db8:10::23", "2001:db8:10::/64 2001:db8:10::/48")]
    [InlineData("2001:DB8:10:1:2:3:4:5", "2001:db8:10:1::/64 2001:db8:10::/48")]
    [InlineData("2001:db8:10::/4", "2001:db8:10::/48")]
    [InlineData("::ffff:203.0.113.7", "")]
    [InlineData(":", "")]
    [InlineData("fe80::1%eth0", "fe80::/64 fe80::/48")]
    public void Networks_WhileTyping_AreThoseUsualAroundTheAddress(string typed, string networks) => Assert.Equal(networks, string.Join(' ', TypedNetworks.Of(typed)));

    [Fact]
    public void Picker_AddressBegun_OffersItsNetworksWithTheirPullsAndTheAddresses()
    {
        using var host = new DownloadsHost();
        host.AddPulls(6, (i, pull) => pull with { Address = i switch { < 3 => "203.0.113.7", 3 => "203.0.113.8", 4 => "203.0.7.1", _ => "198.51.100.4" } });
        var page = host.Open();

        page.OpenPicker("Address");
        page.Find("[role=combobox]").Input("203.0.113.");
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                host.Time.Advance(TimeSpan.FromMilliseconds(120));
                return page.Options() is ["203.0.113.0/24", _, _, _]; // before the search there are four as well
            },
            TimeSpan.FromSeconds(30)));

        Assert.Equal(["203.0.113.0/24 4", "203.0.0.0/16 5", "203.0.113.7 3", "203.0.113.8 1"], page.FindAll("[role=option]").Select(option => $"{option.QuerySelector(".name")!.TextContent} {option.QuerySelector(".count")!.TextContent}"));
        Assert.Equal("Networks", page.Find("[role=listbox] .head").TextContent);
        page.Press(() => page.FindAll("[role=option]")[0]);
        page.WaitForState(() => page.Times().Count == 4);
        Assert.Equal("/downloads?address=203.0.113.0/24", host.Address);
    }
}
