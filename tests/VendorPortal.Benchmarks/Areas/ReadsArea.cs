using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>What the Downloads page asks, under every named filter.</summary>
internal static class ReadsArea
{
    private static readonly (string What, Func<Questions, Task> Ask)[] Summaries =
    [
        ("A year, every repository by week with different addresses", questions => questions.YearAsync(SummaryGroup.Artifact, SummaryPeriod.Week)),
        ("A year, every repository by month with different addresses", questions => questions.YearAsync(SummaryGroup.Artifact, SummaryPeriod.Month)),
        ("A year, every tag and digest by week with different addresses", questions => questions.YearAsync(SummaryGroup.Version, SummaryPeriod.Week)),
        ("Insights, a year by week: sums, lines and different addresses", questions => questions.InsightsAsync()),
        ("Insights, a year: tags, digests, countries, clouds, clients", questions => questions.BreakdownAsync()),
        ("Adoption of an artifact, a year by month", questions => questions.AdoptionAsync()),
    ];

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        await using var store = await GenerateArea.OpenAsync(options, ct);
        var runner = new Runner(options.Runs, options.Budget);
        var questions = new Questions(store.Services, store.VendorId, ct);
        var results = new List<Result>();
        using var memory = MemoryWatch.Start();
        foreach (var filter in Filters.Of(store.Facts).Where(f => f.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            Report.Say($"  {filter.Name}");
            results.Add(await MeasureAsync(runner, questions, filter, ct));
        }

        var versions = await runner.MeasureAsync(questions.VersionsAsync, ct);
        var peak = memory.Stop();
        Print(report, options, results, versions, peak);
        await SummariesAsync(report, runner, questions, ct);
    }

    private static async Task SummariesAsync(Report report, Runner runner, Questions questions, CancellationToken ct)
    {
        using var memory = MemoryWatch.Start();
        var took = new List<Timings>();
        foreach (var (what, ask) in Summaries)
        {
            Report.Say($"  {what}");
            took.Add(await runner.MeasureAsync(() => ask(questions), ct));
        }

        var peak = memory.Stop();
        report.Table(["Summary", "p50 / p95 / worst", "Best / processor"], Summaries.Zip(took, (summary, timings) => (IReadOnlyList<string>)[summary.What, Report.Ms(timings), Quiet(timings)]));
        report.Note(Report.Format($"Memory above idle at the peak: {peak.ManagedMb:F0} MB managed, {peak.ResidentMb:F0} MB resident."));
        report.Goals(Goal.AtMost("A year of different addresses by repository and week, p95", 100, took[0].P95), Goal.AtMost("A year of Insights by week, p95", 100, took[3].P95));
    }

    private static async Task<Result> MeasureAsync(Runner runner, Questions questions, NamedFilter named, CancellationToken ct)
    {
        var filter = named.Filter;
        var count = await questions.Counts.CountAsync(questions.VendorId, filter, ct);
        if (named.Keeps is { } keeps && keeps != count.Count)
            throw new InvalidOperationException($"'{named.Name}' keeps {count.Count} pulls, the generator wrote {keeps}.");
        var first = await questions.Counts.ReadPageAsync(questions.VendorId, filter, null, Questions.PageSize, ct);
        return new Result
        {
            Name = named.Name,
            Keeps = count.Count,
            First = await runner.MeasureAsync(() => questions.PageAsync(filter, null), ct),
            Next = first.Next is { } next ? await runner.MeasureAsync(() => questions.PageAsync(filter, next), ct) : null,
            Totals = await runner.MeasureAsync(() => questions.TotalsAsync(filter), ct),
            Options = await runner.MeasureAsync(() => questions.OptionsAsync(filter), ct),
        };
    }

