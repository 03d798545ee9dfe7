using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Enrichment;
using VendorPortal.Exports;
using VendorPortal.Security;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Usage;

/// <summary>The intake, the figures and the lists of members over real HTTP.</summary>
public sealed class UsageIntakeTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    private const string Path = "/api/v1/usage-events";

    private PortalHost Portal => fixture.Portal;

    [Fact]
    public async Task Post_TwiceAndInPart_StoresEachEventOnce()
    {
        using var client = await ClientAsync();
        var first = await SendAsync(client, Lines(Line("twice-1"), Line("twice-2")));
        Assert.Equal((2, 0), (first.GetProperty("accepted").GetInt32(), first.GetProperty("duplicates").GetInt32()));

        var again = await SendAsync(client, Lines(Line("twice-2"), "{\"id\":\"twice-3\"}", Line("twice-3"), "no json"));

        Assert.Equal((1, 1), (again.GetProperty("accepted").GetInt32(), again.GetProperty("duplicates").GetInt32()));
        Assert.Equal([(1, "at "), (3, "the line is not JSON")], again.GetProperty("rejected").EnumerateArray().Select(r => (r.GetProperty("index").GetInt32(), r.GetProperty("reason").GetString()![..Math.Min(r.GetProperty("index").GetInt32() == 1 ? 3 : 20, r.GetProperty("reason").GetString()!.Length)])));
        await using var rows = Portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(Portal.VendorId);
        Assert.Equal(3, await rows.UsageEvents.CountAsync(e => rows.ProductUsers.Any(p => p.Id == e.UserId && p.UserKey == "twice")));
    }

    [Fact]
    public async Task Post_SameIdWithAnotherPersonOrDay_IsARepeat()
    {
        using var client = await ClientAsync();
        await SendAsync(client, Line("same-id"));
        var answer = await SendAsync(client, Line("same-id", user: "another", minutesAgo: 3000));

        Assert.Equal((0, 1), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("duplicates").GetInt32()));
        await using var rows = Portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(Portal.VendorId);
        Assert.False(await rows.ProductUsers.AnyAsync(p => p.UserKey == "another"));
    }

    [Fact]
    public async Task Post_WordOfLongAgo_HoldsWhereAnEventIsTooOld()
    {
        const int HalfAYear = 183 * 24 * 60;
        using var client = await ClientAsync();

        var answer = await SendAsync(client, Lines(Line("longago-1", minutesAgo: HalfAYear), Line("longago-2", kind: "analytics_opt_out", minutesAgo: HalfAYear), Line("longago-3")));

        Assert.Equal((1, 1, 1), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("ignored").GetInt32(), answer.GetProperty("rejected").GetArrayLength()));
    }

    // A clock that is ahead: the time of the word is that of its receipt, each time another.
    [Fact]
    public async Task Post_OptOutRepeatedAfterComingBack_IsARepeat()
    {
        using var client = await ClientAsync();
        var optOut = Line("word-1", kind: "analytics_opt_out", minutesAgo: -15);
        await SendAsync(client, optOut);
        await SendAsync(client, Line("word-2", kind: "analytics_opt_in", minutesAgo: -15));

        var again = await SendAsync(client, optOut);

        Assert.Equal((0, 1), (again.GetProperty("accepted").GetInt32(), again.GetProperty("duplicates").GetInt32()));
        await using var rows = Portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(Portal.VendorId);
        Assert.False((await rows.ProductUsers.SingleAsync(p => p.UserKey == "word")).IsOptedOut);
    }

    [Fact]
    public async Task Post_ArrayPackedOrNot_IsReadAlike()
    {
        using var client = await ClientAsync();
        var array = $"  [ {Line("array-1")},\n {Line("array-2")}, 7 ]";
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(array));
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");

        using var answer = await client.PostAsync(Path, content);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(2, body.GetProperty("accepted").GetInt32());
        Assert.Equal(2, Assert.Single(body.GetProperty("rejected").EnumerateArray()).GetProperty("index").GetInt32());
        Assert.Equal(2, (await SendAsync(client, array, "application/json")).GetProperty("duplicates").GetInt32());
    }

    [Theory]
    [InlineData("hello", "text/plain", null, HttpStatusCode.BadRequest)]
    [InlineData("[1,2]", "application/json", null, HttpStatusCode.BadRequest)]
    [InlineData("[{]", "application/json", null, HttpStatusCode.BadRequest)]
    [InlineData("not gzip", "text/plain", "gzip", HttpStatusCode.BadRequest)]
    [InlineData("{}", "text/plain", "br", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("a=b", "application/x-www-form-urlencoded", null, HttpStatusCode.UnsupportedMediaType)]
    public async Task Post_NotOfItsKind_SaysSo(string body, string type, string? encoding, HttpStatusCode expected)
    {
        using var client = await ClientAsync();
        using var content = new StringContent(body, new MediaTypeHeaderValue(type));
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);

        using var answer = await client.PostAsync(Path, content);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Post_LargerThanAllowed_Is413ForAnArrayAndFineForLines()
    {
        await using var portal = await PortalHost.StartAsync("--Portal:Ingest:MaxBodyBytes=4096", "--Portal:Ingest:MaxEvents=20");
        using var client = await ClientAsync(portal);
        var many = Enumerable.Range(0, 60).Select(i => Line($"large-{i}")).ToArray();
        using var array = new StringContent($"[{string.Join(',', many)}]");
        using var tooLarge = await client.PostAsync(Path, array);
        using var few = new StringContent($"[{string.Join(',', Enumerable.Repeat("{}", 21))}]");
        using var tooMany = await client.PostAsync(Path, few);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge), (tooLarge.StatusCode, tooMany.StatusCode));
        var answer = await SendAsync(client, Lines([.. many, Line("large-0", user: new string('x', 70_000))]));
        Assert.Equal((60, 1), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected").GetArrayLength()));
    }

    [Fact]
    public async Task Tokens_OfEachKind_OpenOnlyTheirOwn()
    {
        using var telemetry = await ClientAsync();
        using var api = await Portal.ApiClientAsync();
        using var nobody = Portal.Client();
        using var signedIn = await Portal.SignInAsync();
        async Task<HttpStatusCode> PostAsync(HttpClient client) => (await client.PostAsync(Path, new StringContent(Line("kinds")))).StatusCode;

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden), (await PostAsync(telemetry), await PostAsync(api), await PostAsync(nobody), await PostAsync(signedIn)));
        foreach (var path in new[] { "/api/v1/usage", "/api/v1/usage/users.csv", "/api/v1/artifact-pulls", "/api/v1/artifact-pulls/export", "/api/v1/ingest-health", "/api/publisher/analytics/v1/namespaces", "/openapi/v1.json", "/downloads", "/usage", "/api/v1/customers/x/members" })
            Assert.Equal(HttpStatusCode.Forbidden, (await telemetry.GetAsync(path)).StatusCode);
        var token = telemetry.DefaultRequestHeaders.Authorization!.Parameter!;
        using var login = await nobody.PostAsync("/v2/users/login", new StringContent($"{{\"username\":\"acme\",\"password\":\"{token}\"}}", new MediaTypeHeaderValue("application/json")));
        Assert.Equal(HttpStatusCode.Unauthorized, login.StatusCode);
    }

    [Fact]
    public async Task Report_PeriodAndCustomer_AreChosenAndRefusedByName()
    {
        using var telemetry = await ClientAsync();
        using var api = await Portal.ApiClientAsync();
        var customer = await CustomerAsync("Report & Co");
        await SendAsync(telemetry, Lines(Line("report-1", customer: customer), Line("report-2", customer: customer, minutesAgo: 60 * 24 * 20)));

        var week = JsonDocument.Parse(await api.GetStringAsync($"/api/v1/usage?period=1w&customer={Uri.EscapeDataString(customer)}")).RootElement;
        var month = JsonDocument.Parse(await api.GetStringAsync($"/api/v1/usage?customer={Uri.EscapeDataString(customer)}")).RootElement;

        Assert.Equal((1, 2), (week.GetProperty("builds").GetProperty("total").GetInt32(), month.GetProperty("builds").GetProperty("total").GetInt32()));
        Assert.Equal((7, 30), (week.GetProperty("users").GetProperty("days").GetArrayLength(), month.GetProperty("users").GetProperty("days").GetArrayLength()));
        Assert.Equal((2, 1.5, 0.5), (month.GetProperty("builds").GetProperty("perActiveUser").GetDouble(), month.GetProperty("builds").GetProperty("averageSeconds").GetDouble(), month.GetProperty("builds").GetProperty("successRate").GetDouble() / 2));
        Assert.Equal(0, JsonDocument.Parse(await api.GetStringAsync("/api/v1/usage?customer=nobody")).RootElement.GetProperty("users").GetProperty("members").GetInt32());
        using var wrong = await api.GetAsync("/api/v1/usage?period=1y");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("1w or 1m or 3m", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserExport_HasTheElevenColumnsSafeCells_AndIsNoted()
    {
        using var telemetry = await ClientAsync();
        using var api = await Portal.ApiClientAsync();
        var customer = await CustomerAsync("Export Inc");
        const string File = "\uFEFFusername,name,email,type,role,teams,date joined,last logged-in date\r\ncarl,=cmd(),carl@x.example,Member,Editor,\"A, B\",2026-01-31,2026-02-01T10:00:00Z\r\ndora,Dora,,,,,,\r\neve,,,,,,,\r\n";
        using var upload = await api.PostAsync(Members(customer), new StringContent(File, Encoding.UTF8, "text/csv"));
        Assert.Equal("{\"added\":3,\"changed\":0,\"unchanged\":0}", await upload.Content.ReadAsStringAsync());
        await SendAsync(telemetry, Lines(Line("export-1", user: "carl@x.example", kind: "active"), Line("export-2", user: "dora", kind: "analytics_opt_out"), Line("export-3", user: "eve", kind: "active", minutesAgo: 60 * 24 * 20), Line("export-4", user: "seen", customer: customer)));

        using var answer = await api.GetAsync($"/api/v1/usage/users.csv?period=1w&customer={Uri.EscapeDataString(customer)}");
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");

        Assert.EndsWith("_product_users.csv", answer.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
        Assert.Equal("Name,Username,Email,Type,Role,Teams,Date Joined,Last Logged-In Date,Docker Desktop Version,Last Seen Date,Opted Out Analytics", lines[0]);
        Assert.Matches("^\"'=cmd\\(\\)\",carl,carl@x.example,Member,Editor,\"A, B\",2026-01-31T00:00:00Z,2026-02-01T10:00:00Z,4\\.2\\.0,20\\d\\d-[-0-9T:]+Z,false$", lines[1]);
        Assert.Equal(["Dora,dora,,,,,,,,,true", ",eve,,,,,,,,,false"], lines[2..4]);
        Assert.Matches("^,seen,,,,,,,,20[-0-9T:]+Z,false$", lines[4]);
        Assert.Equal(6, lines.Length);
        var noted = (await Portal.Services.GetRequiredService<ExportHistory>().ReadAsync(Portal.VendorId, 1, default))[0];
        Assert.Equal(("users.csv", "period=1w&customer=Export%20Inc", 4L, ExportResult.Complete), (noted.Format, noted.Query, noted.Rows, noted.Result));
    }

    [Fact]
    public async Task Members_ByTheApi_AreListedChangedAndRemoved()
    {
        using var api = await Portal.ApiClientAsync();
        using var signedIn = await Portal.SignInAsync();
        var customer = await CustomerAsync("Members Ltd");
        using var put = await api.PutAsync(Members(customer) + "/frank", Json("{\"name\":\"Frank\",\"teams\":[\"Ops\",\"Dev\"],\"joined\":\"2026-03-01\"}"));
        Assert.Equal("Ops,Dev", string.Join(',', JsonDocument.Parse(await put.Content.ReadAsStringAsync()).RootElement.GetProperty("teams").EnumerateArray().Select(t => t.GetString())));
        using var same = await api.PostAsync(Members(customer), new StringContent("username;name;teams;joined\ngina;Gina;;\nfrank;Frank;Ops, Dev;2026-03-01\n"));
        Assert.Equal("{\"added\":1,\"changed\":0,\"unchanged\":1}", await same.Content.ReadAsStringAsync());

        using var wrong = await api.PostAsync(Members(customer), new StringContent("username,email,joined\nhugo,nomail,2026-03-01\nFRANK,,1.3.2026\nfrank,,\nfrank,,\n"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var errors = JsonDocument.Parse(await wrong.Content.ReadAsStringAsync()).RootElement.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("line").GetInt32(), e.GetProperty("column").GetString())).ToList();
        Assert.Equal([(2, "email"), (3, "datejoined"), (5, "username")], errors);
        using var bad = await api.PutAsync(Members(customer) + "/frank", Json("{\"email\":\"nomail\"}"));
        using var ofSession = await signedIn.DeleteAsync(Members(customer) + "/frank");
        using var unknown = await api.GetAsync(Members("No such"));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (bad.StatusCode, ofSession.StatusCode, unknown.StatusCode));

        var page = JsonDocument.Parse(await signedIn.GetStringAsync(Members(customer) + "?limit=1")).RootElement;
        Assert.Equal(("frank", "frank"), (page.GetProperty("items")[0].GetProperty("username").GetString(), page.GetProperty("next").GetString()));
        page = JsonDocument.Parse(await api.GetStringAsync(Members(customer) + "?after=frank")).RootElement;
        Assert.Equal(("gina", JsonValueKind.Null), (page.GetProperty("items")[0].GetProperty("username").GetString(), page.GetProperty("next").ValueKind));
        using var gone = await api.DeleteAsync(Members(customer) + "/FRANK");
        using var again = await api.DeleteAsync(Members(customer) + "/frank");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (gone.StatusCode, again.StatusCode));
    }

    [Fact]
    public async Task Document_TellsOfUsage()
    {
        using var api = await Portal.ApiClientAsync();
        var paths = JsonDocument.Parse(await api.GetStringAsync("/openapi/v1.json")).RootElement.GetProperty("paths");

        foreach (var path in new[] { Path, "/api/v1/usage", "/api/v1/usage/users.csv", "/api/v1/customers/{customer}/members", "/api/v1/customers/{customer}/members/{username}" })
            Assert.True(paths.TryGetProperty(path, out _), path);
    }

    private async Task<HttpClient> ClientAsync(PortalHost? portal = null)
    {
        portal ??= Portal;
        var token = await portal.Services.GetRequiredService<TokenDirectory>().AddAsync(portal.VendorId, "telemetry", null, TokenKind.Telemetry, default);
        var client = portal.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        return client;
    }

    private async Task<string> CustomerAsync(string name)
    {
        await Portal.Services.GetRequiredService<CustomerDirectory>().CreateCustomerAsync(Portal.VendorId, name, default);
        return name;
    }

    private static string Members(string customer) => $"/api/v1/customers/{Uri.EscapeDataString(customer)}/members";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<JsonElement> SendAsync(HttpClient client, string body, string type = "application/x-ndjson")
    {
        using var answer = await client.PostAsync(Path, new StringContent(body, Encoding.UTF8, type));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static string Lines(params string[] lines) => string.Join('\n', lines);

    private static string Line(string id, string? user = null, string kind = "build", string? customer = null, int minutesAgo = 1)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = id, ["at"] = DateTime.UtcNow.AddMinutes(-minutesAgo).ToString("O", CultureInfo.InvariantCulture), ["kind"] = kind, ["user"] = user ?? id.Split('-')[0], ["customer"] = customer,
        };
        if (kind == "build")
            (fields["duration"], fields["success"]) = (1.5, true);
        if (kind == "active")
            (fields["version"], fields["os"], fields["interface"]) = ("4.2.0", "Linux", "gui");
        return JsonSerializer.Serialize(fields);
    }
}
