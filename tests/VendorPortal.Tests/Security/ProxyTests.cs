using System.Net;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Security;

/// <summary>Whose address counts where the portal stands behind proxies, seen by the limit on sign-ins: it is for each address.</summary>
public sealed class ProxyTests
{
    private const string Trusted = "--Portal:TrustedProxies=198.51.100.0/24;2001:db8:1::/48";

    [Theory]
    [InlineData("203.0.113.5", "203.0.113.6")] // one proxy, on this machine
    [InlineData("203.0.113.5, 198.51.100.1", "203.0.113.6, 198.51.100.1")] // a trusted one before it
    [InlineData("203.0.113.5, 2001:db8:1::9, 198.51.100.1", "203.0.113.6, 2001:db8:1::9, 198.51.100.1")]
    public async Task SignIn_ThroughTrustedProxies_IsLimitedForEachClient(string one, string another)
    {
        await using var portal = await PortalHost.StartAsync(Trusted, "--Portal:Limits:SignInPerMinute=2");

        Assert.False(await IsRefusedAsync(portal, one));
        Assert.False(await IsRefusedAsync(portal, one));
        Assert.True(await IsRefusedAsync(portal, one));
        Assert.False(await IsRefusedAsync(portal, another));
    }

    [Theory]
    [InlineData("203.0.113.5")]
    [InlineData("203.0.113.5, 198.51.100.1")]
    public async Task SignIn_ClientWritesAnAddressOfItsOwn_IsLimitedAsItself(string path)
    {
        await using var portal = await PortalHost.StartAsync(Trusted, "--Portal:Limits:SignInPerMinute=2");

        Assert.False(await IsRefusedAsync(portal, $"192.0.2.1, {path}"));
        Assert.False(await IsRefusedAsync(portal, $"192.0.2.2, 198.51.100.7, {path}"));
        Assert.True(await IsRefusedAsync(portal, $"unknown, 192.0.2.3, {path}"));
    }

    [Fact]
    public async Task Redirect_ForwardedHostIsNotThePublicOne_StaysWhereTheRequestCame()
    {
        await using var portal = await PortalHost.StartAsync("--Portal:PublicUrl=https://portal.example");

        Assert.Equal("portal.example", (await LocationAsync(portal, "portal.example")).Host);
        Assert.Equal(portal.BaseAddress.Host, (await LocationAsync(portal, "evil.example")).Host);
    }

    private static async Task<Uri> LocationAsync(PortalHost portal, string forwardedHost)
    {
        using var client = portal.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", forwardedHost);
        using var answer = await client.GetAsync("/settings");
        return answer.Headers.Location!;
    }

    private static async Task<bool> IsRefusedAsync(PortalHost portal, string forwardedFor)
    {
        using var client = portal.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        using var answer = await PortalHost.PostSignInAsync(client, PortalHost.Email, "a wrong password");
        return answer.StatusCode == HttpStatusCode.TooManyRequests;
    }
}
