using System.Diagnostics;
using System.Globalization;
using System.Text;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>Reading alone: lines of access logs into requests, on one core, nothing stored.</summary>
internal static class ParseArea
{
    private const int Lines = 500_000;
    private const int Repeats = 9;

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        (string Name, string Format, Func<int, DateTime, string> Line)[] logs =
        [
            ("combined, all manifests", "combined", (i, at) => Combined(i, at, manifest: true)),
            ("combined, one manifest in four", "combined", (i, at) => Combined(i, at, i % 4 == 0)),
            ("JSON lines of nginx", "json:nginx", Json),
        ];
        var rows = new List<IReadOnlyList<string>>();
        var goal = 0.0;
        foreach (var (name, format, line) in logs)
        {
            var result = await MeasureAsync(format, Log(line), ct);
            goal = goal == 0 ? result.Best : goal; // the first, where every line becomes a request
            rows.Add([name, Report.Format($"{result.LineBytes}"), Report.Format($"{result.Median / 1e6:F2}"), Report.Format($"{result.Best / 1e6:F2}"), Report.Format($"{result.CpuNanoseconds:F0}"), Report.Format($"{result.Allocated}"), Report.Format($"{result.Memory.ResidentMb:F0}")]);
        }

        report.Section("Reading logs");
        report.Table(["Log", "Bytes a line", "M lines/s, median", "M lines/s, best", "CPU a line, ns, least", "Allocated a line, bytes", "MB resident above idle"], rows);
        report.Goals(new Goal("Reading an access log, one core", "≥ 1 M lines/s", Report.Format($"{goal / 1e6:F2} M lines/s"), goal >= 1e6));
    }

    private static async Task<Result> MeasureAsync(string format, byte[] log, CancellationToken ct)
    {
        var rates = new List<double>();
        var allocated = 0L;
        var cpu = double.MaxValue;
        using var process = Process.GetCurrentProcess();
        for (var run = 0; run <= Repeats; run++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            process.Refresh();
            var cpuBefore = process.TotalProcessorTime;
            var start = Stopwatch.GetTimestamp();
            await ReadAsync(format, log, ct);
            var elapsed = Stopwatch.GetElapsedTime(start);
            allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / Lines;
            process.Refresh();
            if (run == 0)
                continue; // warms up
            rates.Add(Lines / elapsed.TotalSeconds);
            cpu = Math.Min(cpu, (process.TotalProcessorTime - cpuBefore).TotalNanoseconds / Lines);
        }

        rates.Sort();
        using var memory = MemoryWatch.Start(); // in a run of its own: looking costs time and bytes
        await ReadAsync(format, log, ct);
        return new Result(rates[rates.Count / 2], rates[^1], cpu, allocated, log.Length / Lines, memory.Stop());
    }

    private static async Task ReadAsync(string format, byte[] log, CancellationToken ct)
    {
        using var reader = new FeedReader(new MemoryStream(log), new AccessLog(new AccessLogFormat(format).Layout(), 42, new LineOrder()), TimeProvider.System, 1024);
        var read = 0L;
        while (await reader.ReadAsync(ct) is { } batch)
            read += batch.Requests.Count + batch.Ignored;
        if (read != Lines)
            throw new InvalidOperationException($"Of {Lines} lines {read} were read.");
    }

    private sealed record Result(double Median, double Best, double CpuNanoseconds, long Allocated, int LineBytes, MemoryPeak Memory);

    private static byte[] Log(Func<int, DateTime, string> line)
    {
        var text = new StringBuilder();
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < Lines; i++)
            text.Append(line(i, start.AddMilliseconds(i * 37L))).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Combined(int i, DateTime at, bool manifest) => string.Create(
        CultureInfo.InvariantCulture,
        $"203.0.{i % 50}.{i % 250} - team-{i % 300} [{at:dd/MMM/yyyy:HH:mm:ss} +0000] \"{(i % 3 == 0 ? "HEAD" : "GET")} /v2/acme/app-{i % 40}/{(manifest ? $"manifests/1.{i % 90}.0" : $"blobs/sha256:{i:x64}")} HTTP/1.1\" 200 424 \"-\" \"{Agent(i)}\"");

    private static string Json(int i, DateTime at) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"msec":"{{(at - DateTime.UnixEpoch).TotalSeconds:F3}}","request_id":"{{i:x32}}","remote_addr":"203.0.{{i % 50}}.{{i % 250}}","remote_user":"team-{{i % 300}}","method":"GET","uri":"/v2/acme/app-{{i % 40}}/manifests/1.{{i % 90}}.0","status":"200","user_agent":"{{Agent(i)}}","docker_content_digest":"sha256:{{i % 500:x64}}"}""");

    private static string Agent(int i) => (i % 4) switch
    {
        0 => "containerd/1.7.24",
        1 => "docker/28.5.2 go/go1.24.4 git-commit/ecc6942 kernel/6.8.0-57-generic os/linux arch/amd64 UpstreamClient(Docker-Client/28.5.2 (linux))",
        2 => "skopeo/1.22.0",
        _ => "go-containerregistry/v0.20.7",
    };
}
