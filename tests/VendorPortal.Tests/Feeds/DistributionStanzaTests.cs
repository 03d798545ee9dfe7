using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VendorPortal.Feeds;

namespace VendorPortal.Tests.Feeds;

public sealed class DistributionStanzaTests
{
    [Fact]
    public async Task For_UrlAndSecret_IsAcceptedByARegistry()
    {
        var folder = Directory.CreateTempSubdirectory("portal-stanza-").FullName;
        var config = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(config, $"""
            version: 0.1
            storage:
              filesystem:
                rootdirectory: {folder}
            http:
              addr: 127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}
            {DistributionStanza.For("http://127.0.0.1:9/ingest/1-1", "s3cret_-x")}
            """);
        using var registry = Process.Start(new ProcessStartInfo("docker-registry", ["serve", config]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("docker-registry is missing; tests/run.sh installs it.");
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var log = new System.Text.StringBuilder();
            while (!log.ToString().Contains("listening on", StringComparison.Ordinal) && await registry.StandardError.ReadLineAsync(limit.Token) is { } line)
                log.AppendLine(line);

            Assert.Contains("listening on", log.ToString(), StringComparison.Ordinal);
            Assert.Contains("configuring endpoint vendor-portal (http://127.0.0.1:9/ingest/1-1), timeout=1s, headers=map[Authorization:[Bearer s3cret_-x]]", log.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            registry.Kill();
            await registry.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void For_UrlWithQuotes_StaysOneYamlString() =>
        Assert.Contains("""url: "http://x/\"a\\b" """.TrimEnd(), DistributionStanza.For("""http://x/"a\b""", "s"), StringComparison.Ordinal);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
