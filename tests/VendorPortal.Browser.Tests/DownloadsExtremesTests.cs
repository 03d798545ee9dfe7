using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using VendorPortal.Browser.Tests.Browser;
using VendorPortal.Browser.Tests.Portal;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Browser.Tests;

/// <summary>The Downloads page where its content is least convenient: nothing yet, one row, the longest names, names from right to left, a store that fails.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DownloadsExtremesTests(Chromium chromium)
{
    private const string Hebrew = "חברה לדוגמה בע״מ/שרה.כהן";

    [Fact]
    public async Task Page_FromTheFirstRequestToAFailingStore_LooksWell()
    {
        using var folder = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(folder["data"]);
        var feed = await PortalProcess.CommandAsync(folder["data"], "feed", "add", "--name", "script", "--kind", "ndjson");
        string session;
        await using (var first = await chromium.OpenAsync(portal.Address))
        {
            await first.SignInAsync();
            session = await first.SessionAsync();
        }

        await using var page = await chromium.OpenAsync(portal.Address, forTools: true, session);
        var downloads = new DownloadsView(page);
        await page.OpenAsync("/downloads");
        await page.Page.Locator(".first .waiting").WaitForAsync();
        await page.EveryLookAsync("first-run");

        await PostAsync(portal, feed, Line(1, "acme/backend", "1.4.2", "ci-deploy", "docker/28.5.2"));
        await downloads.HasRowsAsync(1); // by itself
        await Assertions.Expect(page.Page.Locator(".more [role=status]")).ToHaveTextAsync("1 pull");
        await page.EveryLookAsync("one-row");

        var @long = "acme/" + string.Concat(Enumerable.Repeat("a-very-long-artifact-name-", 8))[..195];
        await PostAsync(portal, feed,
            Line(2, @long, new string('v', 100) + "-1.0.0", string.Concat(Enumerable.Repeat("robot-account-", 15))[..200], string.Concat(Enumerable.Repeat("client-of-many-words ", 10))),
            Line(3, "acme/תוכנה-לדוגמה", "1.0", Hebrew, "docker/28.5.2"),
            Line(4, "acme/برنامج", "2.0", "مستخدم-النشر", "containerd/v2.1.4"));
        await Assertions.Expect(page.Page.Locator(".pill")).ToHaveTextAsync("3 new pulls", new LocatorAssertionsToHaveTextOptions { Timeout = 15_000 });
        await page.EveryLookAsync("newer");
        await page.Page.Locator(".pill").ClickAsync();
        await downloads.HasRowsAsync(4);
        await page.EveryLookAsync("long-names");

        await page.OpenAsync($"/downloads?artifact={Uri.EscapeDataString(@long)}&user={Uri.EscapeDataString(Hebrew)}");
        await page.Page.Locator(".empty-state").WaitForAsync();
        await page.EveryLookAsync("long-names-empty");

        await page.OpenAsync($"/downloads?artifact={Uri.EscapeDataString(@long)}");
        await downloads.HasRowsAsync(1);
        await downloads.Rows.First.Locator(".row-open").ClickAsync();
        await downloads.RequestsAsync();
        await page.EveryLookAsync("long-names-detail");
        page.AssertNoErrors();

        await page.OpenAsync("/downloads?kind=version_check");
        await page.Page.Locator(".empty-state").WaitForAsync();
        Rename(folder["data"], "Pulls", "PullsAway");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Clear filters" }).ClickAsync();
        await page.Page.Locator(".failure").WaitForAsync();
        await page.EveryLookAsync("error");
        Rename(folder["data"], "PullsAway", "Pulls");
        await page.Page.Locator(".failure").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Retry" }).ClickAsync();
        await downloads.HasRowsAsync(4);
        await Assertions.Expect(page.Page.Locator(".failure")).ToHaveCountAsync(0);
    }

    // Half a minute apart and some time ago: each is a pull of its own, and certain at once.
    private static string Line(int number, string repository, string tag, string user, string agent) => JsonSerializer.Serialize(new
    {
        id = number.ToString(CultureInfo.InvariantCulture),
        at = DateTime.UtcNow.AddMinutes(-10).AddSeconds(30 * number).ToString("O", CultureInfo.InvariantCulture),
        method = "GET",
        repository,
        tag,
        digest = "sha256:" + number.ToString("x8", CultureInfo.InvariantCulture).PadLeft(64, 'a'),
        address = "2001:db8:1111:2222:3333:4444:5555:6666",
        user,
        userAgent = agent,
    });

    private static async Task PostAsync(PortalProcess portal, JsonElement feed, params string[] lines)
    {
        using var http = new HttpClient { BaseAddress = portal.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", feed.GetProperty("secret").GetString());
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var answer = await http.PostAsync(new Uri($"/ingest/{feed.GetProperty("id").GetString()}", UriKind.Relative), content);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(lines.Length, document.RootElement.GetProperty("accepted").GetInt32());
    }

    private static void Rename(string data, string from, string to)
    {
        Assert.NotEmpty(SqliteNativeLibrary.Description); // it leads to the library
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "portal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"ALTER TABLE {from} RENAME TO {to}";
        command.ExecuteNonQuery();
    }
}
