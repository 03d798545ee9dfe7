using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Analytics;

/// <summary>The year that has a week 53, through the whole portal: which week, month and year each moment at the edges belongs to.</summary>
public sealed class YearEndTests : IAsyncLifetime
{
    private const string Api = "/api/publisher/analytics/v1/namespaces/acme/pulls";

    // 28 December 2026 is the Monday of week 53, 3 January 2027 its Sunday.
    private static readonly string[] Moments = ["2026-12-27T23:59:59.999Z", "2026-12-28T00:00:00.000Z", "2027-01-03T23:59:59.999Z", "2027-01-04T00:00:00.000Z"];

    private readonly TestStore store = new();
    private PortalHost portal = null!;

    public async Task InitializeAsync()
    {
        var clock = new ShiftedTimeProvider(new DateTimeOffset(2027, 2, 3, 12, 0, 0, TimeSpan.Zero));
        portal = await PortalHost.StartAsync(store.DataDirectory, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var feed = await FeedClient.AddAsync(portal, FeedKind.Ndjson);
        var lines = Moments.Select((at, i) => JsonSerializer.Serialize(new { at, method = "GET", repository = "acme/app", tag = "1.0", digest = GoldenWeek.A, status = 200, address = $"203.0.113.{i}", userAgent = "curl/8.4.0" }));
        var answer = await feed.PostAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)), "application/x-ndjson");
        Assert.Equal((HttpStatusCode.OK, Moments.Length), (answer.Status, answer.Accepted));
        await PortalHost.WaitAsync(IsDoneAsync, TimeSpan.FromSeconds(60));
    }

    public async Task DisposeAsync()
    {
        await portal.DisposeAsync();
        store.Dispose();
    }

    [Fact]
    public async Task Periods_AtTheEndOfTheYear_HoldTheMomentsOfTheirOwnAndNoOthers()
    {
        using var client = await portal.ApiClientAsync();

        Assert.Equal("""{"years":[{"year":2026},{"year":2027}]}""", await client.GetStringAsync($"{Api}/exports/years"));
        Assert.Equal("""{"weeks":[{"week":52},{"week":53}]}""", await client.GetStringAsync($"{Api}/exports/years/2026/weeks"));
        Assert.Equal("""{"months":[{"month":12}]}""", await client.GetStringAsync($"{Api}/exports/years/2026/months"));
        Assert.Equal("""{"weeks":[{"week":1}]}""", await client.GetStringAsync($"{Api}/exports/years/2027/weeks"));
        Assert.Equal("""{"months":[{"month":1}]}""", await client.GetStringAsync($"{Api}/exports/years/2027/months"));
        using var none = await client.GetAsync($"{Api}/exports/years/2027/weeks/53");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);

        Assert.Equal(["2026-12-27 23:59:59"], await RawAsync(client, "2026/weeks/52"));
        Assert.Equal(["2026-12-28 00:00:00", "2027-01-03 23:59:59"], await RawAsync(client, "2026/weeks/53"));
        Assert.Equal(["2027-01-04 00:00:00"], await RawAsync(client, "2027/weeks/1"));
        Assert.Equal(["2026-12-27 23:59:59", "2026-12-28 00:00:00"], await RawAsync(client, "2026/months/12"));
        Assert.Equal(["2027-01-03 23:59:59", "2027-01-04 00:00:00"], await RawAsync(client, "2027/months/1"));
        foreach (var (period, pulls) in new[] { ("2026/weeks/53", "2"), ("2026/months/12", "2"), ("2027/months/1", "2"), ("2027/weeks/1", "1") })
            Assert.Equal(["acme", pulls, pulls, "0", "0", "acme"], CsvText.Parse(await FileAsync(client, period, "namespace-summary"))[1]);
    }

    [Fact]
    public async Task Series_AtTheEndOfTheYear_IsCutWhereTheFilesAre()
    {
        using var client = await portal.ApiClientAsync();

        Assert.Equal("2026-12-21 2026-12-27 1; 2026-12-28 2027-01-03 2; 2027-01-04 2027-01-10 1", await SeriesAsync(client, "weeks"));
        Assert.Equal("2026-12-01 2026-12-31 2; 2027-01-01 2027-01-31 2", await SeriesAsync(client, "months"));
    }

    private static async Task<string> SeriesAsync(HttpClient client, string timespan)
    {
        using var answer = JsonDocument.Parse(await client.GetStringAsync($"{Api}?group=namespace&timespan={timespan}"));
        return string.Join("; ", answer.RootElement.GetProperty("pulls").EnumerateArray().Select(p =>
            $"{p.GetProperty("start").GetString()![..10]} {p.GetProperty("end").GetString()![..10]} {p.GetProperty("pullCount").GetInt64()}"));
    }

    private static async Task<IEnumerable<string>> RawAsync(HttpClient client, string period)
    {
        var rows = CsvText.Parse(await FileAsync(client, period, "raw"));
        Assert.Equal("timestamp", rows[0][0]);
        return rows.Skip(1).Select(row => row[0]);
    }

    private static Task<string> FileAsync(HttpClient client, string period, string view) => client.GetStringAsync($"{Api}/exports/years/{period}/{view}/files/1");

    private async Task<bool> IsDoneAsync()
    {
        await using var context = portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(portal.VendorId);
        return !await context.RegistryRequests.AnyAsync(r => r.PullId == null);
    }
}
