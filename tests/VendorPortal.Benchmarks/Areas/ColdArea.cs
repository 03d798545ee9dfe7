using VendorPortal.Benchmarks.Generation;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Reports;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>The first question after a long pause: the database file is put out of the system's file cache before each run.</summary>
internal static class ColdArea
{
    private const int Runs = 5;

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        report.Section("Reads with a cold file cache");
        await using var store = await GenerateArea.OpenAsync(options, ct);
        if (!OperatingSystem.IsLinux() || !await TryEvictAsync(store, ct))
        {
            report.Note("**Skipped:** putting a file out of the cache needs Linux and GNU `dd`.");
            return;
        }

        var questions = new ReadsArea.Questions(store.Services, store.VendorId, ct);
        var rare = new PullFilter { Customers = [World.Customer(World.RareCustomer)] };
        (string What, Func<Task> Ask)[] asked =
        [
            ("First page, no filter", () => questions.PageAsync(PullFilter.Everything, null)),
            ("First page, rare customer", () => questions.PageAsync(rare, null)),
            ("Count, uniques, histogram, no filter", () => questions.TotalsAsync(PullFilter.Everything)),
            ("All option lists, rare customer", () => questions.OptionsAsync(rare)),
        ];
        var rows = new List<IReadOnlyList<string>>();
        foreach (var (what, ask) in asked)
            rows.Add([what, Report.Ms(await MeasureAsync(store, ask, ct))]);
        report.Table(["Question", "ms"], rows);
    }

    private static async Task<Timings> MeasureAsync(BenchmarkStore store, Func<Task> ask, CancellationToken ct)
    {
        await ask(); // compiled before it is measured
        var measured = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            await TryEvictAsync(store, ct);
            measured.Add(await Runner.TimeAsync(ask, ct));
        }

        return new Timings(measured);
    }

    // Connections of the pool hold pages of their own: they are closed as well.
    private static async Task<bool> TryEvictAsync(BenchmarkStore store, CancellationToken ct)
    {
        store.CloseConnections();
        return await Tool.TryRunAsync("dd", [$"if={store.DatabaseFile}", "iflag=nocache", "count=0", "status=none"], null, ct) is not null;
    }
}
