using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using VendorPortal.Browser.Tests.Browser;

namespace VendorPortal.Browser.Tests.Portal;

/// <summary>A portal with an owner and sample data, shared by the tests that look at its pages and change nothing.</summary>
public sealed class SamplePortal : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private PortalProcess? process;
    private string? session;

    public Uri Address => process!.Address;

    /// <summary>The cookies of an owner who has signed in, once for all tests.</summary>
    public async Task<string> SessionAsync(Chromium chromium)
    {
        if (session is not null)
            return session;
        await using var page = await chromium.OpenAsync(Address);
        await page.SignInAsync();
        return session = await page.SessionAsync();
    }

    public async Task InitializeAsync()
    {
        var data = folder["data"];
        process = await PortalProcess.StartAsync(data);
        var feed = await PortalProcess.CommandAsync(data, "feed", "add", "--name", "Registry Frankfurt", "--kind", "ndjson");
        await PostAsync(feed);
    }

    public async Task DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>120 pulls of the last days: all kinds but denied, several users, addresses, versions and clients, one unknown user.</summary>
    private async Task PostAsync(JsonElement feed)
    {
        using var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", feed.GetProperty("secret").GetString());
        var now = DateTime.UtcNow;
        var lines = Enumerable.Range(0, 120).Select(i => JsonSerializer.Serialize(new
        {
            at = now.AddMinutes(-61 * (i + 1)).ToString("O", CultureInfo.InvariantCulture),
            method = i % 5 == 0 ? "HEAD" : "GET",
            repository = i % 3 == 0 ? "acme/agent" : "acme/backend",
            tag = i % 7 == 0 ? null : $"1.{i % 4}.{i % 3}",
            digest = "sha256:" + (i % 9).ToString("x64", CultureInfo.InvariantCulture),
            address = $"203.0.113.{i % 11}",
            user = i % 10 == 9 ? null : $"{(i % 2 == 0 ? "initech" : "globex")}-ci",
            userAgent = i % 2 == 0 ? "containerd/1.7.24" : "skopeo/1.18.0",
        }));
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var answer = await http.PostAsync(new Uri($"/ingest/{feed.GetProperty("id").GetString()}", UriKind.Relative), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
