using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage;

namespace VendorPortal.Tests.Testing;

/// <summary>
/// The whole portal as it runs in production: real host on a free port, real database file in a folder of its own, migrated, with an
/// owner. Disposing stops it and removes the folder.
/// <code>
/// await using var portal = await PortalHost.StartAsync();                       // or: class fixture, see <see cref="PortalHostFixture"/>
/// using var browser = await portal.SignInAsync();                               // signed-in client with cookies, follows no redirects
/// using var program = await portal.ApiClientAsync();                            // client with an API token
/// await using var rows = portal.Services.GetRequiredService&lt;PortalDbContextFactory&gt;().ForVendor(portal.VendorId);
/// </code>
/// Settings go in as command line: <c>PortalHost.StartAsync("--Portal:Limits:ApiBurst=3")</c>; services are replaced through <c>configure</c>.
/// </summary>
public sealed partial class PortalHost : IAsyncDisposable
{
    public const string Email = "owner@acme.example";
    public const string Password = "correct horse battery";
    public const string Vendor = "acme";

    private readonly WebApplication app;
    private readonly bool ownsFolder;

    private PortalHost(WebApplication app, string folder, bool ownsFolder)
    {
        this.app = app;
        this.ownsFolder = ownsFolder;
        Folder = folder;
        BaseAddress = new Uri(app.Urls.First());
    }

    /// <summary>Where the portal listens, <c>http://127.0.0.1:port</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The data directory.</summary>
    public string Folder { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>The id of the owner's vendor; 0 where the portal was started without owner.</summary>
    public int VendorId { get; private set; }

    /// <summary>Starts with an owner (<see cref="Email"/>, <see cref="Password"/>) of the vendor <see cref="Vendor"/>.</summary>
    public static Task<PortalHost> StartAsync(params string[] settings) => StartAsync(null, withOwner: true, null, settings);

    /// <summary>Starts as <paramref name="withOwner"/> and <paramref name="configure"/> say, on an own or a given (kept) data directory.</summary>
    public static async Task<PortalHost> StartAsync(string? folder, bool withOwner, Action<WebApplicationBuilder>? configure, params string[] settings)
    {
        var data = folder ?? Directory.CreateTempSubdirectory("portal-test-").FullName;
        string[] owner = withOwner ? [$"--Portal:Owner:Email={Email}", $"--Portal:Owner:Password={Password}", $"--Portal:Owner:Vendor={Vendor}"] : [];
        var started = PortalApplication.Build(
            [$"--Portal:DataDirectory={data}", "--Portal:Urls=http://127.0.0.1:0", .. owner, .. settings],
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Warning);
                configure?.Invoke(builder);
            });
        try
        {
            await started.Services.GetRequiredService<PortalMigrator>().MigrateAsync(CancellationToken.None);
            await started.Services.GetRequiredService<FirstOwner>().EnsureAsync(CancellationToken.None);
            await started.StartAsync();
        }
        catch
        {
            await started.DisposeAsync();
            if (folder is null)
                Directory.Delete(data, recursive: true);
            throw;
        }

        var host = new PortalHost(started, data, folder is null);
        await using var context = host.Services.GetRequiredService<PortalDbContextFactory>().ForInstallation();
        host.VendorId = await context.Vendors.OrderBy(v => v.Id).Select(v => v.Id).FirstOrDefaultAsync();
        return host;
    }

    /// <summary>A client that keeps cookies and follows no redirects. Dispose it.</summary>
    public HttpClient Client() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }, disposeHandler: true) { BaseAddress = BaseAddress };

    /// <summary>A client that went through the sign-in page.</summary>
    public async Task<HttpClient> SignInAsync(string email = Email, string password = Password)
    {
        var client = Client();
        using var answer = await PostSignInAsync(client, email, password);
        return answer.StatusCode == HttpStatusCode.Redirect
            ? client
            : throw new InvalidOperationException($"Sign-in of {email} was answered {(int)answer.StatusCode}.");
    }

    /// <summary>Fills in and sends the sign-in page, as a browser does.</summary>
    public static async Task<HttpResponseMessage> PostSignInAsync(HttpClient client, string email, string password, string page = "/sign-in") =>
        await PostFormAsync(client, page, ("Input.Email", email), ("Input.Password", password), ("Input.Stay", "true"));

    /// <summary>Fetches a page and posts its (first) form with its hidden fields and the given ones.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(HttpClient client, string page, params (string Name, string Value)[] fields)
    {
        var html = await client.GetStringAsync(page);
        var values = HiddenField().Matches(html).Select(m => (Name: Attribute(m.Value, "name"), Value: Attribute(m.Value, "value")))
            .Where(f => f.Name.Length > 0 && !fields.Any(given => given.Name == f.Name)).DistinctBy(f => f.Name).Concat(fields);
        using var content = new FormUrlEncodedContent(values.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await client.PostAsync(page, content);
    }

    /// <summary>The anti-forgery token of a page, for posting to an endpoint beside it.</summary>
    public static async Task<string> FormTokenAsync(HttpClient client, string page)
    {
        var html = await client.GetStringAsync(page);
        var field = HiddenField().Matches(html).Select(m => m.Value).First(f => Attribute(f, "name") == "__RequestVerificationToken");
        return Attribute(field, "value");
    }

    /// <summary>A client that presents a new API token of the owner's vendor.</summary>
    public async Task<HttpClient> ApiClientAsync()
    {
        var token = await Services.GetRequiredService<TokenDirectory>().AddAsync(VendorId, "test", null, CancellationToken.None);
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        return client;
    }

    /// <summary>Another vendor in the same portal, with a member who signs in with <see cref="Password"/>; its id.</summary>
    public async Task<int> AddVendorAsync(string slug, string email)
    {
        await using var scope = Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<MemberAccounts>().CreateOwnerAsync(slug, slug, email, Password, CancellationToken.None);
        if (!result.Succeeded)
            throw new InvalidOperationException(result.ToString());
        return await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Vendors.Where(v => v.Slug == slug).Select(v => v.Id).SingleAsync();
    }

    /// <summary>Polls until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within the bound.</exception>
    public static async Task WaitAsync(Func<Task<bool>> condition, TimeSpan bound)
    {
        var end = DateTime.UtcNow + bound;
        while (!await condition())
        {
            if (DateTime.UtcNow > end)
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"Not within {bound.TotalSeconds} s."));
            await Task.Delay(25);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        if (!ownsFolder)
            return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Attribute(string tag, string name)
    {
        var match = Regex.Match(tag, $"\\b{name}=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1));
        return match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value) : "";
    }

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex HiddenField();
}

/// <summary>One portal for all tests of a class: <c>public sealed class XTests(PortalHostFixture fixture) : IClassFixture&lt;PortalHostFixture&gt;</c>.</summary>
public sealed class PortalHostFixture : IAsyncLifetime
{
    public PortalHost Portal { get; private set; } = null!;

    public async Task InitializeAsync() => Portal = await PortalHost.StartAsync();

    public async Task DisposeAsync() => await Portal.DisposeAsync();
}
