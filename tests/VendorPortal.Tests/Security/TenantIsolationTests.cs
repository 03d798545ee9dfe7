using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Api;
using VendorPortal.Enrichment;
using VendorPortal.Feeds;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Security;

/// <summary>
/// Two vendors in one portal. Whatever route there is (they are taken from the running portal, so a new one is tried too), with the
/// cookie or the token of one vendor and any id or name of the other: nothing of the other is shown.
/// </summary>
public sealed class TenantIsolationTests : IAsyncLifetime
{
    private const string Base = "/api/v1/artifact-pulls";

    private static readonly string[] Markers =
        ["Theircustomer", "theiruser", "their.name", "theirs@mail.example", "198.51.100.99", "theirs/box", "9.9.9-theirs", "Theirtool", "Theirfeed", "Theirtoken", "theirs-slug"];

    private readonly TestStore store = new();
    private PortalHost portal = null!;
    private int theirs;
    private LoggedPull ownPull = null!;
    private LoggedPull theirPull = null!;
    private CreatedFeed theirFeed = null!;
    private NewToken theirToken = null!;

    public async Task InitializeAsync()
    {
        portal = await PortalHost.StartAsync(store.DataDirectory, withOwner: true, configure: null, "--Portal:Limits:ApiBurst=100000");
        theirs = await portal.AddVendorAsync("theirs-slug", "owner@rival.example");
        var log = new LogBuilder(store);
        var client = ("Theirtool/1", "Theirtool", "1");
        ownPull = log.Add(new LoggedPull { Vendor = portal.VendorId, Customer = "Ourcustomer", User = "ouruser", Address = "203.0.113.7", Artifact = "ours/app", Version = "1.0" });
        theirPull = log.Add(new LoggedPull { Vendor = theirs, Customer = "Theircustomer", User = "theiruser", Address = "198.51.100.99", Artifact = "theirs/box", Version = "9.9.9-theirs", Client = client, At = ownPull.At.AddMinutes(1) });
        log.Add(theirPull with { At = theirPull.At.AddMinutes(1), Id = 0 });
        log.Describe(theirs, "theiruser", "their.name", "theirs@mail.example");
        var feeds = portal.Services.GetRequiredService<FeedDirectory>();
        var tokens = portal.Services.GetRequiredService<TokenDirectory>();
        await feeds.AddAsync(portal.VendorId, "Ourfeed", FeedKind.Ndjson, null, CancellationToken.None);
        await feeds.AddAsync(theirs, "Theirfeed", FeedKind.Ndjson, null, CancellationToken.None);
        theirFeed = await feeds.AddAsync(theirs, "Theirfeed", FeedKind.Ndjson, null, CancellationToken.None);
        await tokens.AddAsync(theirs, "Theirtoken", null, CancellationToken.None);
        theirToken = await tokens.AddAsync(theirs, "Theirtoken", null, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await portal.DisposeAsync();
        store.Dispose();
    }

    [Fact]
    public async Task OtherVendorsRows_ByAnyRoute_AreNeverReadable()
    {
        using var cookie = await portal.SignInAsync();
        using var token = await portal.ApiClientAsync();
        using var rival = await portal.SignInAsync("owner@rival.example");
        var (seenOfOurs, seenOfTheirs) = ("", "");
        var paths = Paths().ToList();
        Assert.True(paths.Count > 40, $"Only {paths.Count} paths were found.");
        foreach (var path in paths)
        {
            foreach (var client in new[] { cookie, token })
            {
                using var answer = await client.GetAsync(path);
                var body = await answer.Content.ReadAsStringAsync();
                Assert.True((int)answer.StatusCode < 500, $"{path}: {answer.StatusCode}");
                Assert.True(Array.Find(Markers, m => body.Contains(m, StringComparison.OrdinalIgnoreCase)) is null, $"{path} shows {Array.Find(Markers, m => body.Contains(m, StringComparison.OrdinalIgnoreCase))}");
                seenOfOurs += body;
            }

            seenOfTheirs += await (await rival.GetAsync(path)).Content.ReadAsStringAsync();
        }

        // The same routes do show them to those they belong to: the test looks at the right places.
        Assert.All(["Ourcustomer", "ouruser", "203.0.113.7", "ours/app", "Ourfeed"], text => Assert.Contains(text, seenOfOurs, StringComparison.Ordinal));
        Assert.All(Markers.Except(["Theirtool"]), text => Assert.Contains(text, seenOfTheirs, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("Ourcustomer", seenOfTheirs, StringComparison.Ordinal);
    }

    // Here a name of theirs is asked for, so it alone may come back as what was asked.
    [Fact]
    public async Task OtherVendorsNames_AsFilters_FindNothing()
    {
        using var cookie = await portal.SignInAsync();
        using var token = await portal.ApiClientAsync();
        (string Parameter, string Value)[] filters =
            [("customer", "Theircustomer"), ("user", "theiruser"), ("address", "198.51.100.99"), ("artifact", "theirs/box"), ("version", "9.9.9-theirs"), ("search", "their")];
        foreach (var (parameter, value) in filters)
        {
            foreach (var path in new[] { Base, $"{Base}/count", $"{Base}/filter-options", $"{Base}/filter-options/versions", $"{Base}/export", $"{Base}/export?format=ndjson&columns=all", "/downloads", "/customers", "/overview", "/artifacts", "/api/v1/publisher-analytics/download-breakdown" })
            {
                var url = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}={Uri.EscapeDataString(value)}&publishers=include";
                foreach (var client in new[] { cookie, token })
                {
                    var body = await (await client.GetAsync(url)).Content.ReadAsStringAsync();
                    Assert.DoesNotContain(Markers.Where(m => !m.Contains(value, StringComparison.OrdinalIgnoreCase) && !value.Contains(m, StringComparison.OrdinalIgnoreCase) && value != "their"), m => body.Contains(m, StringComparison.OrdinalIgnoreCase));
                }
            }

            if (parameter != "search")
                Assert.Contains("\"count\":0", await token.GetStringAsync($"{Base}/count?{parameter}={Uri.EscapeDataString(value)}&publishers=include"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OtherVendorsIdsAndCursors_AreNotFound()
    {
        using var rival = portal.Client();
        rival.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", theirToken.Token);
        var page = await rival.GetStringAsync($"{Base}?limit=1");
        using var cookie = await portal.SignInAsync();
        using var token = await portal.ApiClientAsync();

        foreach (var client in new[] { cookie, token })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{Base}/{theirPull.Id}")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"{Base}/{ownPull.Id}")).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"{Base}?cursor={PullCursor.Format(theirs, theirPull.Id)}")).StatusCode);
        }

        Assert.Contains("nextCursor\":\"", page, StringComparison.Ordinal);
        var tokens = portal.Services.GetRequiredService<TokenDirectory>();
        Assert.False(await tokens.RevokeAsync(portal.VendorId, theirToken.Id, CancellationToken.None));
        Assert.Equal(HttpStatusCode.OK, (await rival.GetAsync(Base)).StatusCode);
    }

    [Fact]
    public async Task OtherVendorsFeed_WithTheOwnCookieOrToken_IsRefused()
    {
        using var cookie = await portal.SignInAsync();
        using var token = await portal.ApiClientAsync();
        foreach (var client in new[] { cookie, token })
        {
            using var content = new StringContent("{}");
            using var answer = await client.PostAsync($"/ingest/{theirFeed.Id}", content);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task SwitchToAnotherVendor_WhoseMemberOneIsNot_IsRefused()
    {
        using var cookie = await portal.SignInAsync();
        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("__RequestVerificationToken", await PortalHost.FormTokenAsync(cookie, "/settings")),
            KeyValuePair.Create("vendor", theirs.ToString(CultureInfo.InvariantCulture)),
        ]);

        using var answer = await cookie.PostAsync("/account/vendor", form);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("ours/app", await cookie.GetStringAsync(Base), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherVendorsCustomersAndUsers_ThroughTheDirectory_AreOutOfReach()
    {
        var customers = portal.Services.GetRequiredService<CustomerDirectory>();
        for (var id = 1; id <= 3; id++)
        {
            var theirId = id;
            await Record.ExceptionAsync(() => customers.RenameCustomerAsync(portal.VendorId, theirId, $"Renamed {theirId}", CancellationToken.None));
            await Record.ExceptionAsync(() => customers.RemoveCustomerAsync(portal.VendorId, theirId, CancellationToken.None));
        }

        using var rival = portal.Client();
        rival.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", theirToken.Token);
        Assert.Contains("Theircustomer", await rival.GetStringAsync(Base), StringComparison.Ordinal);
    }

    // Every GET route with each of their ids in each of its parameters, and with the queries that pages understand.
    private IEnumerable<string> Paths()
    {
        string[] ids = [$"{theirPull.Id}", $"{theirPull.Id + 256}", "1", "2", "3", theirFeed.Id, $"{theirs}", PullCursor.Format(theirs, theirPull.Id), $"{theirToken.Id}"];
        string[] queries = ["", $"?vendor={theirs}", $"?pull={theirPull.Id}", $"?id={theirPull.Id}", $"?cursor={PullCursor.Format(theirs, theirPull.Id)}", $"?customerId=2&user=-&publishers=include", "?publishers=include&limit=1000"];
        var routes = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") != false)
            .Select(e => e.RoutePattern)
            .Where(p => p.RawText is { } text && !text.Contains("_blazor", StringComparison.Ordinal) && !text.Contains("_framework", StringComparison.Ordinal))
            .DistinctBy(p => p.RawText, StringComparer.OrdinalIgnoreCase)
            .ToList();
        foreach (var route in routes)
        {
            foreach (var path in route.Parameters.Count == 0 ? [Fill(route, "")] : ids.Select(id => Fill(route, id)))
            {
                foreach (var query in queries)
                    yield return path + query;
            }
        }
    }

    private static string Fill(RoutePattern route, string value) =>
        "/" + string.Join('/', route.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            _ => Uri.EscapeDataString(value),
        }))));
}
