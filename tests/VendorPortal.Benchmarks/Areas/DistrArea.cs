using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Benchmarks.Distr;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Benchmarks.Measuring;
using VendorPortal.Exports;
using VendorPortal.Reports;
using VendorPortal.Storage;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>Distr's own queries on PostgreSQL against the portal's readers: the same pulls, the same questions, in one run.</summary>
internal static class DistrArea
{
    private const int ExportRows = 10_000;

    // Distr has no word for the vendor's own pulls: both show everything.
    private static readonly PullFilter All = new() { Publishers = PublisherPulls.Include };

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        report.Section("Beside Distr");
        if (PostgresCluster.FindPrograms() is not { } programs)
        {
            report.Note("**Skipped:** PostgreSQL is not installed. On Debian: `apt-get install --no-install-recommends postgresql-15`, then run again.");
            return;
        }

        await using var store = await GenerateArea.OpenAsync(options, ct);
        await using var cluster = await PostgresCluster.StartAsync(programs, Settings, ct);
        Report.Say("  loading PostgreSQL");
        await DistrLog.LoadAsync(cluster, store, ct);
        var newest = await store.Services.GetRequiredService<PullReader>().ReadPageAsync(store.VendorId, All, null, ExportRows, ct);
        var questions = Questions(store, newest.Items[^1].AtUtc, ct);
        await CheckAsync(cluster, store, ct);

