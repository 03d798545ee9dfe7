using System.Diagnostics;
using System.Net.Http.Headers;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>Durable ingestion: how many requests a second are acknowledged after their commit, and how long a post waits for it.</summary>
internal static class IngestArea
{
    private const int Connections = 64;
    private const int FillingPost = 2_000;

    // Senders at once × requests of a post.
    private static readonly (int Senders, int Requests)[] StoreLoads = [(64, 1), (512, 1), (64, 10), (32, 100)];
    private static readonly (int Senders, int Requests)[] HttpLoads = [(Connections, 1), (Connections, 10), (Connections, 100)];

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        var results = new List<Result>();
        foreach (var (senders, requests) in StoreLoads)
            results.Add(await MeasureAsync("store", senders, requests, 0, FeedKind.Ndjson, options, StoreSender, ct));
        if (options.Journal > 0)
            results.Add(await MeasureAsync(Report.Format($"store, after {options.Journal:N0}"), 64, 10, options.Journal, FeedKind.Ndjson, options, StoreSender, ct));
        foreach (var (senders, requests) in HttpLoads)
            results.Add(await MeasureAsync("HTTP", senders, requests, 0, FeedKind.Ndjson, options, LineSender, ct));
        results.Add(await MeasureAsync("HTTP, notifications", Connections, 10, 0, FeedKind.Distribution, options, EnvelopeSender, ct));

