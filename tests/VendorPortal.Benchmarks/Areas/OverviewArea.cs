using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Reports;
using VendorPortal.Reports.Overview;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>What the page Overview and those of artifacts and customers ask.</summary>
internal static class OverviewArea
{
    private const int Rows = 25;

    private static readonly DateOnly Last = DateOnly.FromDateTime(Traffic.EndUtc).AddDays(-1);
    private static readonly OverviewRange Month = new(Last.AddDays(-29), Last);
    private static readonly OverviewRange Year = new(Last.AddDays(-364), Last);
    private static readonly OverviewRange AllTime = new(DateOnly.FromDateTime(Traffic.StartUtc), Last, IsAllTime: true);
    private static readonly PullFilter Artifact = new() { Artifacts = [World.Artifact(1)] };
    private static readonly PullFilter Customer = new() { Customers = [World.Customer(World.CommonCustomer)] };

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        await using var store = await GenerateArea.OpenAsync(options, ct);
        var (reader, activity) = (store.Services.GetRequiredService<OverviewReader>(), store.Services.GetRequiredService<ActivityReader>());
        var runner = new Runner(options.Runs, options.Budget);
        (string What, Func<Task> Ask)[] questions =
        [
            ("Head, last month: sums, days, kinds, customers, addresses", () => reader.ReadAsync(store.VendorId, PullFilter.Everything, Month, ct)),
            ("Head, a year", () => reader.ReadAsync(store.VendorId, PullFilter.Everything, Year, ct)),
            ("Head, all time", () => reader.ReadAsync(store.VendorId, PullFilter.Everything, AllTime, ct)),
            ("Head, the month before", () => reader.ReadBeforeAsync(store.VendorId, PullFilter.Everything, Month, ct)),
            ("Repositories, last month", () => TableAsync(PullFilter.Everything, Month, ActivityGroup.Artifact, ActivityGroup.Customer)),
            ("Repositories, a year", () => TableAsync(PullFilter.Everything, Year, ActivityGroup.Artifact, ActivityGroup.Customer)),
            ("Repositories, all time", () => TableAsync(PullFilter.Everything, AllTime, ActivityGroup.Artifact, ActivityGroup.Customer)),
            ("Repositories, a year, found by a text", () => TableAsync(PullFilter.Everything, Year, ActivityGroup.Artifact, ActivityGroup.Customer, World.Artifact(1))),
            ("Customers, a year", () => TableAsync(PullFilter.Everything, Year, ActivityGroup.Customer, ActivityGroup.Artifact)),
            ("An artifact, a year: head", () => reader.ReadAsync(store.VendorId, Artifact, Year, ct)),
            ("An artifact, a year: tags", () => TableAsync(Artifact, Year, ActivityGroup.Tag, ActivityGroup.Customer)),
            ("An artifact, a year: digests", () => TableAsync(Artifact, Year, ActivityGroup.Digest, ActivityGroup.Customer)),
            ("An artifact, a year: customers", () => TableAsync(Artifact, Year, ActivityGroup.Customer, ActivityGroup.Address)),
            ("A customer, a year: versions", () => TableAsync(Customer, Year, ActivityGroup.Version, ActivityGroup.Address)),
            ("A customer, a year: addresses", () => TableAsync(Customer, Year, ActivityGroup.Address, ActivityGroup.Artifact)),
        ];
        using var memory = MemoryWatch.Start();
        var took = new List<Timings>();
        foreach (var (what, ask) in questions)
        {
            Report.Say($"  {what}");
            took.Add(await runner.MeasureAsync(ask, ct));
        }

        var peak = memory.Stop();
        report.Section("Overview: the page after the sign-in, artifacts and customers at the store");
        report.Table(
            ["Question", "p50 / p95 / worst", "Best / processor"],
            questions.Zip(took, (question, timings) => (IReadOnlyList<string>)[question.What, Report.Ms(timings), $"{Report.Ms(timings.Best)} / {Report.Ms(timings.Processor)}"]));
        report.Note(Report.Format($"Memory above idle at the peak: {peak.ManagedMb:F0} MB managed, {peak.ResidentMb:F0} MB resident."));
        report.Goals(Goal.AtMost("Overview, a year with different addresses, p95", 100, took[1].P95), Goal.AtMost("Overview, repositories of a year, p95", 100, took[5].P95));

        Task TableAsync(PullFilter filter, OverviewRange range, ActivityGroup group, ActivityGroup counted, string? search = null) =>
            activity.ReadAsync(store.VendorId, filter, range, new ActivityQuery(group, counted, ActivitySort.Downloads, Ascending: false, search, Skip: 0, Rows, WithIdle: group is ActivityGroup.Artifact), ct);
    }
}
