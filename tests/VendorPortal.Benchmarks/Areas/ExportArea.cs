using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Exports;
using VendorPortal.Reports;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>The whole log as CSV, beside the CSV of the <c>sqlite3</c> shell for the same join.</summary>
internal static class ExportArea
{
    // Kind to the shell: it formats neither times nor addresses.
    private const string ShellQuery = """
        SELECT p.Id, c.Name, u.Principal, u.Email, hex(n.Value), a.Name, v.Name FROM Pulls p
        JOIN Artifacts a ON a.VendorId = p.VendorId AND a.Id = p.ArtifactId
        JOIN Versions v ON v.VendorId = p.VendorId AND v.Id = p.VersionId
        LEFT JOIN Customers c ON c.VendorId = p.VendorId AND c.Id = p.CustomerId
        LEFT JOIN Users u ON u.VendorId = p.VendorId AND u.Id = p.UserId
        LEFT JOIN Addresses n ON n.VendorId = p.VendorId AND n.Id = p.AddressId
        WHERE p.VendorId = @vendor ORDER BY p.Id DESC
        """;

    private static readonly PullFilter WholeLog = new() { Publishers = PublisherPulls.Include };

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        await using var store = await GenerateArea.OpenAsync(options, ct);
        var export = store.Services.GetRequiredService<PullExport>();
        await export.WriteAsync(store.VendorId, Filters.Of(store.Facts).First(f => f.Name == "rare customer").Filter, new ExportOptions(), new CountingStream(), ct); // warms up

        var rows = new List<IReadOnlyList<string>>();
        var whole = await MeasureAsync(export, store.VendorId, WholeLog, options, ct);
        if (whole.Rows != store.Facts.Pulls)
            throw new InvalidOperationException($"The export has {whole.Rows} rows of {store.Facts.Pulls} pulls.");
        rows.Add(Row("The portal, whole log", whole));
        rows.Add(Row("The portal, whole log, all columns", await MeasureAsync(export, store.VendorId, WholeLog, options, ct, new ExportOptions { AllColumns = true })));
        rows.Add(Row("The portal, whole log, NDJSON", await MeasureAsync(export, store.VendorId, WholeLog, options, ct, new ExportOptions { Format = ExportFormat.Ndjson })));
        foreach (var name in (string[])["common customer", "CIDR /8"])
            rows.Add(Row($"The portal, {name}", await MeasureAsync(export, store.VendorId, Filters.Of(store.Facts).First(f => f.Name == name).Filter, options, ct)));
        var shell = await ShellRateAsync(store, ct);
        rows.Add(["`sqlite3 -csv`, whole log", Report.Format($"{store.Facts.Pulls:N0}"), shell is null ? "not installed" : Report.Format($"{shell:N0}"), "–", "–", "–", "–"]);

        report.Section("CSV export");
        report.Table(["What", "Rows", "Rows/s", "Rows a second of processor", "MB", "Managed MB above idle", "Resident MB above idle"], rows);
        report.Goals(Goals(whole, shell));
    }

    private static IEnumerable<Goal> Goals(Outcome whole, double? shell)
    {
        yield return Goal.AtLeast("CSV of the whole log", 1_000_000, whole.RowsPerSecond, "rows/s");
        if (shell is { } rate)
            yield return Goal.Ratio("CSV against the `sqlite3` shell", 3, whole.RowsPerSecond / rate);
        yield return new Goal("CSV, memory above idle", "≤ 64 MB", Report.Format($"{whole.Memory.ResidentMb:F0} MB"), whole.Memory.ResidentMb <= 64);
    }

    private static async Task<Outcome> MeasureAsync(PullExport export, int vendorId, PullFilter filter, BenchmarkOptions options, CancellationToken ct, ExportOptions? format = null)
    {
        using var memory = MemoryWatch.Start();
        var (best, processor) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        var total = Stopwatch.StartNew();
        var output = new CountingStream();
        long rows = 0;
        for (var run = 0; run == 0 || (run < 3 && total.Elapsed < options.Budget); run++)
        {
            output = new CountingStream();
            var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            rows = await export.WriteAsync(vendorId, filter, format ?? new ExportOptions(), output, ct);
            best = watch.Elapsed < best ? watch.Elapsed : best;
            var used = Environment.CpuUsage.TotalTime - before;
            processor = used < processor ? used : processor;
        }

        return new Outcome(rows, best, processor, output.Length, memory.Stop());
    }

    // The best of the same number of runs as ours.
    private static async Task<double?> ShellRateAsync(BenchmarkStore store, CancellationToken ct)
    {
        var query = ShellQuery.Replace("@vendor", store.VendorId.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var best = double.MaxValue;
        for (var run = 0; run < 2; run++)
        {
            var watch = Stopwatch.StartNew();
            if (await Tool.TryRunAsync("sqlite3", ["-readonly", "-csv", "-cmd", ".output /dev/null", store.DatabaseFile, query], null, ct) is null)
                return null;
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        return store.Facts.Pulls / best;
    }

    private static IReadOnlyList<string> Row(string what, Outcome outcome) =>
    [
        what, Report.Format($"{outcome.Rows:N0}"), Report.Format($"{outcome.RowsPerSecond:N0}"), Report.Format($"{outcome.Rows / outcome.Processor.TotalSeconds:N0}"), Report.Format($"{outcome.Bytes / 1e6:N0}"),
        Report.Format($"{outcome.Memory.ManagedMb:F0}"), Report.Format($"{outcome.Memory.ResidentMb:F0}"),
    ];

    private sealed record Outcome(long Rows, TimeSpan Best, TimeSpan Processor, long Bytes, MemoryPeak Memory)
    {
        public double RowsPerSecond => Rows / Best.TotalSeconds;
    }
}
