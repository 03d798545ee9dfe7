using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Hosting;
using VendorPortal.Import;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Commands;

/// <summary><c>import FILE…</c>: brings in what a registry has logged before the portal was there.</summary>
internal static class ImportCommand
{
    private const string StandardInput = "-";
    private const int ToldReasons = 10;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    public static Command Build()
    {
        var files = new Argument<string[]>("FILE") { Description = "Files, plain or gzip; patterns such as 'access.log*'; - for standard input.", Arity = ArgumentArity.OneOrMore };
        var feed = new Option<string?>("--feed") { Description = "The feed they belong to, as 'feed list' shows it.", HelpName = "ID" };
        var kind = new Option<string?>("--kind") { Description = $"Without a feed, their format: {string.Join(", ", FeedKindNames.All)}.", HelpName = "KIND" };
        var format = new Option<string?>("--format") { Description = "With --kind accesslog: as for 'feed add'.", HelpName = "FORMAT" };
        var command = new Command("import", "Imports files of a feed; prints {\"read\",\"accepted\",\"duplicates\",\"ignored\",\"rejected\"}. The same files again change nothing.")
        {
            files, feed, kind, format, CommonOptions.Vendor,
        };
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(feed) is null == parsed.GetValue(kind) is null)
                throw new UsageException("Give either --feed or --kind.");
            var sources = Sources(HostArguments.Split(parsed.GetRequiredValue(files)).Own);
            if (sources.Count == 0)
                throw new UsageException("Give at least one file.");
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var identity = parsed.GetValue(feed) is { } id
                ? await FeedAsync(host, parsed, id, ct)
                : await FeedOfKindAsync(host, parsed, parsed.GetValue(kind)!, parsed.GetValue(format), ct);
            var monitor = new ImportMonitor { TotalBytes = sources.Any(s => s.Bytes is null) ? null : sources.Sum(s => s.Bytes) };
            var counts = await host.ReceivingAsync(() => RunAsync(host, identity, sources, monitor, parsed.InvocationConfiguration.Error, ct), ct);
            await TellRejectedAsync(monitor, parsed.InvocationConfiguration.Error);
            await parsed.WriteJsonAsync(new { read = counts.Read, accepted = counts.Accepted, duplicates = counts.Duplicates, ignored = counts.Ignored, rejected = counts.Rejected });
            return counts.Read > 0 && counts.Rejected == counts.Read ? 1 : 0;
        });
        return command;
    }

    private static async Task<ImportCounts> RunAsync(CommandHost host, FeedIdentity feed, IReadOnlyList<ImportSource> sources, ImportMonitor monitor, TextWriter error, CancellationToken ct)
    {
        var import = host.Services.GetRequiredService<FileImport>().RunAsync(feed, sources, monitor, ct);
        await ShowAsync(import, monitor, new ProgressBar(error));
        return await import;
    }

    private static async Task ShowAsync(Task import, ImportMonitor monitor, ProgressBar bar)
    {
        var watch = Stopwatch.StartNew();
        // Also after a cancellation, until the part that is being written has its end.
        while (await Task.WhenAny(import, Task.Delay(LookEvery, CancellationToken.None)) != import)
            bar.Report(monitor.Fraction ?? 0, Words(monitor, watch.Elapsed));
        bar.Report(import.IsCompletedSuccessfully ? 1 : monitor.Fraction ?? 0, Words(monitor, watch.Elapsed));
        bar.End();
    }

    private static string Words(ImportMonitor monitor, TimeSpan elapsed)
    {
        var rate = monitor.Events / Math.Max(0.001, elapsed.TotalSeconds);
        var bytes = ImportMonitor.Read(monitor.Bytes, monitor.TotalBytes);
        var doing = monitor.IsStoring ? "storing" : string.Create(CultureInfo.InvariantCulture, $"{rate:N0} lines/s");
        var left = monitor.Remaining(elapsed) is { } rest ? $", {rest:h\\:mm\\:ss} left" : "";
        return $"{bytes}, {doing}{left}";
    }

    private static async Task TellRejectedAsync(ImportMonitor monitor, TextWriter error)
    {
        foreach (var (reason, count) in monitor.RejectedByReason.Take(ToldReasons))
        {
            var first = monitor.Rejected.FirstOrDefault(r => r.Reason == reason);
            await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Rejected {count:N0}: {reason}{(first is null ? "" : $" ({(first.Source is null ? "" : first.Source + ", ")}line {first.Index + 1}{(first.Sample is null ? "" : $": {first.Sample}")})")}"));
        }
    }

    private static async Task<FeedIdentity> FeedAsync(CommandHost host, ParseResult parsed, string id, CancellationToken ct)
    {
        var feed = await host.Services.GetRequiredService<FeedDirectory>().FindAsync(id, ct);
        if (feed is not null && parsed.GetValue(CommonOptions.Vendor) is not null && (await host.VendorAsync(parsed, ct)).Id != feed.VendorId)
            feed = null;
        return feed ?? throw new InputException($"There is no feed '{id}' in use.");
    }

    private static async Task<FeedIdentity> FeedOfKindAsync(CommandHost host, ParseResult parsed, string kind, string? format, CancellationToken ct)
    {
        if (!FeedKindNames.TryParse(kind, out var feedKind))
            throw new UsageException($"There is no kind '{kind}'. There is: {string.Join(", ", FeedKindNames.All)}.");
        if (format is not null && feedKind != FeedKind.AccessLog)
            throw new UsageException("--format is for --kind accesslog.");
        var vendor = await host.VendorAsync(parsed, ct);
        var logFormat = feedKind == FeedKind.AccessLog ? new AccessLogFormat(format ?? AccessLogFormat.CombinedName, null) : null;
        return await host.Services.GetRequiredService<FeedDirectory>().OfImportsAsync(vendor.Id, feedKind, logFormat, ct);
    }

    private static List<ImportSource> Sources(IReadOnlyList<string> names)
    {
        var sources = new List<ImportSource>();
        foreach (var name in names)
        {
            if (name == StandardInput)
            {
                sources.Add(new ImportSource("Standard input", Console.OpenStandardInput, null));
                continue;
            }

            foreach (var file in Expand(name))
                sources.Add(new ImportSource(file, () => File.OpenRead(file), new FileInfo(file).Length));
        }

        return sources;
    }

    // Shells that do not know patterns, and quotes that keep them from it.
    private static IEnumerable<string> Expand(string name)
    {
        var pattern = Path.GetFileName(name);
        if (File.Exists(name))
            return [name];
        if (Directory.Exists(name))
            throw new InputException($"'{name}' is a folder; give its files, such as '{Path.Combine(name, "*")}'.");
        if (!pattern.AsSpan().ContainsAny('*', '?'))
            throw new InputException($"There is no file '{name}'.");
        var folder = Path.GetDirectoryName(name) is { Length: > 0 } given ? given : ".";
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).ToList() : [];
        return files.Count > 0 ? files : throw new InputException($"No file matches '{name}'.");
    }
}
