using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace VendorPortal.Benchmarks;

/// <summary>Programs beside the portal: run to their end, killed where they take longer than they may.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>What the program printed; null where it is not installed. <paramref name="feed"/> writes its standard input.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0, or not in time; the message has what it said.</exception>
    public static async Task<string?> TryRunAsync(string file, IEnumerable<string> arguments, Func<Stream, Task>? feed, CancellationToken ct)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(file, arguments)
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, WorkingDirectory = "/",
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await FeedAsync(process, feed);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{file} ended with {process.ExitCode}: {await error}{await output}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>As <see cref="TryRunAsync"/>, of a program that has to be there.</summary>
    public static async Task<string> RunAsync(string file, IEnumerable<string> arguments, Func<Stream, Task>? feed, CancellationToken ct) =>
        await TryRunAsync(file, arguments, feed, ct) ?? throw new InvalidOperationException($"{file} is not installed.");

    private static async Task FeedAsync(Process process, Func<Stream, Task>? feed)
    {
        try
        {
            if (feed is not null)
                await feed(process.StandardInput.BaseStream);
            await process.StandardInput.BaseStream.DisposeAsync();
        }
        catch (IOException)
        {
            // The program went away: its exit code and message tell why.
        }
    }
}
