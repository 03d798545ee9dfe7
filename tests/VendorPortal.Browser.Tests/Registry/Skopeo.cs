namespace VendorPortal.Browser.Tests.Registry;

/// <summary>The stock skopeo, as one account. <paramref name="host"/> is <c>address:port</c> of the registry or of a forwarder to it.</summary>
public sealed class Skopeo(string host, RegistryAccount account)
{
    /// <summary>Tool and version, as the portal names them.</summary>
    public static async Task<string> ClientAsync() => (await ToolProcess.RunAsync("skopeo", ["--version"])).Trim().Replace("version ", "", StringComparison.Ordinal);

    /// <summary>Pushes an image with all its platforms.</summary>
    public Task PushAsync(ImageLayout image, string repository, string tag) =>
        ToolProcess.RunAsync("skopeo", ["copy", "--quiet", "--all", "--dest-tls-verify=false", "--dest-creds", account.Credentials, image.Reference, $"docker://{host}/{repository}:{tag}"]);

    /// <summary>Pulls; <paramref name="reference"/> is <c>:tag</c> or <c>@digest</c>. An index gives its linux/amd64 image.</summary>
    public async Task PullAsync(string repository, string reference)
    {
        using var folder = new TemporaryFolder();
        await ToolProcess.RunAsync("skopeo", ["copy", "--quiet", "--override-arch=amd64", "--override-os=linux", "--src-tls-verify=false", "--src-creds", account.Credentials, $"docker://{host}/{repository}{reference}", $"dir:{folder.FullName}"]);
    }

    /// <summary>Pulls every platform of an index.</summary>
    public async Task PullAllAsync(string repository, string reference)
    {
        using var folder = new TemporaryFolder();
        await ToolProcess.RunAsync("skopeo", ["copy", "--quiet", "--all", "--src-tls-verify=false", "--src-creds", account.Credentials, $"docker://{host}/{repository}{reference}", $"dir:{folder.FullName}"]);
    }

    public Task InspectAsync(string repository, string reference) =>
        ToolProcess.RunAsync("skopeo", ["inspect", "--no-tags", "--override-arch=amd64", "--override-os=linux", "--tls-verify=false", "--creds", account.Credentials, $"docker://{host}/{repository}{reference}"]);
}
