using System.CommandLine;
using System.Globalization;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Hosting;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Commands;

/// <summary><c>feed add|list|remove</c>.</summary>
internal static class FeedCommands
{
    public static Command Build()
    {
        var feed = new Command("feed", "Sources of registry requests.");
        feed.Add(Add());
        feed.Add(List());
        feed.Add(Remove());
        return feed;
    }

    private static Command Add()
    {
        var name = new Option<string>("--name") { Description = "What to call it.", HelpName = "NAME", Required = true };
        var kind = new Option<string>("--kind") { Description = $"Its format: {string.Join(", ", FeedKindNames.All)}.", HelpName = "KIND", Required = true };
        var format = new Option<string?>("--format")
        {
            Description = $"For accesslog: {AccessLogFormat.CombinedName} (the default), json:nginx, json:caddy, json:traefik, json:{{map}}, or nginx's log_format.",
            HelpName = "FORMAT",
        };
        var address = new Option<string?>("--address") { Description = "For a log_format: the variable with the client's address where it is not remote_addr.", HelpName = "VARIABLE" };
        var file = new Option<string?>("--file") { Description = "For accesslog and ndjson: a file on this machine that the portal reads as it grows; nothing is posted.", HelpName = "PATH" };
        var command = new Command("add", "Adds a feed and prints {\"id\",\"url\",\"secret\"}, the secret this once; with --file {\"id\",\"file\"}.") { name, kind, format, address, file, CommonOptions.Vendor };
        command.SetAction(async (parsed, ct) =>
        {
            if (!FeedKindNames.TryParse(parsed.GetRequiredValue(kind), out var feedKind))
                throw new UsageException($"There is no kind '{parsed.GetRequiredValue(kind)}'. There is: {string.Join(", ", FeedKindNames.All)}.");
            var logFormat = LogFormat(feedKind, parsed.GetValue(format), parsed.GetValue(address));
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var vendor = await host.VendorAsync(parsed, ct);
            var directory = host.Services.GetRequiredService<FeedDirectory>();
            if (parsed.GetValue(file) is { } path)
            {
                var follows = await directory.FollowAsync(vendor.Id, parsed.GetRequiredValue(name), feedKind, logFormat, path, ct);
                await parsed.WriteJsonAsync(new { id = follows.Id, file = follows.File });
                return 0;
            }

            var feed = await directory.AddAsync(vendor.Id, parsed.GetRequiredValue(name), feedKind, logFormat, null, ct);
            await parsed.WriteJsonAsync(new { id = feed.Id, url = feed.Url, secret = feed.Secret });
            return 0;
        });
        return command;
    }

    private static AccessLogFormat? LogFormat(FeedKind kind, string? format, string? address)
    {
        if (kind == FeedKind.AccessLog)
            return new AccessLogFormat(format ?? AccessLogFormat.CombinedName, address);
        return format is null && address is null ? null : throw new UsageException("--format and --address are for --kind accesslog.");
    }

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "Prints a JSON array." };
        var command = new Command("list", "Lists the feeds in use.") { json, CommonOptions.Vendor };
        command.SetAction(async (parsed, ct) =>
        {
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var vendor = await host.VendorAsync(parsed, ct);
            var directory = host.Services.GetRequiredService<FeedDirectory>();
            var feeds = await directory.ListAsync(vendor.Id, ct);
            if (parsed.GetValue(json))
            {
                await parsed.WriteJsonAsync(feeds.Select(f => new
                {
                    id = f.Id,
                    name = f.Name,
                    kind = FeedKindNames.Of(f.Kind),
                    url = f.File is null ? directory.UrlOf(f.Id, null) : null,
                    file = f.File?.Path,
                    filePosition = f.File?.Position,
                    problem = f.File?.Problem,
                    created = f.CreatedUtc,
                    lastReceived = f.LastReceivedUtc,
                    accepted = f.Accepted,
                    ignored = f.Ignored,
                    duplicates = f.Duplicates,
                    rejected = f.Rejected,
                    lastRejection = f.LastRejection,
                }));
                return 0;
            }

            await parsed.WriteTableAsync(
                ["ID", "NAME", "KIND", "ACCEPTED", "DUPLICATES", "REJECTED", "LAST RECEIVED (UTC)", "FILE"],
                feeds.Select(f => new[]
                {
                    f.Id, f.Name, FeedKindNames.Of(f.Kind), Number(f.Accepted), Number(f.Duplicates), Number(f.Rejected),
                    f.LastReceivedUtc?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "never",
                    f.File is null ? "" : f.File.Problem is { } problem ? $"{f.File.Path}: {problem}" : f.File.Path,
                }));
            return 0;
        });
        return command;
    }

    private static Command Remove()
    {
        var id = new Argument<string>("ID") { Description = "The feed's id, as 'feed list' shows it." };
        var command = new Command("remove", "Ends a feed: it is refused from now on, what it has brought stays.") { id, CommonOptions.Vendor };
        command.SetAction(async (parsed, ct) =>
        {
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var vendor = await host.VendorAsync(parsed, ct);
            if (!await host.Services.GetRequiredService<FeedDirectory>().RemoveAsync(vendor.Id, parsed.GetRequiredValue(id), ct))
                throw new InputException($"Vendor '{vendor.Slug}' has no feed '{parsed.GetRequiredValue(id)}' in use.");
            return 0;
        });
        return command;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
