namespace VendorPortal.Browser.Tests.Registry;

/// <summary>
/// An own containerd with its client <c>ctr</c>. Content is fetched and not unpacked: the same requests as a pull,
/// without the mounts that not every machine allows.
/// </summary>
public sealed class Containerd : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly ToolProcess process;

    private Containerd(TemporaryFolder folder, ToolProcess process)
    {
        this.folder = folder;
        this.process = process;
    }

    private string Socket => folder["s"];

    /// <summary>Tool and version, as the portal names them.</summary>
    public static async Task<string> ClientAsync() => "containerd " + (await ToolProcess.RunAsync("containerd", ["--version"])).Split(' ')[2].TrimStart('v');

    public static async Task<Containerd> StartAsync()
    {
        var home = new TemporaryFolder();
        var user = await ToolProcess.RunAsync("id", ["-u"]);
        var group = await ToolProcess.RunAsync("id", ["-g"]);
        await File.WriteAllTextAsync(home["config.toml"], $"""
            version = 2
            root = "{home["root"]}"
            state = "{home["state"]}"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
            [grpc]
              address = "{home["s"]}"
              uid = {user.Trim()}
              gid = {group.Trim()}
            """);
        var daemon = ToolProcess.Start("containerd", ["--config", home["config.toml"]]);
        var containerd = new Containerd(home, daemon);
        await daemon.WaitUntilAsync(() => Task.FromResult(File.Exists(containerd.Socket)), TimeSpan.FromSeconds(15));
        return containerd;
    }

    /// <summary>Fetches an image for linux/amd64; <paramref name="reference"/> is <c>:tag</c> or <c>@digest</c>.</summary>
    public Task PullAsync(string host, RegistryAccount account, string repository, string reference) =>
        ToolProcess.RunAsync("ctr", ["--address", Socket, "content", "fetch", "--plain-http", "--user", account.Credentials, "--platform", "linux/amd64", $"{host}/{repository}{reference}"]);

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }
}
