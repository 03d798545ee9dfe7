using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VendorPortal.Benchmarks.Generation;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage;

namespace VendorPortal.Benchmarks;

/// <summary>
/// The portal's store with a generated log, in a folder that is kept and used again, and the portal's services over it. Nothing runs
/// in the background. The vendor has an owner who can sign in.
/// </summary>
public sealed class BenchmarkStore : IAsyncDisposable
{
    public const string OwnerEmail = "owner@vendor.example";
    public const string OwnerPassword = "Correct-Horse-7-Battery";

    private const string FactsFile = "facts.json";

    private readonly WebApplication app;

    private BenchmarkStore(WebApplication app, string folder, int vendorId, ulong seed, LogFacts facts)
    {
        this.app = app;
        Folder = folder;
        VendorId = vendorId;
        Seed = seed;
        Facts = facts;
    }

    /// <summary>The data directory.</summary>
    public string Folder { get; }

    public string DatabaseFile => Path.Combine(Folder, "portal.db");

    public int VendorId { get; }

    public ulong Seed { get; }

    public LogFacts Facts { get; }

    public IServiceProvider Services => app.Services;

    public PortalDatabase Database => Services.GetRequiredService<PortalDatabase>();

    /// <summary>Opens the log of this size and seed under <paramref name="data"/>; generates it first where it is not there.</summary>
    public static async Task<BenchmarkStore> OpenAsync(string data, long pulls, ulong seed, Action<string> say, CancellationToken ct)
    {
        var folder = Path.Combine(Path.GetFullPath(data), string.Create(CultureInfo.InvariantCulture, $"pulls-{pulls}-seed-{seed}"));
        var facts = ReadFacts(folder);
        var portal = Portal(folder);
        try
        {
            if (facts is null || !await IsOfThisSchemaAsync(portal.Services, ct))
            {
                Empty(folder); // begun and not ended, by another generator, or of a schema this portal did not make
                facts = null;
            }

            await portal.Services.GetRequiredService<PortalMigrator>().MigrateAsync(ct);
            var vendorId = await VendorAsync(portal.Services, ct);
            facts ??= await GenerateAsync(portal.Services, folder, vendorId, pulls, seed, say, ct);
            var watch = Stopwatch.StartNew();
            await SegmentsHook.BuildAsync(portal.Services, vendorId, ct);
            say($"Segments are there after {watch.Elapsed.TotalSeconds:F1} s");
            return new BenchmarkStore(portal, folder, vendorId, seed, facts);
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes the connections that are kept for the next question.</summary>
    public void CloseConnections()
    {
        using var connection = new SqliteConnection(Database.ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    public async ValueTask DisposeAsync()
    {
        CloseConnections();
        await app.DisposeAsync();
    }

    internal static WebApplication Portal(string folder, params string[] settings) =>
        PortalApplication.BuildServices(Settings(folder, settings), builder => builder.Logging.ClearProviders()); // standard output is the report's

    internal static string[] Settings(string folder, params string[] settings) => [$"--Portal:DataDirectory={folder}", "--Portal:Urls=http://127.0.0.1:0", .. settings];

    /// <summary>The vendor of the benchmarks, made with its owner where it is not there.</summary>
    internal static async Task<int> VendorAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<MemberAccounts>();
        if (!await accounts.AnyAsync(ct))
        {
            var result = await accounts.CreateOwnerAsync("Vendor", "vendor", OwnerEmail, OwnerPassword, ct);
            if (!result.Succeeded)
                throw new InvalidOperationException(string.Join(' ', result.Errors.Select(e => e.Description)));
        }

        await using var context = services.GetRequiredService<PortalDbContextFactory>().ForInstallation();
        return await context.Vendors.Select(v => v.Id).SingleAsync(ct);
    }

    private static async Task<LogFacts> GenerateAsync(IServiceProvider services, string folder, int vendorId, long pulls, ulong seed, Action<string> say, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        await using var connection = services.GetRequiredService<PortalDatabase>().OpenWriter();
        var facts = new LogLoader(connection, vendorId, new World()).Load(pulls, seed, Progress, ct);
        say($"Generated {pulls:N0} pulls in {watch.Elapsed.TotalSeconds:F1} s");
        await File.WriteAllTextAsync(Path.Combine(folder, FactsFile), JsonSerializer.Serialize(facts), ct);
        return facts;

        void Progress(long written)
        {
            if (written % 2_000_000 == 0)
                say($"{written:N0} pulls written");
        }
    }

    private static void Empty(string folder)
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(folder))
            File.Delete(file);
    }

    // A schema that lacks migrations is brought up to date; one with unknown migrations cannot be.
    private static async Task<bool> IsOfThisSchemaAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var context = services.GetRequiredService<PortalDbContextFactory>().ForInstallation();
        var applied = await context.Database.GetAppliedMigrationsAsync(ct);
        return !applied.Except(context.Database.GetMigrations(), StringComparer.Ordinal).Any();
    }

    private static LogFacts? ReadFacts(string folder)
    {
        var file = Path.Combine(folder, FactsFile);
        if (!File.Exists(file))
            return null;
        var facts = JsonSerializer.Deserialize<LogFacts>(File.ReadAllText(file));
        return facts is { Generator: LogFacts.CurrentGenerator } ? facts : null;
    }
}
