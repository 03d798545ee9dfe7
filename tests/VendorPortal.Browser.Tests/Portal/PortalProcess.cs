using System.Text.Json;
using System.Text.RegularExpressions;

namespace VendorPortal.Browser.Tests.Portal;

/// <summary>The portal as its users run it: a process of its own over a data directory, which outlives it.</summary>
public sealed partial class PortalProcess : IAsyncDisposable
{
    public const string OwnerEmail = "owner@example.com";
    public const string OwnerPassword = "Correct-Horse-7-Battery";

    private readonly ToolProcess process;

    private PortalProcess(ToolProcess process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    public string Log => process.Log;

    /// <summary>Starts the portal on a free port and waits until it says that it is ready. Without an owner it asks for the first account.</summary>
    public static async Task<PortalProcess> StartAsync(string dataDirectory, bool withOwner = true)
    {
        var daemon = ToolProcess.Start("dotnet", [ProgramFile], Environment(dataDirectory, withOwner));
        Uri? address = null;
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await daemon.WaitUntilAsync(
            async () =>
            {
                if (address is null && Listening.Match(daemon.Log) is { Success: true } match)
                    address = new Uri(match.Groups["address"].Value);
                return address is not null && await IsReadyAsync(http, address);
            },
            TimeSpan.FromSeconds(60));
        return new PortalProcess(daemon, address!);
    }

    /// <summary>Runs a command of the portal over the same data, and returns the JSON it prints.</summary>
    public static async Task<JsonElement> CommandAsync(string dataDirectory, params string[] arguments)
    {
        var output = await ToolProcess.RunAsync("dotnet", [ProgramFile, .. arguments], Environment(dataDirectory, withOwner: true));
        using var document = JsonDocument.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]);
        return document.RootElement.Clone();
    }

    /// <summary>SIGKILL, sent when this returns.</summary>
    public void Kill() => process.Kill();

    public ValueTask DisposeAsync() => process.DisposeAsync();

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening { get; }

    // The project under test is built beside the tests, with its own list of dependencies.
    private static string ProgramFile => Path.Combine(AppContext.BaseDirectory, "VendorPortal.dll");

    private static Dictionary<string, string> Environment(string dataDirectory, bool withOwner)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Portal__DataDirectory"] = dataDirectory,
            ["Portal__Urls"] = "http://127.0.0.1:0",
        };
        if (withOwner)
        {
            environment["Portal__Owner__Email"] = OwnerEmail;
            environment["Portal__Owner__Password"] = OwnerPassword;
        }

        return environment;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri address)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
