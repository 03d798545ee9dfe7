using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Security;

/// <summary><c>/v2/users/login</c>: what it lets in, what it says to others, and how long it holds.</summary>
public sealed class LoginApiTests(LoginApiTests.PatientPortal fixture) : IClassFixture<LoginApiTests.PatientPortal>
{
    private const string Probe = "/api/publisher/analytics/v1";

    private PortalHost Portal => fixture.Portal;

    [Fact]
    public async Task Login_RightPassword_OpensTheApi()
    {
        var (status, body) = await LogInAsync(PortalHost.Email, PortalHost.Password);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["token"], body.EnumerateObject().Select(p => p.Name));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(Token(body)));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(Token(body)[..^2] + "xx"));
    }

    [Fact]
    public async Task Login_WrongPasswordUnknownMemberAndLockedOne_AreAnsweredAlike()
    {
        const string locked = "locked-script@acme.example";
        await Portal.AddVendorAsync("locked-script", locked);
        var answers = new List<string>();
        for (var i = 0; i < 6; i++)
            answers.Add(Describe(await LogInAsync(locked, "not the password")));
        answers.Add(Describe(await LogInAsync(locked, PortalHost.Password))); // locked by now
        answers.Add(Describe(await LogInAsync("nobody@acme.example", PortalHost.Password)));
        answers.Add(Describe(await LogInAsync(PortalHost.Email, "vp_1_1_nonsense")));

        Assert.StartsWith("Unauthorized", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
        Assert.Contains("Incorrect authentication credentials.", answers[0], StringComparison.Ordinal);

        static string Describe((HttpStatusCode Status, JsonElement Body) answer) =>
            $"{answer.Status} {string.Join(' ', answer.Body.EnumerateObject().Where(p => p.Name != "traceId").Select(p => p.Value.ToString()))}";
    }

    [Fact]
    public async Task Login_PasswordIsChangedAfterwards_EndsTheSession()
    {
        const string email = "changing@acme.example";
        await Portal.AddVendorAsync("changing", email);
        var token = Token((await LogInAsync(email, PortalHost.Password)).Body);
        Assert.Equal(HttpStatusCode.OK, await TryAsync(token));

        await using var scope = Portal.Services.CreateAsyncScope();
        var members = scope.ServiceProvider.GetRequiredService<UserManager<Member>>();
        Assert.True((await members.ChangePasswordAsync((await members.FindByEmailAsync(email))!, PortalHost.Password, "another horse battery")).Succeeded);

        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(token));
    }

    [Fact]
    public async Task Login_ApiTokenAsPassword_HoldsAsLongAsTheToken()
    {
        var tokens = Portal.Services.GetRequiredService<TokenDirectory>();
        await using var scope = Portal.Services.CreateAsyncScope();
        var owner = (await scope.ServiceProvider.GetRequiredService<UserManager<Member>>().FindByEmailAsync(PortalHost.Email))!;
        var own = await tokens.AddAsync(Portal.VendorId, "own", owner.Id, CancellationToken.None);
        var shared = await tokens.AddAsync(Portal.VendorId, "shared", null, CancellationToken.None);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LogInAsync("nobody@acme.example", own.Token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LogInAsync(PortalHost.Email, shared.Token)).Status);
        var session = Token((await LogInAsync(PortalHost.Email, own.Token)).Body);
        Assert.Equal(HttpStatusCode.OK, await TryAsync(session));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(Token((await LogInAsync(PortalHost.Vendor, shared.Token)).Body)));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(own.Token)); // directly, too

        await tokens.RevokeAsync(Portal.VendorId, own.Id, CancellationToken.None);

        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(session));
        Assert.Equal(HttpStatusCode.Unauthorized, (await LogInAsync(PortalHost.Email, own.Token)).Status);
    }

    [Fact]
    public async Task Login_MemberWithASecondFactor_NeedsItsCode()
    {
        const string email = "careful@acme.example";
        await Portal.AddVendorAsync("careful", email);
        await using var scope = Portal.Services.CreateAsyncScope();
        var members = scope.ServiceProvider.GetRequiredService<UserManager<Member>>();
        var member = (await members.FindByEmailAsync(email))!;
        await members.ResetAuthenticatorKeyAsync(member);
        await members.SetTwoFactorEnabledAsync(member, true);
        var key = (await members.GetAuthenticatorKeyAsync(member))!;

        var (status, body) = await LogInAsync(email, PortalHost.Password);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.False(string.IsNullOrEmpty(body.GetProperty("detail").GetString()));
        var second = body.GetProperty("login_2fa_token").GetString()!;
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(second));

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync("/v2/users/2fa-login", new { login_2fa_token = second, code = Wrong(Code(key)) })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync("/v2/users/2fa-login", new { login_2fa_token = second + "x", code = Code(key) })).Status);
        var right = await PostAsync("/v2/users/2fa-login", new { login_2fa_token = second, code = Code(key) });
        Assert.Equal(HttpStatusCode.OK, right.Status);
        Assert.Equal(HttpStatusCode.OK, await TryAsync(Token(right.Body)));

        // Wrong codes count as wrong passwords do.
        for (var i = 0; i < 5; i++)
            await PostAsync("/v2/users/2fa-login", new { login_2fa_token = second, code = Wrong(Code(key)) });
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync("/v2/users/2fa-login", new { login_2fa_token = second, code = Code(key) })).Status);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"username":"a"}""")]
    [InlineData("""{"username":1,"password":2}""")]
    [InlineData("nothing")]
    [InlineData("null")]
    public async Task Login_BodyThatIsNone_Is400AndNamesTheForm(string body)
    {
        using var client = Portal.Client();
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync("/v2/users/login", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("username", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_TooOften_Is429()
    {
        await using var portal = await PortalHost.StartAsync("--Portal:Limits:SignInPerMinute=3");
        using var client = portal.Client();
        for (var i = 0; i < 3; i++)
            (await client.PostAsJsonAsync("/v2/users/login", new { username = "a", password = "b" })).Dispose();
        foreach (var path in new[] { "/v2/users/login", "/v2/users/2fa-login", "/V2/users/login" })
        {
            using var answer = await client.PostAsJsonAsync(path, new { username = PortalHost.Email, password = PortalHost.Password });
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }

    [Fact]
    public async Task SignedToken_TimeIsOver_IsVoid()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        var signed = new SignedTokens(new PortalOptions { DataDirectory = Portal.Folder }, clock);
        var text = signed.Create("a purpose", new Dictionary<string, string> { ["x"] = "1" }, TimeSpan.FromMinutes(5));
        Assert.Equal("1", (await signed.ReadAsync("a purpose", text))!["x"]);
        Assert.Null(await signed.ReadAsync("another", text));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await signed.ReadAsync("a purpose", text));
    }

    /// <summary>Takes more logins a minute than these tests make.</summary>
    public sealed class PatientPortal : IAsyncLifetime
    {
        public PortalHost Portal { get; private set; } = null!;

        public async Task InitializeAsync() => Portal = await PortalHost.StartAsync("--Portal:Limits:SignInPerMinute=1000");

        public async Task DisposeAsync() => await Portal.DisposeAsync();
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> LogInAsync(string username, string password) => PostAsync("/v2/users/login", new { username, password });

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object body)
    {
        using var client = Portal.Client();
        using var answer = await client.PostAsJsonAsync(path, body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<HttpStatusCode> TryAsync(string token)
    {
        using var client = Portal.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync(Probe);
        return answer.StatusCode;
    }

    private static string Token(JsonElement body) => body.GetProperty("token").GetString()!;

    private static string Wrong(string code) => code[0] == '0' ? "1" + code[1..] : "0" + code[1..];

    // RFC 6238, as an authenticator app does it.
    private static string Code(string base32)
    {
        var bits = string.Concat(base32.TrimEnd('=').Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var counter = BitConverter.GetBytes(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30).Reverse().ToArray();
#pragma warning disable CA5350 // what authenticator apps use
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var at = hash[^1] & 15;
        var number = (((hash[at] & 0x7f) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3]) % 1_000_000;
        return number.ToString("000000", CultureInfo.InvariantCulture);
    }
}
