using System.CommandLine;
using VendorPortal.Benchmarks;
using VendorPortal.Benchmarks.Areas;
using VendorPortal.Benchmarks.Measuring;

// dotnet run -c Release --project tests/VendorPortal.Benchmarks -- all --pulls 10000000 --data /some/folder

// dotnet run -c Release --project tests/VendorPortal.Benchmarks -- build-networks --help: the data of networks that comes with the portal

// In this order: what is quick first, what loads the machine last.
var areas = new Dictionary<string, Func<Report, BenchmarkOptions, CancellationToken, Task>>(StringComparer.Ordinal)
{
    ["generate"] = GenerateArea.RunAsync,
    ["reads"] = ReadsArea.RunAsync,
    ["overview"] = OverviewArea.RunAsync,
    ["cold"] = ColdArea.RunAsync,
    ["parse"] = ParseArea.RunAsync,
    ["export"] = ExportArea.RunAsync,
    ["disk"] = DiskArea.RunAsync,
    ["start"] = StartArea.RunAsync,
    ["browser"] = BrowserArea.RunAsync,
    ["ingest"] = IngestArea.RunAsync,
    ["import"] = ImportArea.RunAsync,
    ["network"] = NetworkArea.RunAsync,
    ["usage"] = UsageArea.RunAsync,
    ["beside"] = BesideArea.RunAsync,
    ["living"] = LivingArea.RunAsync,
    ["distr"] = DistrArea.RunAsync,
};
var wanted = new Argument<string[]>("areas") { Description = $"all, or some of: {string.Join(", ", areas.Keys)}.", DefaultValueFactory = _ => ["all"] };
wanted.AcceptOnlyFromAmong(["all", .. areas.Keys]);
var pulls = new Option<long>("--pulls") { Description = "Size of the log.", DefaultValueFactory = _ => 1_000_000 };
var data = new Option<string>("--data") { Description = "Folder in which generated databases are kept.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "vendor-portal-benchmarks") };
var seed = new Option<ulong>("--seed") { Description = "Another seed is another log.", DefaultValueFactory = _ => 1 };
var runs = new Option<int>("--runs") { Description = "Measured runs of a question.", DefaultValueFactory = _ => 40 };
var budget = new Option<int>("--budget") { Description = "Seconds a question may take; a slow one gets fewer runs.", DefaultValueFactory = _ => 10 };
var journal = new Option<int>("--journal") { Description = "Requests already in the journal in the load that is told apart.", DefaultValueFactory = _ => 500_000 };
var load = new Option<int>("--load") { Description = "Seconds each load of the ingestion lasts.", DefaultValueFactory = _ => 10 };
var only = new Option<string?>("--only") { Description = "Of the filters, those whose name contains this." };
var output = new Option<string?>("--out") { Description = "File the report is written to as well." };

var root = new RootCommand("Measures the portal against its goals and its peers, and prints Markdown.") { wanted, pulls, data, seed, runs, budget, load, journal, only, output };
root.SetAction(async (parsed, ct) =>
{
    var options = new BenchmarkOptions
    {
        Pulls = parsed.GetValue(pulls),
        Data = parsed.GetValue(data)!,
        Seed = parsed.GetValue(seed),
        Runs = parsed.GetValue(runs),
        Budget = TimeSpan.FromSeconds(parsed.GetValue(budget)),
        Journal = parsed.GetValue(journal),
        Only = parsed.GetValue(only) ?? "",
        LoadTime = TimeSpan.FromSeconds(parsed.GetValue(load)),
    };
    Directory.CreateDirectory(options.Data);
    var names = parsed.GetValue(wanted)!;
    var report = new Report();
    report.Begin("Benchmarks", Report.Format($"{options.Pulls:N0} pulls of one vendor in 730 days, seed {options.Seed}. Milliseconds, p50 / p95 / worst of up to {options.Runs} runs after warming up."));
    foreach (var (name, run) in areas)
    {
        if (!names.Contains(name, StringComparer.Ordinal) && !names.Contains("all", StringComparer.Ordinal))
            continue;
        Report.Say($"— {name}");
        await run(report, options, ct);
    }

    report.End();
    if (parsed.GetValue(output) is { } file)
        await File.WriteAllTextAsync(file, report.Text, ct);
    return 0;
});
root.Subcommands.Add(NetworksCommand.Create());

// For the tests that kill it.
var place = new Option<string>("--data") { Description = "A data directory with pulls of vendor 1.", Required = true };
var churn = new Command("churn", "Writes into a log at random and keeps its segments until it is killed, a minute at most.") { place, seed };
churn.SetAction(parsed => Churn.RunAsync(parsed.GetValue(place)!, (int)parsed.GetValue(seed), TimeSpan.FromMinutes(1)));
root.Add(churn);
return await root.Parse(args).InvokeAsync();