        report.Section("Ingestion: acknowledged after the commit");
        report.Table(
            ["Way", "Senders", "Requests a post", "Requests/s", "Post p50 / p95 / p99 / worst, ms", "Sent back", "MB resident above idle"],
            results.Select(r => (IReadOnlyList<string>)
            [
                r.Way, Report.Format($"{r.Senders}"), Report.Format($"{r.Requests}"), Report.Format($"{r.PerSecond:N0}"),
                $"{Report.Ms(r.Posts.P50)} / {Report.Ms(r.Posts.P95)} / {Report.Ms(r.Posts.P99)} / {Report.Ms(r.Posts.Worst)}", Report.Format($"{r.Refused:N0}"), Report.Format($"{r.Memory.ResidentMb:F0}"),
            ]));
        report.Note("An empty store (but for the load told apart), `synchronous=FULL`, classification running beside it; the load generator runs in the same process, and its memory counts too. HTTP posts are NDJSON, but for the envelopes of CNCF Distribution. After each load the journal held every acknowledged request.");
        report.Goals(Goals(results));
    }

    private static IEnumerable<Goal> Goals(List<Result> results)
    {
        // The fastest load that keeps the waiting time; where none does, the fastest.
        var store = results.Where(r => r.Way == "store").OrderByDescending(r => r.Posts.P99 <= 50).ThenByDescending(r => r.PerSecond).First();
        yield return Goal.AtLeast("Ingestion at the store", 25_000, store.PerSecond, "requests/s");
        yield return Goal.AtMost("Ingestion at the store, p99 of a post at that rate", 50, store.Posts.P99);
        yield return Goal.AtLeast("Ingestion through HTTP, 64 connections", 10_000, results.Where(r => r.Way == "HTTP").Max(r => r.PerSecond), "requests/s");
    }

    private static async Task<Result> MeasureAsync(
        string way, int senders, int requests, int before, FeedKind kind, BenchmarkOptions options, Func<LivePortal, LiveTraffic, int, CancellationToken, Func<Task<bool>>> makeSender, CancellationToken ct)
    {
        Report.Say(Report.Format($"  {way}, {senders} senders, {requests} requests a post"));
        await using var portal = await LivePortal.StartAsync(options, kind, ct);
        var traffic = new LiveTraffic(options.Seed);
        for (var sent = 0; sent < before; sent += FillingPost)
            await portal.AppendAsync(traffic.NextBatch(FillingPost), ct);
        using var memory = MemoryWatch.Start();
        using var load = new Load(options.LoadTime);
        var tasks = Enumerable.Range(0, senders).Select(i => Task.Run(() => load.RunAsync(makeSender(portal, traffic, requests, ct), ct), ct)).ToArray();
        await Task.WhenAll(tasks);
        var peak = memory.Stop();
        var acknowledged = load.Acknowledged * requests;
        var journaled = portal.Journaled() - (long)Math.Ceiling(before / (double)FillingPost) * FillingPost;
        if (journaled != acknowledged)
            throw new InvalidOperationException($"{acknowledged} requests were acknowledged, {journaled} are in the journal.");
        return new Result(way, senders, requests, load.Measured.Length * requests / options.LoadTime.TotalSeconds, new Timings(load.Measured), load.Refused, peak);
    }

    private static Func<Task<bool>> StoreSender(LivePortal portal, LiveTraffic traffic, int requests, CancellationToken ct) => async () =>
    {
        try
        {
            await portal.AppendAsync(traffic.NextBatch(requests), ct);
            return true;
        }
        catch (JournalFullException)
        {
            return false;
        }
    };

    private static Func<Task<bool>> LineSender(LivePortal portal, LiveTraffic traffic, int requests, CancellationToken ct) =>
        HttpSender(portal, traffic, offset => traffic.NewLines(requests, offset), ct);

    private static Func<Task<bool>> EnvelopeSender(LivePortal portal, LiveTraffic traffic, int requests, CancellationToken ct) =>
        HttpSender(portal, traffic, offset => traffic.NewEnvelope(requests, offset), ct);

    private static Func<Task<bool>> HttpSender(LivePortal portal, LiveTraffic traffic, Func<int, LiveBody> newBody, CancellationToken ct)
    {
        // A connection of its own.
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseCookies = false, UseProxy = false });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", portal.Secret);
        var bodies = Enumerable.Range(0, 16).Select(i => newBody(Random.Shared.Next(10_000) + i)).ToArray();
        var next = 0;
        return async () =>
        {
            var body = bodies[next++ % bodies.Length];
            traffic.Renew(body);
            using var content = new ByteArrayContent(body.Bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue(body.MediaType);
            using var answer = await client.PostAsync(portal.IngestUri, content, ct);
            if (answer.StatusCode is not (System.Net.HttpStatusCode.TooManyRequests or System.Net.HttpStatusCode.ServiceUnavailable))
                answer.EnsureSuccessStatusCode();
            return answer.IsSuccessStatusCode;
        };
    }

    private sealed record Result(string Way, int Senders, int Requests, double PerSecond, Timings Posts, long Refused, MemoryPeak Memory);

    /// <summary>Senders that post one after the other: some time to warm up, then measured.</summary>
    private sealed class Load : IDisposable
    {
        private readonly TimeSpan warmUp = TimeSpan.FromSeconds(3);
        private readonly long start = Stopwatch.GetTimestamp();
        private readonly TimeSpan length;
        private readonly SemaphoreSlim adding = new(1, 1);
        private readonly List<double> measured = [];
        private long acknowledged;
        private long refused;

        public Load(TimeSpan length) => this.length = length;

        /// <summary>Milliseconds of the posts that were acknowledged in the measured time.</summary>
        public double[] Measured => [.. measured];

        public long Acknowledged => acknowledged;

        public long Refused => refused;

        public async Task RunAsync(Func<Task<bool>> post, CancellationToken ct)
        {
            var mine = new List<double>(4096);
            while (Stopwatch.GetElapsedTime(start) < warmUp + length)
            {
                var began = Stopwatch.GetTimestamp();
                if (!await post())
                {
                    Interlocked.Increment(ref refused);
                    await Task.Delay(5, ct);
                    continue;
                }

                Interlocked.Increment(ref acknowledged);
                var ended = Stopwatch.GetElapsedTime(start);
                if (ended >= warmUp && ended < warmUp + length)
                    mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            await adding.WaitAsync(ct);
            measured.AddRange(mine);
            adding.Release();
        }

        public void Dispose() => adding.Dispose();
    }
}
