using System.Net;
using System.Net.Sockets;

namespace VendorPortal.Browser.Tests.Registry;

/// <summary>Forwards connections so that the registry sees them come from another loopback address: the machine of another customer.</summary>
public sealed class LoopbackForwarder : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly IPAddress from;
    private readonly int port;
    private readonly Task accepting;

    private LoopbackForwarder(IPAddress from, int port)
    {
        this.from = from;
        this.port = port;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Host => listener.LocalEndpoint.ToString()!;

    public static LoopbackForwarder Start(string from, int port) => new(IPAddress.Parse(from), port);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ForwardAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient(new IPEndPoint(from, 0)))
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, port, stop.Token);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), stop.Token),
                    server.GetStream().CopyToAsync(client.GetStream(), stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The connection is over, for whichever side it ended first.
            }
        }
    }
}
