using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Console;
using VendorPortal.Classification;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Hosting;
using VendorPortal.Journal;
using VendorPortal.Security;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Usage;

namespace VendorPortal.Commands;

/// <summary>The portal's services for one command: the same registrations, no server, nothing running in the background.</summary>
internal sealed class CommandHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private CommandHost(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;

    public static CommandHost Create(ParseResult parsed) => new(PortalApplication.BuildServices(HostArguments.Of(parsed), builder =>
    {
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter(null, LogLevel.Warning);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }));

    /// <summary>A host whose store is ready, with the configured first owner.</summary>
    public static async Task<CommandHost> ReadyAsync(ParseResult parsed, CancellationToken ct)
    {
        var host = Create(parsed);
        try
        {
            await host.MigrateAsync(ct);
            await host.Services.GetRequiredService<FirstOwner>().EnsureAsync(ct);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken ct) => Services.GetRequiredService<PortalMigrator>().MigrateAsync(ct);

    /// <summary>The vendor a command works for: the named one, else the only one that is not the sample.</summary>
    /// <exception cref="InputException">There is none, no such one, or a choice.</exception>
    public async Task<Vendor> VendorAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var context = Services.GetRequiredService<PortalDbContextFactory>().ForInstallation();
        var vendors = await context.Vendors.AsNoTracking().OrderBy(v => v.Slug).ToListAsync(ct);
        if (vendors.Count == 0)
        {
            throw new InputException(
                "There is no vendor yet. Start the portal and follow its setup page, or set Portal__Owner__Email and Portal__Owner__Password " +
                "(and Portal__Owner__Vendor) and run this again.");
        }

        var slugs = string.Join(", ", vendors.Select(v => v.Slug));
        if (parsed.GetValue(CommonOptions.Vendor) is { } slug)
            return vendors.Find(v => v.Slug == slug) ?? throw new InputException($"There is no vendor '{slug}'. There is: {slugs}.");
        var own = vendors.FindAll(v => !v.IsSample);
        return own.Count == 1 ? own[0]
            : vendors.Count == 1 ? vendors[0]
            : throw new InputException($"There are several vendors; choose one with --vendor: {slugs}.");
    }

    /// <summary>
    /// Does work that takes the way of real requests: what receives and classifies them runs here meanwhile, with the operator's networks. Where no portal serves from the
    /// same store, that takes up too what an earlier process has left unclassified.
    /// </summary>
    public async Task<T> ReceivingAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        Services.GetRequiredService<NetworkFolder>().Look(first: true, ct);
        var journal = Services.GetRequiredService<RequestJournal>();
        var classification = Services.GetRequiredService<ClassificationService>();
        classification.WaitsForItsTurn = false;
        // Not ended by the work's end or its cancellation: what was received is stored first.
        await classification.StartAsync(CancellationToken.None);
        await journal.StartAsync(CancellationToken.None);
        var usage = Services.GetRequiredService<UsageIntake>();
        await usage.StartAsync(CancellationToken.None);
        try
        {
            return await work();
        }
        finally
        {
            await usage.StopAsync(CancellationToken.None);
            await journal.StopAsync(CancellationToken.None);
            await classification.StopAsync(CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
