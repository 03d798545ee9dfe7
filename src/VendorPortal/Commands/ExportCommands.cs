using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Exports;
using VendorPortal.Reports;

namespace VendorPortal.Commands;

/// <summary><c>export downloads</c>: what the Downloads page shows, all of it, as a file or on standard output.</summary>
internal static class ExportCommands
{
    // The filter as pages and API know it; PullFilterUrl reads the values.
    private static readonly Option<string[]>[] Filters =
    [
        Filter("from", "First day or instant, inclusive: 2026-05-01 or 2026-05-01T10:00:00Z."),
        Filter("to", "Last day, or instant it ends before."),
        Filter("customer", "Name of a customer; may repeat."),
        Filter("user", "Account; may repeat."),
        Filter("address", "IP address or range, as 203.0.113.0/24; may repeat."),
        Filter("artifact", "Repository, as acme/app; may repeat."),
        Filter("version", "Tag or digest; may repeat."),
        Filter("kind", $"{string.Join(", ", KindNames.All)}; may repeat."),
        Filter("client", "Tool that pulled, as containerd; may repeat."),
        Filter("country", "Country of the address, as DE; may repeat."),
        Filter("host", "Cloud of the address, as aws; may repeat."),
        Filter("network-type", $"Type of the address's network: {string.Join(", ", NetworkTypes.All)}; may repeat."),
        .. Enum.GetValues<FilterDimension>().Select(PullFilterUrl.ParameterOf).Select(name => Filter(PullFilterUrl.Not + name, $"As --{name}, of what is left out; may repeat.")),
        Filter("text", "Text in the name of the artifact, version, customer or user, in any case."),
        Filter("publishers", "Labelled pulls (of accounts that push, of signatures): exclude (default), include, only."),
        Filter("zone", "Time zone of bare dates, as Europe/Berlin (default UTC)."),
    ];

    public static Command Build()
    {
        var format = new Option<string>("--format") { Description = "csv (default), ndjson or json.", HelpName = "FORMAT", DefaultValueFactory = _ => "csv" };
        var columns = new Option<string>("--columns") { Description = "all, or names with commas between them, not the seven of the page.", HelpName = "COLUMNS" };
        var raw = new Option<bool>("--raw") { Description = "Leaves cells as they are that a spreadsheet would run as a formula." };
        var file = new Option<string>("--out") { Description = "The file to write; - is standard output (default).", HelpName = "FILE", DefaultValueFactory = _ => "-" };
        var downloads = new Command("downloads", "Writes all pulls that match, newest first.") { format, columns, raw, file, CommonOptions.Vendor };
        foreach (var filter in Filters)
            downloads.Add(filter);
        downloads.SetAction(async (parsed, ct) =>
        {
            var options = ReadColumns(parsed, columns, new ExportOptions
            {
                Format = Enum.Parse<ExportFormat>(OneOf(parsed, format, "csv", "ndjson", "json"), ignoreCase: true),
                Raw = parsed.GetValue(raw),
            });
            var filter = ReadFilter(parsed);
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var vendor = await host.VendorAsync(parsed, ct);
            var rows = await WriteAsync(host.Services, vendor.Id, filter, options, parsed.GetRequiredValue(file), ct);
            await parsed.InvocationConfiguration.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{rows} pulls"));
            return 0;
        });
        return new Command("export", "Files of what pages show.") { downloads };
    }

    private static async Task<long> WriteAsync(IServiceProvider services, int vendorId, PullFilter filter, ExportOptions options, string file, CancellationToken ct)
    {
        var export = services.GetRequiredService<PullExport>();
        var rows = 0L;
        await services.GetRequiredService<ExportHistory>().NoteAsync(
            vendorId, ExportReader.CommandLine, filter, options.Extension,
            async tally => rows = await WriteAsync(stream => export.WriteAsync(vendorId, filter, options, stream, tally, ct), file),
            ct);
        return rows;
    }

    private static async Task<long> WriteAsync(Func<Stream, Task<long>> write, string file)
    {
        if (file == "-")
        {
            await using var console = Console.OpenStandardOutput();
            return await write(console);
        }

        // Written beside and moved: a file of this name is always whole.
        var partial = file + ".part";
        try
        {
            long rows;
            await using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
                rows = await write(stream);
            File.Move(partial, file, overwrite: true);
            return rows;
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static PullFilter ReadFilter(ParseResult parsed)
    {
        var query = Filters
            .Select(option => KeyValuePair.Create(option.Name[2..], new StringValues(parsed.GetValue(option))))
            .Where(pair => pair.Value.Count > 0);
        var filter = PullFilterUrl.Parse(query, out var errors);
        return errors.Count == 0 ? filter : throw new UsageException($"--{errors[0].Parameter}: {errors[0].Message}");
    }

    private static ExportOptions ReadColumns(ParseResult parsed, Option<string> option, ExportOptions options) =>
        parsed.GetValue(option) is not { } text ? options
            : ExportColumns.Apply(options, text) ?? throw new UsageException($"{option.Name} is '{text}'; the form is {ExportColumns.Accepted}.");

    private static string OneOf(ParseResult parsed, Option<string> option, params ReadOnlySpan<string> accepted)
    {
        var value = parsed.GetValue(option);
        return value is not null && accepted.Contains(value) ? value
            : throw new UsageException($"{option.Name} is '{value}'; the form is {string.Join(", ", accepted[..^1].ToArray())} or {accepted[^1]}.");
    }

    private static Option<string[]> Filter(string name, string description) => new($"--{name}") { Description = description, HelpName = name.ToUpperInvariant() };
}
