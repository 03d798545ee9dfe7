using System.Collections.Concurrent;
using System.Diagnostics;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Reports;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>Reads of a large log while requests come in, are classified and become part of it: on a copy, by the whole portal.</summary>
internal static class BesideArea
{
    private const int RequestsPerSecond = 2_000;
    private const int RequestsOfPost = 10;

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        string file;
        await using (var store = await GenerateArea.OpenAsync(options, ct))
            file = store.DatabaseFile;
        await using var portal = await LivePortal.StartAsync(options, file, ct);
        var questions = new ReadsArea.Questions(portal.Services, portal.VendorId, ct);
        var common = new PullFilter { Customers = [World.Customer(World.CommonCustomer)] };
        var apart = common with { Artifacts = [World.Artifact(World.ApartArtifact)] };
        (string What, Func<Task> Ask)[] asked =
        [
            ("First page, no filter", () => questions.PageAsync(PullFilter.Everything, null)),
            ("First page, customer + artifact that never meet", () => questions.PageAsync(apart, null)),
            ("Count, uniques, histogram, no filter", () => questions.TotalsAsync(PullFilter.Everything)),
            ("Count, uniques, histogram, common customer", () => questions.TotalsAsync(common)),
            ("All option lists, common customer", () => questions.OptionsAsync(common)),
        ];

        var runner = new Runner(options.Runs, options.Budget);
        var quiet = await MeasureAsync(runner, asked, ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watch = Stopwatch.StartNew();
        var sending = SendAsync(portal, new LiveTraffic(options.Seed), stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(10), ct); // until pulls are written as fast as requests come
        var busy = await MeasureAsync(runner, asked, ct);
        var seconds = watch.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        var posts = await sending;

        report.Section("Reads beside ingestion");
        report.Table(["Question", "Nothing comes in", "Requests come in"], asked.Select((q, i) => (IReadOnlyList<string>)[q.What, Report.Ms(quiet[i]), Report.Ms(busy[i])]));
        report.Note(Report.Format($"Meanwhile {posts.Runs * RequestsOfPost / seconds:N0} requests a second were sent ({RequestsOfPost} a post), acknowledged durably and classified; a post took {Report.Ms(posts.P50)} / {Report.Ms(posts.P99)} / {Report.Ms(posts.Worst)} ms (p50 / p99 / worst)."));
    }

    private static async Task<List<Timings>> MeasureAsync(Runner runner, IEnumerable<(string What, Func<Task> Ask)> asked, CancellationToken ct)
    {
        var timings = new List<Timings>();
        foreach (var (_, ask) in asked)
            timings.Add(await runner.MeasureAsync(ask, ct));
        return timings;
    }

    // At an even pace, whether the earlier posts are answered or not.
    private static async Task<Timings> SendAsync(LivePortal portal, LiveTraffic traffic, CancellationToken stop)
    {
        var took = new ConcurrentBag<double>();
        var posts = new List<Task>();
        var watch = Stopwatch.StartNew();
        while (!stop.IsCancellationRequested)
        {
            var due = (int)(watch.Elapsed.TotalSeconds * RequestsPerSecond / RequestsOfPost);
            while (posts.Count < due)
                posts.Add(PostAsync());
            await Task.Delay(2, CancellationToken.None);
        }

        await Task.WhenAll(posts);
        return new Timings(took);

        async Task PostAsync()
        {
            var start = Stopwatch.GetTimestamp();
            await portal.AppendAsync(traffic.NextBatch(RequestsOfPost), CancellationToken.None);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }
}
