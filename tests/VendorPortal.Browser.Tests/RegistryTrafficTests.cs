using VendorPortal.Browser.Tests.Registry;

namespace VendorPortal.Browser.Tests;

/// <summary>What a stock registry reports of stock clients: the ground the end-to-end test stands on. Blobs are left out.</summary>
public sealed class RegistryTrafficTests
{
    private const string App = "acme/app";
    private const string MarkerAddress = "127.0.0.9";

    [Fact]
    public async Task Registry_StockClients_ReportTheRequestsTheRulesExpect()
    {
        using var folder = new TemporaryFolder();
        var index = ImageLayout.Write(folder["index"], "one", "amd64", "arm64");
        await using var sink = await NotificationSink.StartAsync();
        await using var registry = await RegistryProcess.StartAsync(sink.Endpoint, NotificationSink.Secret);
        await using var containerd = await Containerd.StartAsync();
        await using var elsewhere = LoopbackForwarder.Start("127.0.0.3", registry.Port);
        var alice = new Skopeo(registry.Host, RegistryAccount.Alice);
        var bob = new Curl(registry.Host, RegistryAccount.Bob, "127.0.0.2");
        var marker = new Curl(registry.Host, RegistryAccount.Publisher, MarkerAddress);
        string amd64 = index.Manifests[0], arm64 = index.Manifests[1];

        var push = await EventsOfAsync(sink, marker, () => new Skopeo(registry.Host, RegistryAccount.Publisher).PushAsync(index, App, "1.0"));
        Assert.Equal([$"PUT {amd64}", $"PUT {arm64}", "PUT 1.0"], push.Select(e => e.Request));
        Assert.All(push, e => Assert.Equal(("push", 2, "publisher"), (e.Action, e.References, e.User)));

        Assert.Equal(["GET 1.0", $"GET {amd64}"], await RequestsOfAsync(sink, marker, () => alice.PullAsync(App, ":1.0")));
        Assert.Equal(["GET 1.0", $"GET {amd64}", $"GET {arm64}"], await RequestsOfAsync(sink, marker, () => alice.PullAllAsync(App, ":1.0")));
        Assert.Equal([$"GET {index.Digest}", $"GET {amd64}"], await RequestsOfAsync(sink, marker, () => alice.PullAsync(App, $"@{index.Digest}")));
        Assert.Equal(["GET 1.0", $"GET {amd64}"], await RequestsOfAsync(sink, marker, () => alice.InspectAsync(App, ":1.0")));

        var fetch = await EventsOfAsync(sink, marker, () => containerd.PullAsync(elsewhere.Host, RegistryAccount.Alice, App, ":1.0"));
        Assert.Equal(["HEAD 1.0", $"GET {index.Digest}", $"GET {amd64}"], fetch.Select(e => e.Request));
        Assert.All(fetch, e => Assert.StartsWith("127.0.0.3:", e.Address, StringComparison.Ordinal));

        var head = await EventsOfAsync(sink, marker, () => bob.HeadAsync(App, "1.0"));
        Assert.Equal(("HEAD 1.0", index.Digest, "bob"), (head[0].Request, head[0].Digest, head[0].User));
        Assert.StartsWith("127.0.0.2:", head[0].Address, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> RequestsOfAsync(NotificationSink sink, Curl marker, Func<Task> action) =>
        (await EventsOfAsync(sink, marker, action)).Select(e => e.Request);

    /// <summary>The events of one action. The registry delivers in order, so what comes before the marker's event is all there is.</summary>
    private static async Task<List<ManifestEvent>> EventsOfAsync(NotificationSink sink, Curl marker, Func<Task> action)
    {
        await action();
        await marker.HeadAsync(App, "1.0");
        var events = new List<ManifestEvent>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await foreach (var e in sink.Events.ReadAllAsync(limit.Token))
        {
            if (e.Address.StartsWith(MarkerAddress, StringComparison.Ordinal))
                break;
            events.Add(e);
        }

        return events;
    }
}
