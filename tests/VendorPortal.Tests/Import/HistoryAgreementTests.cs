using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Feeds;
using VendorPortal.Import;
using VendorPortal.Journal;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Import;

/// <summary>Lines imported as history, which no journal sees, make the pulls that the same lines make when they are posted.</summary>
public sealed class HistoryAgreementTests : IAsyncLifetime
{
    private static readonly DateTime NothingIsRecent = new(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private PortalHost portal = null!;

    private string Database => Path.Combine(portal.Folder, "portal.db");

    public async Task InitializeAsync() => portal = await PortalHost.StartAsync("--Portal:Retention:JournalDays=0");

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public void Lines_ImportedInAnyFilesAndOrder_GiveThePullsOfThePostedOnes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(12),
        Prop.ForAll(
            (from requests in RequestGenerators.Requests(80)
             from json in Gen.Elements(true, false)
             from cuts in Gen.ListOf(Gen.Choose(1, 80), 3)
             from order in Gen.Shuffle(Enumerable.Range(0, 4))
             select (requests, json, cuts, order)).ToArbitrary(),
            sample => CompareAsync(sample.requests, sample.json, [.. sample.cuts], sample.order).GetAwaiter().GetResult()));

    private async Task CompareAsync(RegistryRequest[] requests, bool json, int[] cuts, int[] order)
    {
        var format = json ? "json:nginx" : "combined";
        var lines = requests.Select(r => (At: Resolved(r, json), Text: Line(r, json))).ToList();
        var (posted, imported) = (await NewVendorAsync(), await NewVendorAsync());
        using var feed = await FeedClient.AddAsync(portal, FeedKind.AccessLog, posted, format);
        var answer = await feed.PostAsync(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines.Select(l => l.Text))), "text/plain");
        Assert.Equal(lines.Count, answer.Accepted);

        using var past = await FeedClient.AddAsync(portal, FeedKind.AccessLog, imported, format);
        var counts = await ImportAsync(past.Feed.Id, imported, Cut(lines, cuts), order);

        Assert.Equal((lines.Count, 0L), (counts.Accepted + counts.Ignored, counts.Duplicates));
        var health = portal.Services.GetRequiredService<IngestHealthReader>();
        await Eventually.TrueAsync(
            async () => PastLog.Pulls(Database, posted).Count >= PastLog.Pulls(Database, imported).Count && (await health.ReadBriefAsync(posted, CancellationToken.None)).Pending == 0,
            "the posted ones are classified");
        Assert.Equal(PastLog.Pulls(Database, posted), PastLog.Pulls(Database, imported));
    }

    private async Task<ImportCounts> ImportAsync(string feedId, int vendorId, IReadOnlyList<string> files, int[] order)
    {
        var feed = (await portal.Services.GetRequiredService<FeedDirectory>().FindAsync(feedId, CancellationToken.None))!;
        var sources = order.Where(i => i < files.Count).Select(i => new ImportSource($"file {i}", () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(files[i])), files[i].Length)).ToList();
        var monitor = new ImportMonitor();
        var batches = portal.Services.GetRequiredService<ImportFiles>().ReadAsync(feed, sources, monitor, CancellationToken.None);
        var import = ActivatorUtilities.CreateInstance<RequestImport>(portal.Services);
        import.RunCapacity = 16; // sorted in several runs
        return await import.RunAsync(new ImportTarget(vendorId, feed.FeedId, NothingIsRecent), batches, Path.Combine(portal.Folder, "import"), monitor, CancellationToken.None);
    }

    // Lines that a log cannot tell apart in time stay in one file: their order is that of the lines.
    private static List<string> Cut(IReadOnlyList<(DateTime At, string Text)> lines, int[] cuts)
    {
        var places = cuts.Where(c => c < lines.Count && lines[c].At != lines[c - 1].At).Distinct().Order().Append(lines.Count);
        var (files, from) = (new List<string>(), 0);
        foreach (var to in places)
        {
            files.Add(string.Join('\n', lines.Skip(from).Take(to - from).Select(l => l.Text)));
            from = to;
        }

        return files;
    }

    private static DateTime Resolved(RegistryRequest request, bool json)
    {
        var resolution = json ? TimeSpan.TicksPerMillisecond : TimeSpan.TicksPerSecond;
        return request.AtUtc.AddTicks(-(request.AtUtc.Ticks % resolution));
    }

    private static string Line(RegistryRequest request, bool json)
    {
        var after = request.AtUtc - RequestGenerators.Start;
        var (method, reference) = (request.Method == VendorPortal.Classification.RequestMethod.Head ? "HEAD" : "GET", request.Tag ?? request.Digest!);
        return json
            ? PastLog.JsonLine((int)after.TotalMilliseconds, method, reference, request.User!, request.Status, request.Digest)
            : PastLog.Line(after.TotalSeconds, method, reference, request.User!, request.Status);
    }

    private async Task<int> NewVendorAsync()
    {
        var contexts = portal.Services.GetRequiredService<PortalDbContextFactory>();
        await using var installation = contexts.ForInstallation();
        var vendor = new Vendor { Slug = Guid.NewGuid().ToString("N")[..12], Name = "Acme" };
        installation.Add(vendor);
        await installation.SaveChangesAsync();
        await using var context = contexts.ForVendor(vendor.Id);
        context.AddRange(RequestGenerators.Children.Select(child => new ManifestChild { VendorId = vendor.Id, ParentDigest = RequestGenerators.Index, ChildDigest = child }));
        await context.SaveChangesAsync();
        return vendor.Id;
    }
}