        var distr = new DistrQueries(cluster, Math.Min(options.Runs, 7), options.Budget * 3);
        var shipped = await MeasureAsync(distr, questions, "as shipped", ct);
        await cluster.RunAsync("SET maintenance_work_mem = '1GB'; CREATE INDEX ON artifactversionpull (created_at); ANALYZE artifactversionpull;", ct);
        var indexed = await MeasureAsync(distr, questions, "with an index", ct);
        var runner = new Runner(options.Runs, options.Budget);
        var portal = new List<Timings>();
        foreach (var question in questions)
            portal.Add(await runner.MeasureAsync(question.Ask, ct));
        Print(report, questions, shipped, indexed, portal);
    }

    // Kind to Distr: its compose file runs PostgreSQL with its stock settings, a quarter of these.
    private static IEnumerable<string> Settings
    {
        get
        {
            var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024);
            return [string.Create(CultureInfo.InvariantCulture, $"shared_buffers={Math.Min(4096, memory / 4)}MB"), "work_mem=16MB", "max_wal_size=4GB", "fsync=off", "full_page_writes=off", "autovacuum=off", "temp_file_limit=50GB"];
        }
    }

    private static IReadOnlyList<Question> Questions(BenchmarkStore store, DateTime exportFrom, CancellationToken ct)
    {
        var world = new World();
        var sample = store.Facts.Sample;
        var asks = new ReadsArea.Questions(store.Services, store.VendorId, ct);
        var all = All;
        var halfYearAgo = Traffic.EndUtc.AddMonths(-6);
        var rareAddress = store.Facts.RareAddresses[0];
        var apartDigest = Enumerable.Range(1, World.Versions).First(id => World.Version(id) == store.Facts.ApartDigest);
        return
        [
            List("L1", "first page", all, "l_none"),
            ListBefore("L2", "page half a year back", all, "l_none", halfYearAgo, []),
            List("L4", "biggest customer", all with { Customers = [World.Customer(1)] }, "l_cust", DistrLog.Customer(1)),
            List("L5", "a rare user", all with { Users = [world.User(world.RareUser)] }, "l_user", DistrLog.User(world.RareUser)),
            List("L6a", "a rare address", all with { Addresses = [rareAddress] }, "l_addr", rareAddress),
            List("L6b", "an address never seen", all with { Addresses = ["192.0.2.1"] }, "l_addr", "192.0.2.1"),
            List("L7", "biggest artifact", all with { Artifacts = [World.Artifact(1)] }, "l_art", DistrLog.Artifact(1)),
            List(
                "L8", "artifact + version", all with { Artifacts = [World.Artifact(World.ApartArtifact)], Versions = [store.Facts.ApartDigest] }, "l_ver",
                DistrLog.Artifact(World.ApartArtifact), DistrLog.Version(apartDigest)),
            List("L9", "everything at once", Filters.All(sample) with { Publishers = PublisherPulls.Include }, "l_all", AllOf(world, sample)),
            new("F1–F4", "lists of customers, users, addresses, artifacts", "options",
                [.. new[] { "f_cust", "f_user", "f_addr", "f_art" }.Select(name => $"EXECUTE {name}('{DistrLog.Organization}', true, NULL);")],
                () => asks.OptionsAsync(all, [FilterDimension.Customer, FilterDimension.User, FilterDimension.Address, FilterDimension.Artifact])),
            new("E1", "CSV, its limit of 10,000 rows", "list", [Execute("l_none", Traffic.EndUtc, ExportRows, [])], () => ExportAsync(store, all with { FromUtc = exportFrom }, ct)),
        ];

        Question List(string id, string what, PullFilter filter, string statement, params IEnumerable<string> values) =>
            ListBefore(id, what, filter, statement, null, values);

        Question ListBefore(string id, string what, PullFilter filter, string statement, DateTime? before, IEnumerable<string> values) =>
            new(id, what, "list", [Execute(statement, before ?? Traffic.EndUtc, ReadsArea.Questions.PageSize, values)], () => asks.PageAsync(filter, before is { } time ? PullIds.Bound(time) : null));
    }

    private static string[] AllOf(World world, KnownPull pull)
    {
        var artifact = Enumerable.Range(1, World.Artifacts).First(id => World.Artifact(id) == pull.Artifact);
        var version = Enumerable.Range(1, World.Versions).First(id => World.ArtifactOfVersion(id) == artifact && World.Version(id) == pull.Version);
        var user = Enumerable.Range(1, World.Users).First(id => world.User(id) == pull.User);
        return
        [
            DistrLog.Time(Traffic.StartUtc), DistrLog.Customer(world.CustomerOfUser(user)), DistrLog.User(user), pull.Address, DistrLog.Artifact(artifact), DistrLog.Version(version),
        ];
    }

    private static string Execute(string statement, DateTime before, int rows, IEnumerable<string> values) => string.Create(
        CultureInfo.InvariantCulture,
        $"EXECUTE {statement}('{DistrLog.Organization}', '{DistrLog.Time(before)}', true, NULL, {rows}{string.Concat(values.Select(v => $", '{v}'"))});");

    private static async Task ExportAsync(BenchmarkStore store, PullFilter filter, CancellationToken ct) =>
        await store.Services.GetRequiredService<PullExport>().WriteAsync(store.VendorId, filter, new ExportOptions(), new CountingStream(), ct);

    // What is compared must be the same log.
    private static async Task CheckAsync(PostgresCluster cluster, BenchmarkStore store, CancellationToken ct)
    {
        var facts = store.Facts;
        var answer = await cluster.RunAsync(
            $"""
            SELECT count(*) || ' ' || count(*) FILTER (WHERE customer_organization_id = '{DistrLog.Customer(World.CommonCustomer)}') || ' ' || count(*) FILTER (WHERE remote_address = '{facts.CommonAddress}')
            FROM artifactversionpull;
            """, ct);
        var expected = string.Create(CultureInfo.InvariantCulture, $"{facts.Pulls} {facts.CommonCustomerPulls} {facts.CommonAddressPulls}");
        if (answer.Trim() != expected)
            throw new InvalidOperationException($"PostgreSQL holds other pulls than the portal: {answer.Trim()} instead of {expected}.");
    }

    private static async Task<List<Timings?>> MeasureAsync(DistrQueries distr, IReadOnlyList<Question> questions, string how, CancellationToken ct)
    {
        var timings = new List<Timings?>();
        foreach (var question in questions)
        {
            Report.Say($"  Distr {how}: {question.Id} {question.What}");
            timings.Add(await distr.MeasureAsync(question.Script, question.Executions, ct));
        }

        return timings;
    }

    private static void Print(Report report, IReadOnlyList<Question> questions, List<Timings?> shipped, List<Timings?> indexed, List<Timings> portal)
    {
        report.Note("PostgreSQL with " + string.Join(", ", Settings.Take(2)) + " (its stock settings, which Distr's compose file uses, are less), everything cached, fresh indexes and statistics; p50 / worst in milliseconds. “Indexed”: with an index on `created_at` that Distr does not have. Both sides at the store, without HTTP.");
        report.Table(
            ["Question", "Distr as shipped", "Distr indexed", "The portal, p50 / p95", "Ratio", "Ratio, indexed"],
            questions.Select((q, i) => (IReadOnlyList<string>)
                [$"{q.Id} {q.What}", Cell(shipped[i]), Cell(indexed[i]), $"{Report.Ms(portal[i].P50)} / {Report.Ms(portal[i].P95)}", RatioCell(shipped[i], portal[i]), RatioCell(indexed[i], portal[i])]));
        var first = Find("L1");
        var lists = Find("F1–F4");
        report.Goals(
            Goal.Ratio("First page against Distr as shipped", 100, Ratio(shipped[first], portal[first])),
            Goal.Ratio("First page against Distr with an index on its date", 10, Ratio(indexed[first], portal[first])),
            Goal.Ratio("Filter lists against Distr's four", 50, Ratio(shipped[lists], portal[lists])));

        int Find(string id) => questions.Select((q, i) => (q.Id, i)).First(q => q.Id == id).i;
    }

    private static string Cell(Timings? timings) => timings is null ? "gave up" : $"{Report.Ms(timings.P50)} / {Report.Ms(timings.Worst)}";

    private static string RatioCell(Timings? distr, Timings portal) => distr is null ? "–" : Report.Times(Ratio(distr, portal));

    private static double Ratio(Timings? distr, Timings portal) => (distr?.P50 ?? double.PositiveInfinity) / portal.P50;

    /// <summary>A question, as Distr's database is asked and as the portal's readers are.</summary>
    private sealed record Question(string Id, string What, string Script, IReadOnlyList<string> Executions, Func<Task> Ask);
}
