using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Security;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Api;

/// <summary>The API in the whole portal: real tokens, real cookies, two vendors with the same ids in every dimension.</summary>
public sealed class ApiFrontDoorTests : IAsyncLifetime
{
    private const string Base = "/api/v1/artifact-pulls";

    private readonly TestStore store = new();
    private PortalHost portal = null!;
    private int other;
    private LoggedPull own = null!;
    private LoggedPull foreign = null!;

    public async Task InitializeAsync()
    {
        portal = await PortalHost.StartAsync(store.DataDirectory, withOwner: true, configure: null);
        other = await portal.AddVendorAsync("rival", "owner@rival.example");
        var log = new LogBuilder(store);
        own = log.Add(new LoggedPull { Vendor = portal.VendorId, Customer = "Globex", User = "alice", Address = "203.0.113.7", Artifact = "acme/app" });
        foreign = log.Add(new LoggedPull { Vendor = other, Customer = "Hooli", User = "gavin", Address = "198.51.100.99", Artifact = "rival/box", At = own.At.AddSeconds(1) });
    }

    public async Task DisposeAsync()
    {
        await portal.DisposeAsync();
        store.Dispose();
    }

    [Fact]
    public async Task EveryRoute_WithoutSignIn_Is401WithAProblem()
    {
        using var client = portal.Client();
        foreach (var path in Paths().Append("/openapi/v1.json").Append("/api/v1/nothing"))
        {
            using var response = await client.GetAsync(path);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{path}: {response.StatusCode}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task EveryRoute_OfEitherVendorByTokenOrCookie_ShowsItsOwnRowsOnly()
    {
        using var token = await portal.ApiClientAsync();
        using var cookie = await portal.SignInAsync();
        using var rival = portal.Client();
        var secret = await portal.Services.GetRequiredService<TokenDirectory>().AddAsync(other, "rival", null, CancellationToken.None);
        rival.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret.Token);
        foreach (var path in Paths())
        {
            foreach (var client in new[] { token, cookie })
            {
                var body = await (await client.GetAsync(path)).Content.ReadAsStringAsync();
                Assert.DoesNotContain(["Hooli", "gavin", "198.51.100.99", "rival/box"], text => body.Contains(text, StringComparison.Ordinal));
            }

            var theirs = await (await rival.GetAsync(path)).Content.ReadAsStringAsync();
            Assert.DoesNotContain(["Globex", "alice", "203.0.113.7", "acme/app"], text => theirs.Contains(text, StringComparison.Ordinal));
        }

        Assert.Contains("Globex", await cookie.GetStringAsync($"{Base}/export"), StringComparison.Ordinal);
        Assert.Contains("Globex", await token.GetStringAsync($"{Base}/{own.Id}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await token.GetAsync($"{Base}/{foreign.Id}")).StatusCode);
        Assert.Equal(1, JsonDocument.Parse(await rival.GetStringAsync($"{Base}/count")).RootElement.GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task Document_HoldsRoutesForProgramsOnly()
    {
        using var client = await portal.ApiClientAsync();
        var paths = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json")).RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains(Base, paths);
        Assert.Contains("/ingest/{feedId}", paths);
        Assert.All(paths, path => Assert.Matches("^/(api|ingest|v2)/", path));
    }

    private string[] Paths() =>
    [
        Base, $"{Base}/count", $"{Base}/filter-options", $"{Base}/filter-options/versions?artifact=acme/app&artifact=rival/box", $"{Base}/export", $"{Base}/export?format=ndjson",
        $"{Base}?publishers=include", $"{Base}?customer=-&customer=none", $"{Base}/{own.Id + 1}",
    ];
}
