using System.Diagnostics;
using System.Text.RegularExpressions;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>The portal as a process of its own over a data directory, on a free port; it ends with this.</summary>
internal sealed partial class PortalRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private PortalRun(Process process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Memory the process holds now, in MB.</summary>
    public double ResidentMb
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / (1024.0 * 1024);
        }
    }

    /// <summary>Returns once the portal says where it listens.</summary>
    public static async Task<PortalRun> StartAsync(string folder, CancellationToken ct)
    {
        // The portal is built beside the benchmarks, with its own list of dependencies.
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "VendorPortal.dll"), .. BenchmarkStore.Settings(folder)];
        var started = new Process { StartInfo = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        started.OutputDataReceived += (_, e) => Listen(e.Data, address);
        started.ErrorDataReceived += (_, e) => Listen(e.Data, address);
        started.Start();
        try
        {
            started.BeginOutputReadLine();
            started.BeginErrorReadLine();
            return new PortalRun(started, await address.Task.WaitAsync(Patience, ct));
        }
        catch
        {
            await EndAsync(started);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync(process);

    private static async Task EndAsync(Process started)
    {
        if (!started.HasExited)
            started.Kill(entireProcessTree: true);
        await started.WaitForExitAsync(CancellationToken.None);
        started.Dispose();
    }

    private static void Listen(string? line, TaskCompletionSource<Uri> address)
    {
        if (line is not null && Listening().Match(line) is { Success: true } match)
            address.TrySetResult(new Uri(match.Groups["address"].Value));
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}
