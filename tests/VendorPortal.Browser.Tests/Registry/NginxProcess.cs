using System.Net;
using System.Net.Sockets;

namespace VendorPortal.Browser.Tests.Registry;

/// <summary>A stock nginx on a free loopback port in front of a registry, with a log in the combined format and one as the portal proposes.</summary>
public sealed class NginxProcess : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly ToolProcess process;

    private NginxProcess(TemporaryFolder folder, ToolProcess process, int port)
    {
        this.folder = folder;
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Host => $"127.0.0.1:{Port}";

    /// <summary>Starts nginx; <paramref name="jsonFormat"/> is a <c>log_format</c> of the name <c>registry</c>.</summary>
    public static async Task<NginxProcess> StartAsync(RegistryProcess registry, string combinedLog, string jsonLog, string jsonFormat)
    {
        var home = new TemporaryFolder();
        var port = FreePort();
        await File.WriteAllTextAsync(home["nginx.conf"], Configuration(home, port, registry, combinedLog, jsonLog, jsonFormat));
        var daemon = ToolProcess.Start("nginx", ["-p", home.FullName, "-c", home["nginx.conf"], "-e", home["error.log"]]);
        var nginx = new NginxProcess(home, daemon, port);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{nginx.Host}") };
        await daemon.WaitUntilAsync(() => AnswersAsync(http), TimeSpan.FromSeconds(15));
        return nginx;
    }

    /// <summary>What logrotate does: renames the logs, then has nginx open new ones.</summary>
    public Task RotateAsync(params IEnumerable<string> logs)
    {
        foreach (var log in logs)
            File.Move(log, log + ".1");
        return ToolProcess.RunAsync("nginx", ["-p", folder.FullName, "-c", folder["nginx.conf"], "-e", folder["error.log"], "-s", "reopen"]);
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
            return true;
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

    // As root the workers would be another account, which may not enter the temporary folder.
    private static string Configuration(TemporaryFolder home, int port, RegistryProcess registry, string combinedLog, string jsonLog, string jsonFormat) => $$"""
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        daemon off;
        worker_processes 2;
        pid {{home["nginx.pid"]}};
        events { }
        http {
          {{jsonFormat}}
          client_max_body_size 0;
          client_body_temp_path {{home["body"]}};
          proxy_temp_path {{home["proxy"]}};
          fastcgi_temp_path {{home["fastcgi"]}};
          uwsgi_temp_path {{home["uwsgi"]}};
          scgi_temp_path {{home["scgi"]}};
          server {
            listen 127.0.0.1:{{port}};
            access_log {{combinedLog}} combined;
            access_log {{jsonLog}} registry;
            location / {
              proxy_pass http://{{registry.Host}};
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $remote_addr;
            }
          }
        }
        """;
}