    private static void Print(Report report, BenchmarkOptions options, List<Result> results, Timings versions, MemoryPeak peak)
    {
        report.Section("Reads: the Downloads page at the store");
        report.Table(
            ["Filter", "Pulls kept", "First page (50)", "Next page", "Count, uniques, histogram", "All option lists"],
            results.Select(r => (IReadOnlyList<string>)
                [r.Name, Report.Format($"{r.Keeps:N0}"), Report.Ms(r.First), r.Next is null ? "–" : Report.Ms(r.Next), Report.Ms(r.Totals), Report.Ms(r.Options)]));
        report.Note("Best run / processor time a run, in milliseconds, which other work on the machine hardly changes:");
        report.Table(
            ["Filter", "First page", "Next page", "Count, uniques, histogram", "All option lists"],
            results.Select(r => (IReadOnlyList<string>)[r.Name, Quiet(r.First), r.Next is null ? "–" : Quiet(r.Next), Quiet(r.Totals), Quiet(r.Options)]));
        report.Note(Report.Format($"Versions of the most pulled artifact: {Report.Ms(versions)}. Fewest runs of a question: {results.Min(r => r.FewestRuns)}. Memory above idle at the peak: {peak.ManagedMb:F0} MB managed, {peak.ResidentMb:F0} MB resident."));

        // The worst filter decides: a mean over filters would hide it.
        var pages = results.SelectMany(r => r.Next is null ? [r.First] : new[] { r.First, r.Next }).ToList();
        var isLarge = options.Pulls > 20_000_000;
        report.Goals(
            Goal.AtMost("A page, p95 of the worst filter", isLarge ? 100 : 25, pages.Max(t => t.P95)),
            Goal.AtMost("A page, worst", isLarge ? 100 : 60, pages.Max(t => t.Worst)),
            Goal.AtMost("Count, uniques and histogram, p95 of the worst filter", isLarge ? 400 : 75, results.Max(r => r.Totals.P95)),
            Goal.AtMost("All option lists, p95 of the worst filter", isLarge ? 800 : 150, results.Max(r => r.Options.P95)));
    }

    private static string Quiet(Timings timings) => $"{Report.Ms(timings.Best)} / {Report.Ms(timings.Processor)}";

    private sealed record Result
    {
        public required string Name { get; init; }

        public required long Keeps { get; init; }

        public required Timings First { get; init; }

        public required Timings? Next { get; init; }

        public required Timings Totals { get; init; }

        public required Timings Options { get; init; }

        public int FewestRuns => Math.Min(First.Runs, Math.Min(Totals.Runs, Options.Runs));
    }

    /// <summary>The questions as the page and the API ask them, through the portal's own readers.</summary>
    internal sealed class Questions(IServiceProvider services, int vendorId, CancellationToken ct)
    {
        public const int PageSize = 50;
        private const int ListSize = 50;

        private readonly TrendReader trends = services.GetRequiredService<TrendReader>();
        private readonly SummaryReader summaries = services.GetRequiredService<SummaryReader>();
        private readonly InsightsReader insights = services.GetRequiredService<InsightsReader>();
        private readonly BreakdownReader breakdowns = services.GetRequiredService<BreakdownReader>();
        private readonly AdoptionReader adoptions = services.GetRequiredService<AdoptionReader>();
        private readonly FilterOptionsReader options = services.GetRequiredService<FilterOptionsReader>();

        public PullReader Counts { get; } = services.GetRequiredService<PullReader>();

        public int VendorId => vendorId;

        public Task PageAsync(PullFilter filter, long? before) => Counts.ReadPageAsync(vendorId, filter, before, PageSize, ct);

        public Task TotalsAsync(PullFilter filter) => trends.ReadTotalsAsync(vendorId, filter, TimeZoneInfo.Utc, ct);

        /// <summary>All six lists; versions are empty where no artifact is chosen.</summary>
        public Task OptionsAsync(PullFilter filter) => OptionsAsync(filter, Enum.GetValues<FilterDimension>());

        public Task OptionsAsync(PullFilter filter, IReadOnlyList<FilterDimension> dimensions) => options.ReadAsync(vendorId, filter, dimensions, null, ListSize, ct);

        public Task YearAsync(SummaryGroup group, SummaryPeriod period) =>
            summaries.ReadAsync(vendorId, new PullFilter { FromUtc = Generation.Traffic.EndUtc.AddYears(-1), ToUtc = Generation.Traffic.EndUtc }, group, period, ct);

        public Task InsightsAsync() => insights.ReadAsync(vendorId, PullFilter.Everything, Year, byNamespace: false, ct);

        public Task BreakdownAsync() => breakdowns.ReadAsync(vendorId, Year.ApplyTo(PullFilter.Everything), ListSize, ct);

        public Task AdoptionAsync() =>
            adoptions.ReadAsync(vendorId, new AdoptionQuery(Generation.World.Artifact(1), Year with { Step = InsightsStep.Month }, AdoptionWho.Everyone, null, null, 0, ListSize), ct);

        private static InsightsRange Year { get; } =
            new(DateOnly.FromDateTime(Generation.Traffic.EndUtc.AddYears(-1)), DateOnly.FromDateTime(Generation.Traffic.EndUtc).AddDays(-1), InsightsStep.Week);

        public Task VersionsAsync() =>
            options.ReadAsync(vendorId, new PullFilter { Artifacts = [Generation.World.Artifact(1)] }, FilterDimension.Version, null, ListSize, ct);
    }
}
