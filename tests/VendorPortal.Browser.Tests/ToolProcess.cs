using System.Diagnostics;
using System.Text;

namespace VendorPortal.Browser.Tests;

/// <summary>A program the tests started, alone in knowing its process id: its output is kept, it is killed with its children on disposal.</summary>
public sealed class ToolProcess : IAsyncDisposable
{
    private const int KeptLines = 400;
    private readonly Process process;
    private readonly Queue<string> lines = new();

    private ToolProcess(Process process) => this.process = process;

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public string Name => Path.GetFileName(process.StartInfo.FileName);

    /// <summary>The newest lines of standard output and error, for the message of a failure.</summary>
    public string Log
    {
        get
        {
            lock (lines)
                return string.Join(Environment.NewLine, lines);
        }
    }

    public static ToolProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = StartInfo(file, arguments, environment, directory);
        var tool = new ToolProcess(new Process { StartInfo = start });
        tool.process.OutputDataReceived += (_, e) => tool.Keep(e.Data);
        tool.process.ErrorDataReceived += (_, e) => tool.Keep(e.Data);
        tool.process.Start();
        tool.process.BeginOutputReadLine();
        tool.process.BeginErrorReadLine();
        return tool;
    }

    /// <summary>Runs a program to its end and returns its standard output.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message holds what it said.</exception>
    /// <exception cref="TimeoutException">It did not end within two minutes and was killed.</exception>
    public static async Task<string> RunAsync(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var run = new Process { StartInfo = StartInfo(file, arguments, environment, directory: null) };
        run.Start();
        var output = run.StandardOutput.ReadToEndAsync();
        var error = run.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await run.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            run.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} did not end: {await output}{await error}", e);
        }

        return run.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{file} ended with {run.ExitCode}: {await output}{await error}");
    }

    /// <summary>Waits until <paramref name="ready"/> holds; fails at once where the program ends before.</summary>
    public async Task WaitUntilAsync(Func<Task<bool>> ready, TimeSpan limit)
    {
        var end = DateTime.UtcNow + limit;
        while (!await ready())
        {
            if (HasExited || DateTime.UtcNow > end)
                throw new InvalidOperationException($"{Name} {(HasExited ? "ended" : "was not ready in time")}:{Environment.NewLine}{Log}");
            await Task.Delay(50);
        }
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, string? directory)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = false,
            WorkingDirectory = directory ?? "",
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return start;
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > KeptLines)
                lines.Dequeue();
        }
    }
}
