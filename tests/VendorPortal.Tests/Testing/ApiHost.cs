using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VendorPortal.Analytics;
using VendorPortal.Api;
using VendorPortal.Exports;
using VendorPortal.Hosting;
using VendorPortal.Reports;
using VendorPortal.Security;
using VendorPortal.Storage;

namespace VendorPortal.Tests.Testing;

/// <summary>The API over a store, with a sign-in that believes what the test says; the real sign-in has tests of its own.</summary>
public sealed class ApiHost : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 5, 17, 23, 30, 0, TimeSpan.Zero);

    private readonly WebApplication app;

    private ApiHost(WebApplication app) => this.app = app;

    public static async Task<ApiHost> StartAsync(TestStore store)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(new ManualTimeProvider(Now));
        var options = new PortalOptions { DataDirectory = store.DataDirectory };
        builder.Services.AddSingleton(options).AddSingleton<SignedTokens>();
        builder.Services.AddPortalStorage(options).AddPortalReports().AddPortalAnalytics().AddPortalApi();
        builder.Services.RemoveAll<PortalDatabase>();
        builder.Services.AddSingleton(store.Database);
        builder.Services.AddAuthentication(TestSignIn.Name).AddScheme<AuthenticationSchemeOptions, TestSignIn>(TestSignIn.Name, null);
        builder.Services.AddAuthorization();
        var built = builder.Build();
        built.UseAuthentication();
        built.UseAuthorization();
        built.MapPortalApi();
        await built.StartAsync();
        return new ApiHost(built);
    }

    public ExportHistory Exports => app.Services.GetRequiredService<ExportHistory>();

    /// <summary>A client that acts for a vendor; null is not signed in.</summary>
    public HttpClient Client(int? vendor = 1, int? member = null)
    {
        var client = app.GetTestClient();
        if (vendor is { } id)
            client.DefaultRequestHeaders.Add(TestSignIn.Header, $"{id}");
        if (member is { } person)
            client.DefaultRequestHeaders.Add(TestSignIn.MemberHeader, $"{person}");
        return client;
    }

    public async Task<JsonElement> GetJsonAsync(string path, int vendor = 1)
    {
        using var client = Client(vendor);
        using var response = await client.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private sealed class TestSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public const string Name = "Test";
        public const string Header = "X-Test-Vendor";
        public const string MemberHeader = "X-Test-Member";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers[Header].ToString() is not { Length: > 0 } vendor)
                return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new Claim(PortalClaims.VendorId, vendor)], Name);
            if (Request.Headers[MemberHeader].ToString() is { Length: > 0 } member)
                identity.AddClaims([new Claim(ClaimTypes.NameIdentifier, member), new Claim(ClaimTypes.Email, $"member{member}@acme.example")]);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name)));
        }
    }
}
