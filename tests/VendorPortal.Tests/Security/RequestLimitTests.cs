using System.Net;
using VendorPortal.Reports;
using VendorPortal.Security;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Security;

/// <summary>How long an address may be, over real HTTP.</summary>
public sealed class RequestLimitTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    [Theory]
    [InlineData("/downloads")]
    [InlineData("/api/v1/artifact-pulls/count")]
    [InlineData("/api/v1/artifact-pulls/export")]
    public async Task Filter_AsManyDigestsAsAParameterTakes_IsTakenFromTheAddress(string path)
    {
        using var browser = await fixture.Portal.SignInAsync();

        using var answer = await browser.GetAsync($"{path}?artifact=acme/app&{Digests("version")}&{Digests("not-version")}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Address_LongerThanTheLimit_Is414()
    {
        using var nobody = fixture.Portal.Client();
        using var answer = await nobody.GetAsync($"/health/live?{new string('a', SecurityServices.MaxRequestLine)}");
        Assert.Equal(HttpStatusCode.RequestUriTooLong, answer.StatusCode);
    }

    private static string Digests(string parameter) => string.Join('&', Enumerable.Range(0, PullFilterUrl.MaxValues).Select(i => $"{parameter}=sha256%3A{i:x64}"));
}
