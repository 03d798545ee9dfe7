using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Classification;
using VendorPortal.Import;
using VendorPortal.Storage;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>
/// A web server's log, as many lines as the log has pulls: parsed; parsed, put in order and classified; imported whole into an empty store; and
/// GoAccess on the same file. All lines are older than the journal's retention.
/// </summary>
internal static class ImportArea
{
    private static readonly DateTime AllIsPast = Traffic.EndUtc;

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        var file = Path.Combine(Path.GetFullPath(options.Data), $"access-{options.Pulls}-seed-{options.Seed}.log");
        if (!File.Exists(file))
        {
            AccessLogFile.Write(file + ".part", options.Pulls, options.Seed);
            File.Move(file + ".part", file);
        }

        report.Section("Import of an access log");
        report.Note(Report.Format($"{options.Pulls:N0} lines of nginx's combined log, {new FileInfo(file).Length / 1e6:N0} MB, all older than the journal's retention."));
        var parsed = await MeasureAsync(options, (host, monitor) => ParseAsync(host, file, monitor, ct), ct);
        var classified = await MeasureAsync(options, (host, monitor) => ClassifyAsync(host, file, monitor, ct), ct);
        var imported = await MeasureAsync(options, (host, monitor) => ImportAsync(host, file, monitor, ct), ct);
        var goAccess = await GoAccessAsync(file, options.Pulls, ct);
        var rows = new List<IReadOnlyList<string>> { Row("Parsed", parsed), Row("Parsed, put in order, classified", classified), Row("Imported: classified and stored, with segments", imported) };
        if (goAccess is { } peer)
            rows.Add(["GoAccess, JSON report", Report.Format($"{peer:N0}"), "", ""]);
        report.Table(["What", "Lines/s", "Pulls", "MB resident above idle"], rows);
        report.Goals(Goals(imported, goAccess));
    }

    private static IEnumerable<Goal> Goals(Outcome imported, double? goAccess)
    {
        yield return Goal.AtLeast("Import of an access log, classified and stored", 250_000, imported.LinesPerSecond, "lines/s");
        if (goAccess is { } peer)
            yield return Goal.Ratio("Import against GoAccess on the same file", 3, imported.LinesPerSecond / peer);
    }

    private static async Task<long> ParseAsync(ImportHost host, string file, ImportMonitor monitor, CancellationToken ct)
    {
        long requests = 0;
        await foreach (var batch in host.Files.ReadAsync(host.Feed, Sources(file), monitor, ct))
            requests += batch.Requests.Count;
        return requests;
    }

    private static async Task<long> ClassifyAsync(ImportHost host, string file, ImportMonitor monitor, CancellationToken ct)
    {
        using var runs = new HistoryRuns(Path.Combine(host.Folder, "runs"));
        using var dimensions = new HistoryDimensions(host.Database, host.Networks, host.Feed.VendorId);
        await foreach (var batch in host.Files.ReadAsync(host.Feed, Sources(file), monitor, ct))
        {
            batch.Requests.RemoveAll(r => !Eligibility.IsEligible(r.Status, r.User is not null, r.IsPush));
            await dimensions.LearnAsync(batch.Requests, DateTime.UtcNow, ct);
            foreach (var request in batch.Requests)
                runs.Add(dimensions.Resolve(request));
        }

        var classifier = new HistoryClassifier(host.Feed.VendorId, host.Feed.FeedId, ClassificationMode.Client, new ManifestGraph(), dimensions.Versions);
        long pulls = 0;
        foreach (var request in runs.Merge())
        {
            if (classifier.Add(request))
                pulls += classifier.TakeFinal().Count;
        }

        classifier.Finish();
        return pulls + classifier.TakeFinal().Count;
    }

    private static async Task<long> ImportAsync(ImportHost host, string file, ImportMonitor monitor, CancellationToken ct)
    {
        var target = new ImportTarget(host.Feed.VendorId, host.Feed.FeedId, AllIsPast);
        await host.Requests.RunAsync(target, host.Files.ReadAsync(host.Feed, Sources(file), monitor, ct), Path.Combine(host.Folder, "runs"), monitor, ct);
        await using var context = host.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(host.Feed.VendorId);
        return context.DailyArtifactPulls.Sum(d => (long)d.Tag + d.Digest + d.Checks + d.Denied + d.Labelled);
    }

    private static async Task<Outcome> MeasureAsync(BenchmarkOptions options, Func<ImportHost, ImportMonitor, Task<long>> run, CancellationToken ct)
    {
        await using var host = await ImportHost.StartAsync(options, ct);
        using var memory = MemoryWatch.Start();
        var watch = Stopwatch.StartNew();
        var pulls = await run(host, new ImportMonitor());
        return new Outcome(options.Pulls / watch.Elapsed.TotalSeconds, pulls, memory.Stop());
    }

    private static async Task<double?> GoAccessAsync(string file, long lines, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var report = Path.Combine(Path.GetTempPath(), $"goaccess-{Guid.NewGuid():n}.json");
        try
        {
            var output = await Tool.TryRunAsync("goaccess", ["--no-global-config", "--log-format=COMBINED", "--no-progress", "-o", report, file], null, ct);
            return output is null ? null : lines / watch.Elapsed.TotalSeconds;
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static List<ImportSource> Sources(string file) => [new ImportSource(file, () => File.OpenRead(file), new FileInfo(file).Length)];

    private static IReadOnlyList<string> Row(string what, Outcome outcome) =>
        [what, Report.Format($"{outcome.LinesPerSecond:N0}"), Report.Format($"{outcome.Result:N0}"), Report.Format($"{outcome.Memory.ResidentMb:F0}")];

    private sealed record Outcome(double LinesPerSecond, long Result, MemoryPeak Memory);
}
