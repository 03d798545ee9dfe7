using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Usage;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>Usage: as many events as the log has pulls elsewhere, sent through the intake; then the figures of each period, of everyone and of one customer.</summary>
internal static class UsageArea
{
    private const int Post = 2_000;
    private const int Senders = 16;
    private const int SmallPost = 10;

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        var folder = Path.Combine(Path.GetFullPath(options.Data), $"usage-{Guid.NewGuid():N}");
        try
        {
            await using var portal = await StartAsync(folder, ct);
            var vendorId = await PrepareAsync(portal.Services, ct);
            var intake = portal.Services.GetRequiredService<UsageIntake>();
            await intake.StartAsync(ct);
            var traffic = new UsageTraffic(options.Seed, options.Pulls);

            var watch = Stopwatch.StartNew();
            foreach (var batch in traffic.Batches(Post))
                await intake.AppendAsync(vendorId, batch, ct);
            var bulk = options.Pulls / watch.Elapsed.TotalSeconds;
            Report.Say(Report.Format($"  {options.Pulls:N0} events of {traffic.People:N0} people after {watch.Elapsed.TotalSeconds:F0} s"));
            var (small, posts) = await LoadAsync(intake, vendorId, options, ct);

            var reader = new UsageReader(portal.Services.GetRequiredService<PortalDatabase>(), new Noon());
            var runner = new Runner(options.Runs, options.Budget);
            var rows = new List<IReadOnlyList<string>>();
            var worst = 0.0;
            foreach (var (name, customer) in new (string, string?)[] { ("everyone", null), ("the largest customer", UsageTraffic.Customer(1)), ("a small customer", UsageTraffic.Customer(UsageTraffic.Customers - 10)) })
            {
                foreach (var (_, period, words) in UsagePeriods.All)
                {
                    var figures = await reader.ReadAsync(vendorId, period, customer, ct);
                    var timings = await runner.MeasureAsync(() => reader.ReadAsync(vendorId, period, customer, ct), ct);
                    worst = Math.Max(worst, timings.P95);
                    rows.Add([$"{words}, {name}", Report.Format($"{figures.ActiveUsers:N0}"), Report.Format($"{figures.Builds.Total + figures.Containers.Total + figures.Images.Pulled:N0}"), Report.Ms(timings), Report.Ms(timings.Processor)]);
                }
            }

            await intake.StopAsync(ct);
            var size = new FileInfo(Path.Combine(folder, "portal.db")).Length;
            report.Section("Usage");
            report.Table(["Page", "Active people", "Builds, containers, pulls", "Figures p50 / p95 / worst, ms", "CPU a run, ms"], rows);
            report.Note(Report.Format(
                $"{options.Pulls:N0} events of {traffic.People:N0} people and {UsageTraffic.Customers:N0} customers in {UsageTraffic.Days} days; {(double)size / options.Pulls:F0} bytes an event with roll-ups. Intake at the store, `synchronous=FULL`: {bulk:N0} events/s in posts of {Post:N0} by one sender, {small:N0} events/s in posts of {SmallPost} by {Senders} senders (a post {Report.Ms(posts)} ms)."));
            report.Goals(Goal.AtMost("Three months of usage, p95 of the worst page", 100, worst));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<WebApplication> StartAsync(string folder, CancellationToken ct)
    {
        var portal = PortalApplication.BuildServices(
            [
                $"--Portal:DataDirectory={folder}", $"--Portal:Owner:Email={BenchmarkStore.OwnerEmail}", $"--Portal:Owner:Password={BenchmarkStore.OwnerPassword}",
            ], builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await portal.Services.GetRequiredService<PortalMigrator>().MigrateAsync(ct);
        await portal.Services.GetRequiredService<FirstOwner>().EnsureAsync(ct);
        return portal;
    }

    private static async Task<int> PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        const int VendorId = 1;
        await using var context = services.GetRequiredService<PortalDbContextFactory>().ForVendor(VendorId);
        context.AddRange(Enumerable.Range(1, UsageTraffic.Customers).Select(rank => new Customer { VendorId = VendorId, Id = rank, Name = UsageTraffic.Customer(rank) }));
        await context.SaveChangesAsync(ct);
        return VendorId;
    }

    // Small posts of many senders, onto what is there.
    private static async Task<(double PerSecond, Timings Posts)> LoadAsync(UsageIntake intake, int vendorId, BenchmarkOptions options, CancellationToken ct)
    {
        var (sent, took) = (0L, new List<double>());
        var end = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
        {
            var traffic = new UsageTraffic(options.Seed + 1_000 + (ulong)sender, 10_000);
            while (end.Elapsed < options.LoadTime)
            {
                var events = traffic.Now(SmallPost, UsageTraffic.EndUtc.AddMilliseconds(-end.ElapsedMilliseconds));
                var one = await Runner.TimeAsync(() => intake.AppendAsync(vendorId, events, ct), ct);
                lock (took)
                    took.Add(one);
                Interlocked.Add(ref sent, events.Count);
            }
        }));
        return (sent / end.Elapsed.TotalSeconds, new Timings(took));
    }

    /// <summary>The clock of the generated events.</summary>
    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(UsageTraffic.EndUtc);
    }
}
