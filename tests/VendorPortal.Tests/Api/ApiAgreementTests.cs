using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Api;

/// <summary>For any filter: items of the API = its count = rows of CSV and NDJSON = a scan of the log, for each vendor's own rows only.</summary>
public sealed class ApiAgreementTests
{
    private const string Base = "/api/v1/artifact-pulls";

    [Fact]
    public void EveryRoute_RandomLogsAndFilters_AgreesWithABruteForceScan()
    {
        var cases = from log in RandomLogs.Pull.ListOf(100)
                    from filters in RandomLogs.Filter.ListOf(4)
                    from limit in Gen.Choose(1, 40)
                    select (log, filters, limit);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(12), Prop.ForAll(cases.ToArbitrary(), given => RunAsync([.. given.log], [.. given.filters], given.limit).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task EveryRoute_WhilePullsAreWritten_AgreesOnTheRangeThatIsClosed()
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        log.Add(Enumerable.Range(0, 400).Select(i => new LoggedPull { At = RandomLogs.Start.AddMinutes(i) }));
        await using var host = await ApiHost.StartAsync(store);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                log.Add(new LoggedPull { At = RandomLogs.Start.AddDays(1).AddSeconds(i) });
        });
        try
        {
            var closed = new PullFilter { ToUtc = RandomLogs.Start.AddDays(1) };
            var expected = log.Pulls.Take(400).Select(pull => $"{pull.Id}").Reverse().ToList();
            for (var round = 0; round < 5; round++)
            {
                var query = PullFilterUrl.Format(closed, TimeZoneInfo.Utc);
                Assert.Equal(expected, (await PageThroughAsync(host, 1, query, 37)).Select(item => item.GetProperty("id").GetString()));
                Assert.Equal(400, (await host.GetJsonAsync($"{Base}/count?{query}")).GetProperty("count").GetInt64());
                Assert.Equal(401, CsvText.Parse(await GetTextAsync(host, 1, $"{Base}/export?{query}")).Count);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }

    private static async Task RunAsync(LoggedPull[] pulls, PullFilter[] filters, int limit)
    {
        using var store = new TestStore();
        var log = new LogBuilder(store);
        log.Add(pulls);
        await using var host = await ApiHost.StartAsync(store);
        foreach (var filter in filters.Append(PullFilter.Everything))
        {
            for (var vendor = 1; vendor <= RandomLogs.Vendors; vendor++)
                await AssertAgreement(host, log, vendor, filter, limit);
        }
    }

    private static async Task AssertAgreement(ApiHost host, LogBuilder log, int vendor, PullFilter filter, int limit)
    {
        var expected = RandomLogs.Scan(log.Pulls, vendor, filter);
        var query = PullFilterUrl.Format(filter, TimeZoneInfo.Utc);
        var items = await PageThroughAsync(host, vendor, query, limit);
        Assert.Equal(expected.Select(Row), items.Select(Row));

        var lines = (await GetTextAsync(host, vendor, $"{Base}/export?format=ndjson&{query}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(items.Select(item => item.GetRawText()), lines);

        var csv = CsvText.Parse(await GetTextAsync(host, vendor, $"{Base}/export?raw=true&columns=all&{query}"));
        Assert.Equal(expected.Select(Row), csv.Skip(1).Select(Row));

        var count = await host.GetJsonAsync($"{Base}/count?{query}", vendor);
        Assert.Equal(expected.Count, count.GetProperty("count").GetInt64());
        Assert.Equal(expected.Count, count.GetProperty("byKind").EnumerateObject().Sum(kind => kind.Value.GetInt64()));

        var options = await host.GetJsonAsync($"{Base}/filter-options?limit=1000&{query}", vendor);
        foreach (var dimension in options.EnumerateObject().Where(dimension => !query.Contains($"{dimension.Name}=", StringComparison.Ordinal)))
            Assert.Equal(expected.Count, dimension.Value.GetProperty("options").EnumerateArray().Sum(option => option.GetProperty("count").GetInt64()));
    }

    private static string Row(LoggedPull pull) => string.Join('|', pull.Id, pull.At.ToString("O"), pull.Customer, pull.User, pull.Address, pull.Artifact, pull.Version, RandomLogs.WireName(pull.Kind), pull.Requests);

    private static string Row(JsonElement item) => string.Join(
        '|', item.GetProperty("id").GetString(), item.GetProperty("at").GetDateTime().ToUniversalTime().ToString("O"), item.GetProperty("customer").GetString(), item.GetProperty("user").GetString(),
        item.GetProperty("address").GetString(), item.GetProperty("artifact").GetString(), item.GetProperty("version").GetString(), item.GetProperty("kind").GetString(), item.GetProperty("requests").GetInt32());

    private static string Row(IReadOnlyList<string> cells) => string.Join(
        '|', cells[7], DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture).UtcDateTime.ToString("O"), cells[1], cells[2], cells[4], cells[5], cells[6], cells[8], cells[16]);

    private static async Task<List<JsonElement>> PageThroughAsync(ApiHost host, int vendor, string query, int limit)
    {
        var items = new List<JsonElement>();
        var cursor = "";
        do
        {
            var page = await host.GetJsonAsync($"{Base}?limit={limit}{cursor}&{query}", vendor);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);
        return items;
    }

    private static async Task<string> GetTextAsync(ApiHost host, int vendor, string path)
    {
        using var client = host.Client(vendor);
        return await client.GetStringAsync(path);
    }
}
