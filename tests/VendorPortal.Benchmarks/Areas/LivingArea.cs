using VendorPortal.Benchmarks.Generation;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Reports;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>What the log costs while it lives: the part no segment holds, rebuilding, late pulls, and readers beside all of it.</summary>
internal static class LivingArea
{
    private static readonly string[] Head = ["", "First page", "Page, two filters that never meet", "Count, uniques, histogram", "All option lists, common customer"];
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        await TailAsync(report, options, ct);
        await RebuildAsync(report, options, ct);
        await BesideAsync(report, options, ct);
        await LateAsync(report, options, ct);
    }

    private static async Task TailAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        Report.Say("  tail");
        await using var log = await LivingLog.CopyAsync(options, null, ct);
        await log.Keeper.KeepAsync(log.VendorId, ct);
        var rows = new List<IReadOnlyList<string>>();
        var tail = 0;
        foreach (var wanted in (int[])[0, 1_000, 8_000, 64_000])
        {
            if (wanted > tail)
                await log.WriteAsync(wanted - tail, 0, ct);
            tail = wanted;
            rows.Add([Report.Format($"{wanted:N0} rows"), .. await AskAsync(log, options, ct)]);
        }

        report.Section("The living log: rows above the newest segment");
        report.Table(Head, rows);
    }

    private static async Task RebuildAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        Report.Say("  rebuild");
        await using var log = await LivingLog.CopyAsync(options, null, ct);
        var rows = new List<IReadOnlyList<string>>();
        var missing = 0;
        foreach (var wanted in (int[])[0, 1, 4, 12])
        {
            for (; missing < wanted; missing++)
                log.Drop((missing * 0.07) + 0.05);
            rows.Add([Report.Format($"{wanted} missing"), .. await AskAsync(log, options, ct)]);
        }

        report.Section("The living log: segments that are missing, and building them");
        report.Table(Head, rows);
        await log.Keeper.KeepAsync(log.VendorId, ct);
        var quiet = await BuildAsync(log, ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var writing = Task.Run(() => log.WriteAtPaceAsync(2_000, 0, stop.Token), CancellationToken.None);
        var busy = await BuildAsync(log, ct);
        await stop.CancelAsync();
        var (transactions, _) = await writing;
        report.Note(Report.Format($"A segment of 65,536 pulls is built in {Report.Ms(quiet)} ms, while 2,000 rows a second are written in {Report.Ms(busy)} ms; a transaction of the writer takes {Report.Ms(transactions)} ms meanwhile."));
    }

    private static async Task<Timings> BuildAsync(LivingLog log, CancellationToken ct)
    {
        var took = new List<double>();
        for (var run = 0; run < 12; run++)
        {
            log.Drop(0.1 + (run * 0.05));
            took.Add(await Runner.TimeAsync(() => log.Keeper.KeepAsync(log.VendorId, ct), ct));
        }

        return new Timings(took);
    }

    private static async Task BesideAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var pace in (int[])[0, 1_000, 5_000])
        {
            Report.Say(Report.Format($"  beside {pace}"));
            rows.Add([Report.Format($"{pace:N0} rows/s"), .. await LiveAsync(options, pace, late: 0, ct)]);
        }

        report.Section("The living log: readers beside a writer");
        report.Table([.. Head, "Write transaction", "Rows/s", "In no segment / listed at the end"], rows);
    }

    private static async Task LateAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var (pace, maxChanges) in ((int, int?)[])[(200, null), (1_000, null), (5_000, null), (200, 0)])
        {
            Report.Say(Report.Format($"  late {pace}"));
            rows.Add([Report.Format($"{pace:N0} rows/s{(maxChanges == 0 ? ", nothing listed" : "")}"), .. await LiveAsync(options, pace, late: 0.05, ct, maxChanges)]);
        }

        report.Section("The living log: 5 % of what is written is up to six months late, evenly spread");
        report.Table([.. Head, "Write transaction", "Rows/s", "In no segment / listed at the end"], rows);
    }

    private static async Task<List<string>> LiveAsync(BenchmarkOptions options, int pace, double late, CancellationToken ct, int? maxChanges = null)
    {
        await using var log = await LivingLog.CopyAsync(options, maxChanges, ct);
        await log.Keeper.StartAsync(ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var writing = Task.Run(() => log.WriteAtPaceAsync(pace, late, stop.Token), CancellationToken.None);
        await Task.Delay(Warming, ct);
        var cells = await AskAsync(log, options, ct);
        await stop.CancelAsync();
        var (transactions, perSecond) = await writing;
        var (unsealed, listed) = log.State();
        await log.Keeper.StopAsync(CancellationToken.None);
        return [.. cells, Report.Ms(transactions), Report.Format($"{perSecond:N0}"), Report.Format($"{unsealed:N0} / {listed:N0}")];
    }

    private static async Task<List<string>> AskAsync(LivingLog log, BenchmarkOptions options, CancellationToken ct)
    {
        var questions = new ReadsArea.Questions(log.Services, log.VendorId, ct);
        var common = new PullFilter { Customers = [World.Customer(World.CommonCustomer)] };
        var apart = common with { Artifacts = [World.Artifact(World.ApartArtifact)] };
        var runner = new Runner(options.Runs, options.Budget);
        var cells = new List<string>();
        foreach (var ask in (Func<Task>[])
            [
                () => questions.PageAsync(PullFilter.Everything, null), () => questions.PageAsync(apart, null),
                () => questions.TotalsAsync(PullFilter.Everything), () => questions.OptionsAsync(common),
            ])
            cells.Add(Report.Ms(await runner.MeasureAsync(ask, ct)));
        return cells;
    }
}
