using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using VendorPortal.Benchmarks.Measuring;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>The portal as a process of its own over the generated log: how long until its first pages, and what it holds when idle.</summary>
internal static partial class StartArea
{
    private const int Starts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        string folder;
        await using (var store = await GenerateArea.OpenAsync(options, ct))
            folder = store.Folder;
        var starts = new List<Result>();
        for (var i = 0; i < Starts; i++)
            starts.Add(await StartAsync(folder, ct));

        report.Section("Start");
        report.Table(
            ["Start", "First page (sign-in), s", "Downloads page after sign-in, s", "Idle, resident MB"],
            starts.Select((s, i) => (IReadOnlyList<string>)
                [Report.Format($"{i + 1}"), Report.Format($"{s.FirstPage.TotalSeconds:F2}"), Report.Format($"{s.Downloads.TotalSeconds:F2}"), Report.Format($"{s.IdleMb:F0}")]));
        var first = starts.Max(s => s.FirstPage.TotalSeconds);
        var idle = starts.Max(s => s.IdleMb);
        report.Goals(
            new Goal("Cold start to the first page", "≤ 3 s", Report.Format($"{first:F2} s"), first <= 3),
            new Goal("Idle memory", "≤ 250 MB", Report.Format($"{idle:F0} MB"), idle <= 250));
    }

    private static async Task<Result> StartAsync(string folder, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        using var process = Portal(folder);
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, e) => Listen(e.Data, address);
        process.ErrorDataReceived += (_, e) => Listen(e.Data, address);
        try
        {
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            var site = await address.Task.WaitAsync(Patience, ct);
            using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = site, Timeout = Patience };
            var page = await client.GetStringAsync("/sign-in", ct);
            var firstPage = watch.Elapsed;
            await SignInAsync(client, page, ct);
            var downloads = await client.GetStringAsync("/downloads", ct);
            var afterSignIn = watch.Elapsed;
            if (!downloads.Contains("team-", StringComparison.Ordinal))
                throw new InvalidOperationException("The Downloads page shows no pull.");
            await Task.Delay(Idle, ct);
            process.Refresh();
            return new Result(firstPage, afterSignIn, process.WorkingSet64 / (1024.0 * 1024));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Portal(string folder)
    {
        // The portal is built beside the benchmarks, with its own list of dependencies.
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "VendorPortal.dll"), .. BenchmarkStore.Settings(folder)];
        return new Process { StartInfo = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
    }

    private static void Listen(string? line, TaskCompletionSource<Uri> address)
    {
        if (line is not null && Listening().Match(line) is { Success: true } match)
            address.TrySetResult(new Uri(match.Groups["address"].Value));
    }

    private static async Task SignInAsync(HttpClient client, string page, CancellationToken ct)
    {
        var fields = Hidden().Matches(page).Select(m => m.Value)
            .Select(tag => KeyValuePair.Create(Attribute(tag, "name"), Attribute(tag, "value")))
            .Where(f => f.Key.Length > 0).DistinctBy(f => f.Key, StringComparer.Ordinal)
            .Append(KeyValuePair.Create("Input.Email", BenchmarkStore.OwnerEmail))
            .Append(KeyValuePair.Create("Input.Password", BenchmarkStore.OwnerPassword));
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await client.PostAsync(new Uri("/sign-in", UriKind.Relative), form, ct);
        answer.EnsureSuccessStatusCode();
    }

    private static string Attribute(string tag, string name)
    {
        var match = Regex.Match(tag, string.Create(CultureInfo.InvariantCulture, $"\\b{name}=\"([^\"]*)\""), RegexOptions.None, TimeSpan.FromSeconds(1));
        return match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value) : "";
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Hidden();

    private sealed record Result(TimeSpan FirstPage, TimeSpan Downloads, double IdleMb);
}
