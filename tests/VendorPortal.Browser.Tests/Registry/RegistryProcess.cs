using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using VendorPortal.Feeds;

namespace VendorPortal.Browser.Tests.Registry;

/// <summary>An account of the test registry.</summary>
public sealed record RegistryAccount(string Name, string Password)
{
    public static readonly RegistryAccount Publisher = new("publisher", "publisher-secret");
    public static readonly RegistryAccount Alice = new("alice", "alice-secret");
    public static readonly RegistryAccount Bob = new("bob", "bob-secret");
    public static readonly IReadOnlyList<RegistryAccount> All = [Publisher, Alice, Bob];

    /// <summary><c>name:password</c>, as every client takes it.</summary>
    public string Credentials => $"{Name}:{Password}";
}

/// <summary>A stock CNCF Distribution registry on a free loopback port, with basic auth and one notifications endpoint.</summary>
public sealed class RegistryProcess : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly ToolProcess process;

    private RegistryProcess(TemporaryFolder folder, ToolProcess process, int port)
    {
        this.folder = folder;
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Host => $"127.0.0.1:{Port}";

    public string Log => process.Log;

    /// <summary>Starts the registry with the stanza that the portal shows: its events go to <paramref name="endpoint"/> with the bearer secret.</summary>
    public static async Task<RegistryProcess> StartAsync(Uri endpoint, string secret)
    {
        var home = new TemporaryFolder();
        var port = FreePort();
        foreach (var account in RegistryAccount.All)
        {
            var mode = account == RegistryAccount.Publisher ? "-cbB" : "-bB";
            await ToolProcess.RunAsync("htpasswd", [mode, "-C", "5", home["htpasswd"], account.Name, account.Password]);
        }

        await File.WriteAllTextAsync(home["config.yml"], Configuration(home, port, DistributionStanza.For(endpoint.ToString(), secret)));
        var daemon = ToolProcess.Start("docker-registry", ["serve", home["config.yml"]]);
        var registry = new RegistryProcess(home, daemon, port);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{registry.Host}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(RegistryAccount.Publisher.Credentials)));
        await daemon.WaitUntilAsync(() => AnswersAsync(http), TimeSpan.FromSeconds(15));
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/v2/");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Configuration(TemporaryFolder home, int port, string notifications) => $"""
        version: 0.1
        log:
          level: info
        storage:
          filesystem:
            rootdirectory: {home["storage"]}
        http:
          addr: 127.0.0.1:{port}
        auth:
          htpasswd:
            realm: test
            path: {home["htpasswd"]}
        {notifications}
        """;
}
