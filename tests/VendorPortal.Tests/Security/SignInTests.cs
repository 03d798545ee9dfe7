using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Security;

public sealed class SignInTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    private PortalHost Portal => fixture.Portal;

    [Fact]
    public async Task Page_WithoutSignIn_LeadsToSignInAndBack()
    {
        using var client = Portal.Client();
        using var answer = await client.GetAsync("/settings?x=1");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/sign-in?ReturnUrl=%2Fsettings%3Fx%3D1", answer.Headers.Location!.PathAndQuery);
        using var signedIn = await PostAsync(client, PortalHost.Password, answer.Headers.Location.PathAndQuery);
        Assert.Equal("/settings?x=1", Path(signedIn));
    }

    [Fact]
    public async Task SignIn_RightPassword_OpensPagesAndApi()
    {
        using var client = await Portal.SignInAsync();
        using var page = await client.GetAsync("/settings");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(PortalHost.Email, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var api = await client.GetAsync("/api/v1/no-such-thing");
        Assert.Equal(HttpStatusCode.NotFound, api.StatusCode);
    }

    [Fact]
    public async Task SignIn_MemberWithASecondFactor_IsNotSignedInByThePasswordAlone()
    {
        const string email = "two-factors@acme.example";
        await Portal.AddVendorAsync("two-factors", email);
        await using (var scope = Portal.Services.CreateAsyncScope())
        {
            var members = scope.ServiceProvider.GetRequiredService<UserManager<Member>>();
            var member = (await members.FindByEmailAsync(email))!;
            await members.ResetAuthenticatorKeyAsync(member);
            await members.SetTwoFactorEnabledAsync(member, true);
        }

        using var client = Portal.Client();
        using var answer = await PortalHost.PostSignInAsync(client, email, PortalHost.Password);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode); // the page again
        Assert.Contains("second factor", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var page = await client.GetAsync("/settings");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Fact]
    public async Task SignIn_SetsACookieThatScriptsAndForeignSitesDoNotGet()
    {
        using var client = Portal.Client();
        using var answer = await PostAsync(client, PortalHost.Password);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("portal=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(PortalHost.Email, "not the password")]
    [InlineData("nobody@acme.example", PortalHost.Password)]
    public async Task SignIn_WrongPasswordOrUnknownAccount_SaysTheSame(string email, string password)
    {
        using var client = Portal.Client();
        using var answer = await PostHost(client, email, password);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("That e-mail address and password do not match.", html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{email}\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain(password, html, StringComparison.Ordinal);
        using var page = await client.GetAsync("/settings");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Fact]
    public async Task SignIn_AfterFiveWrongTries_IsLockedUntilTheTimeIsOver()
    {
        const string email = "locked@acme.example";
        await Portal.AddVendorAsync("locked", email);
        using var client = Portal.Client();
        for (var i = 0; i < 5; i++)
            (await PostHost(client, email, "wrong password")).Dispose();
        using (var right = await PostHost(client, email, PortalHost.Password))
            Assert.Equal(HttpStatusCode.OK, right.StatusCode);

        await using var scope = Portal.Services.CreateAsyncScope();
        var members = scope.ServiceProvider.GetRequiredService<UserManager<Member>>();
        var member = (await members.FindByEmailAsync(email))!;
        var left = (await members.GetLockoutEndDateAsync(member))!.Value - DateTimeOffset.UtcNow;
        Assert.InRange(left, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        await members.SetLockoutEndDateAsync(member, DateTimeOffset.UtcNow.AddSeconds(-1));
        using var later = await PostHost(client, email, PortalHost.Password);
        Assert.Equal(HttpStatusCode.Redirect, later.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task SignIn_ForeignReturnUrl_LeadsToTheOverview(string url)
    {
        using var client = Portal.Client();
        using var answer = await PostAsync(client, PortalHost.Password, "/sign-in?ReturnUrl=" + Uri.EscapeDataString(url));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(Portal.BaseAddress.Authority, new Uri(Portal.BaseAddress, answer.Headers.Location!).Authority);
        Assert.Equal("/overview", Path(answer));
    }

    [Fact]
    public async Task SignIn_WithoutFormToken_IsRefused()
    {
        using var client = Portal.Client();
        using var content = new FormUrlEncodedContent([new("_handler", "sign-in"), new("Input.Email", PortalHost.Email), new("Input.Password", PortalHost.Password)]);
        using var answer = await client.PostAsync("/sign-in", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task SignIn_TooOften_IsAnswered429WithRetryAfter()
    {
        await using var portal = await PortalHost.StartAsync("--Portal:Limits:SignInPerMinute=2");
        using var client = portal.Client();
        for (var i = 0; i < 2; i++)
            (await PostHost(client, PortalHost.Email, "wrong password")).Dispose();
        using var answer = await PostHost(client, PortalHost.Email, PortalHost.Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Contains("Too many tries", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_WithFormToken_EndsTheSignIn()
    {
        using var client = await Portal.SignInAsync();
        using (var without = await client.PostAsync("/account/sign-out", new FormUrlEncodedContent([])))
            Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", await PortalHost.FormTokenAsync(client, "/settings"))]);
        using var answer = await client.PostAsync("/account/sign-out", form);
        Assert.Equal("/sign-in", Path(answer));
        using var page = await client.GetAsync("/settings");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Fact]
    public async Task Password_Changed_EndsOtherSignInsAndKeepsThisOne()
    {
        const string email = "changes@acme.example";
        const string changed = "another long password";
        await Portal.AddVendorAsync("changes", email);
        using var client = await Portal.SignInAsync(email);
        Assert.Equal("/settings?password=wrong", await ChangeAsync(client, "not the password", changed));
        Assert.Equal("/settings?password=weak", await ChangeAsync(client, PortalHost.Password, "short"));
        Assert.Equal("/settings?password=changed", await ChangeAsync(client, PortalHost.Password, changed));
        using var page = await client.GetAsync("/settings");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using (var old = await PostHost(Portal.Client(), email, PortalHost.Password))
            Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        (await Portal.SignInAsync(email, changed)).Dispose();
    }

    [Fact]
    public async Task Cookie_AfterThePasswordWasChangedElsewhere_EndsWithinMinutes()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var portal = await PortalHost.StartAsync(null, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var here = await portal.SignInAsync();
        using var elsewhere = await portal.SignInAsync();
        Assert.Equal("/settings?password=changed", await ChangeAsync(here, PortalHost.Password, "another long password"));

        clock.Advance(SessionValidator.Interval + TimeSpan.FromSeconds(1));
        using var stays = await here.GetAsync("/settings");
        Assert.Equal(HttpStatusCode.OK, stays.StatusCode);
        using var ends = await elsewhere.GetAsync("/settings");
        Assert.Equal(HttpStatusCode.Redirect, ends.StatusCode);
    }

    [Fact]
    public async Task SignIn_BehindATlsProxy_SetsASecureCookieAndHsts()
    {
        using var client = Portal.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "portal.example");
        using var page = await client.GetAsync("/sign-in");
        Assert.Contains(page.Headers.GetValues("Set-Cookie"), c => c.StartsWith("portal-form=", StringComparison.Ordinal) && c.Contains("secure", StringComparison.Ordinal));
        Assert.Contains("max-age=31536000", Assert.Single(page.Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);
        using var redirect = await client.GetAsync("/settings");
        Assert.Equal("portal.example", redirect.Headers.Location!.Host);
    }

    [Fact]
    public async Task Circuit_AfterPasswordChangeOrLostMembership_IsNotValidAnyMore()
    {
        const string email = "circuit@acme.example";
        var vendorId = await Portal.AddVendorAsync("circuit", email);
        await using var scope = Portal.Services.CreateAsyncScope();
        var members = scope.ServiceProvider.GetRequiredService<UserManager<Member>>();
        var member = (await members.FindByEmailAsync(email))!;
        var factory = scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<Member>>();
        var before = await factory.CreateAsync(member);
        Assert.Equal(vendorId, before.Vendor().Id);
        Assert.True(await HoldsAsync(before));

        await members.UpdateSecurityStampAsync(member);
        Assert.False(await HoldsAsync(before));
        var after = await factory.CreateAsync(member);
        Assert.True(await HoldsAsync(after));

        await using var rows = Portal.Services.GetRequiredService<VendorPortal.Storage.PortalDbContextFactory>().ForInstallation();
        rows.VendorMembers.Remove((await rows.VendorMembers.FindAsync(vendorId, member.Id))!);
        await rows.SaveChangesAsync();
        Assert.False(await HoldsAsync(after));
        using var client = Portal.Client();
        using var homeless = await PostHost(client, email, PortalHost.Password);
        Assert.Contains("belongs to no vendor", await homeless.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vendor_Switched_ToAForeignOne_IsRefused_ToAnOwn_Works()
    {
        var foreign = await Portal.AddVendorAsync("foreign", "foreign@acme.example");
        var second = await Portal.AddVendorAsync("second", "second@acme.example");
        await using var scope = Portal.Services.CreateAsyncScope();
        var member = (await scope.ServiceProvider.GetRequiredService<UserManager<Member>>().FindByEmailAsync("second@acme.example"))!;
        await using var rows = Portal.Services.GetRequiredService<VendorPortal.Storage.PortalDbContextFactory>().ForInstallation();
        rows.VendorMembers.Add(new VendorMember { VendorId = Portal.VendorId, MemberId = member.Id, Role = MemberRole.Owner, JoinedUtc = DateTime.UtcNow });
        await rows.SaveChangesAsync();

        using var client = await Portal.SignInAsync("second@acme.example");
        Assert.Equal("second", await ShownVendorAsync(client));
        Assert.Equal(HttpStatusCode.Forbidden, await SwitchAsync(client, foreign));
        Assert.Equal("second", await ShownVendorAsync(client));
        Assert.Equal(HttpStatusCode.Redirect, await SwitchAsync(client, Portal.VendorId));
        Assert.Equal(PortalHost.Vendor, await ShownVendorAsync(client));
        Assert.NotEqual(second, Portal.VendorId);
    }

    private static async Task<HttpStatusCode> SwitchAsync(HttpClient client, int vendorId)
    {
        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", await PortalHost.FormTokenAsync(client, "/settings")), new("vendor", FormattableString.Invariant($"{vendorId}"))]);
        using var answer = await client.PostAsync("/account/vendor", form);
        return answer.StatusCode;
    }

    private static async Task<string> ShownVendorAsync(HttpClient client)
    {
        var html = await client.GetStringAsync("/settings");
        var at = html.IndexOf("vendor-name", StringComparison.Ordinal);
        var start = html.IndexOf('>', at) + 1;
        return html[start..html.IndexOf('<', start)];
    }

    private async Task<bool> HoldsAsync(System.Security.Claims.ClaimsPrincipal principal)
    {
        await using var scope = Portal.Services.CreateAsyncScope();
        return await CircuitSession.HoldsAsync(scope.ServiceProvider, principal, CancellationToken.None);
    }

    private static async Task<string> ChangeAsync(HttpClient client, string current, string next)
    {
        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", await PortalHost.FormTokenAsync(client, "/settings")), new("current", current), new("new", next)]);
        using var answer = await client.PostAsync("/account/password", form);
        return Path(answer);
    }

    private static string Path(HttpResponseMessage answer) =>
        new Uri(new Uri("http://portal"), answer.Headers.Location!).PathAndQuery;

    private static Task<HttpResponseMessage> PostHost(HttpClient client, string email, string password) =>
        PortalHost.PostSignInAsync(client, email, password);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string password, string page = "/sign-in") =>
        PortalHost.PostSignInAsync(client, PortalHost.Email, password, page);
}
