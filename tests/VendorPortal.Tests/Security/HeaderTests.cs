using System.Net;
using System.Text.RegularExpressions;
using VendorPortal.Security;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Security;

public sealed partial class HeaderTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    private PortalHost Portal => fixture.Portal;

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/no-such-page")]
    [InlineData("/api/v1/none")]
    [InlineData("/health/live")]
    public async Task Answer_OfAnyKind_CarriesTheHeaders(string path)
    {
        using var client = Portal.Client();
        using var answer = await client.GetAsync(path);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
        Assert.Contains("camera=()", Header(answer, "Permissions-Policy"), StringComparison.Ordinal);
        Assert.Contains("no-store", Header(answer, "Cache-Control"), StringComparison.Ordinal);
        var policy = Header(answer, "Content-Security-Policy");
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe-inline'", ScriptSource().Match(policy).Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-in", false)]
    [InlineData("/settings", true)]
    public async Task Page_EachTime_HasANewNonceOnItsOnlyInlineScript(string path, bool signedIn)
    {
        using var client = signedIn ? await Portal.SignInAsync() : Portal.Client();
        var nonces = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            using var answer = await client.GetAsync(path);
            var nonce = Nonce().Match(Header(answer, "Content-Security-Policy")).Groups["value"].Value;
            var html = await answer.Content.ReadAsStringAsync();
            var inline = Script().Matches(html).Where(m => !m.Value.Contains("src=", StringComparison.Ordinal)).ToList();
            Assert.Contains($"nonce=\"{nonce}\"", WebUtility.HtmlDecode(Assert.Single(inline).Value), StringComparison.Ordinal);
            Assert.DoesNotContain(" style=\"", html, StringComparison.Ordinal);
            nonces.Add(nonce);
        }

        Assert.Equal(2, nonces.Count);
    }

    [Fact]
    public async Task Assets_AreServedToAnybody()
    {
        using var client = Portal.Client();
        var html = await client.GetStringAsync("/sign-in");
        var urls = AssetUrl().Matches(html).Select(m => m.Groups["value"].Value).ToList();
        Assert.Contains(urls, u => u.EndsWith(".js", StringComparison.Ordinal));
        foreach (var url in urls)
        {
            using var answer = await client.GetAsync("/" + url);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length > 100, url);
        }
    }

    [Fact]
    public async Task Page_Unknown_Is404WithAPage()
    {
        using var client = await Portal.SignInAsync();
        using var answer = await client.GetAsync("/no-such-page");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("No such page", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_TellsWhatItRunsOn_OnlyToWhoIsSignedIn()
    {
        using var anybody = Portal.Client();
        Assert.Equal("{\"status\":\"healthy\"}", await anybody.GetStringAsync("/health/ready"));
        using var program = await Portal.ApiClientAsync();
        Assert.Contains("SQLite", await program.GetStringAsync("/health/ready"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a", true)]
    [InlineData("/a?b=//c", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("//a", false)]
    [InlineData("/\\a", false)]
    [InlineData("/\n/a", false)]
    [InlineData("http://a", false)]
    public void LocalUrl_IsLocal_OnlyForPathsOfThePortal(string? url, bool local) => Assert.Equal(local, LocalUrl.IsLocal(url));

    private static string Header(HttpResponseMessage answer, string name) =>
        string.Join(',', answer.Headers.TryGetValues(name, out var values) ? values : []);

    [GeneratedRegex("script-src[^;]*", RegexOptions.None, 1000)]
    private static partial Regex ScriptSource();

    [GeneratedRegex("script-src 'self' 'nonce-(?<value>[^']+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Script();

    [GeneratedRegex("(href|src)=\"(?<value>[^\"/:]*(_framework/)?[^\"/:]*\\.(css|js|svg))\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AssetUrl();
}
