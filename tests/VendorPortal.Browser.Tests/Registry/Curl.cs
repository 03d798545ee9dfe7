namespace VendorPortal.Browser.Tests.Registry;

/// <summary>The stock curl, as one account from one loopback address.</summary>
public sealed class Curl(string host, RegistryAccount account, string address = "127.0.0.1")
{
    private const string Accept = "Accept: application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";

    /// <summary>Tool and version, as the portal names them.</summary>
    public static async Task<string> ClientAsync() => string.Join(' ', (await ToolProcess.RunAsync("curl", ["--version"])).Split(' ').Take(2));

    public Task HeadAsync(string repository, string reference) => SendAsync("--head", [Url(repository, reference)]);

    /// <summary>Fetches manifests one after another over one connection.</summary>
    public Task GetAsync(string repository, params IEnumerable<string> references) => SendAsync("--get", references.Select(r => Url(repository, r)));

    private string Url(string repository, string reference) => $"http://{host}/v2/{repository}/manifests/{reference}";

    private Task SendAsync(string method, IEnumerable<string> urls) =>
        ToolProcess.RunAsync("curl", ["--silent", "--show-error", "--fail", "--noproxy", "*", method, "--interface", address, "--user", account.Credentials, "--header", Accept, .. urls]);
}
