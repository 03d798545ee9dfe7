using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Tests.Testing;

/// <summary>Journal and classification over a store, moved by hand: nothing happens between two calls.</summary>
internal sealed class Pipeline : IAsyncDisposable
{
    public static readonly DateTime Start = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly TestStore store;
    private readonly SqliteConnection connection;
    private readonly JournalWriter writer;

    private Pipeline(TestStore store, int vendorId, int journalDays)
    {
        this.store = store;
        VendorId = vendorId;
        connection = store.Database.OpenWriter();
        writer = new JournalWriter(connection, journalDays: journalDays);
        Engine = NewEngine();
    }

    public int VendorId { get; }

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(Start));

    public ClassificationEngine Engine { get; private set; }

    public TestStore Store => store;

    public static async Task<Pipeline> StartAsync(ClassificationMode mode = ClassificationMode.Client, int journalDays = 0)
    {
        var files = new TestStore();
        return new Pipeline(files, await files.AddVendorAsync(mode), journalDays);
    }

    /// <summary>A request some seconds after <see cref="Start"/>.</summary>
    public static RegistryRequest Request(string id, double second, RequestMethod method, string? tag, int digest = 1, string user = "alice", string userAgent = "docker/28.0.1") => new()
    {
        EventId = id,
        AtUtc = Start.AddSeconds(second),
        Method = method,
        Repository = "acme/app",
        Tag = tag,
        Digest = RequestGenerators.Digest(digest),
        Address = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 7],
        User = user,
        UserAgent = userAgent,
    };

    public static RegistryRequest Head(string id, double second, string? tag, int digest = 1, string user = "alice") => Request(id, second, RequestMethod.Head, tag, digest, user);

    public static RegistryRequest Get(string id, double second, string? tag, int digest = 1, string user = "alice") => Request(id, second, RequestMethod.Get, tag, digest, user);

    /// <summary>A request that was refused; of a tag nobody tells what it stands for.</summary>
    public static RegistryRequest Refused(string id, double second, string tag, int status, string user = "alice", RequestMethod method = RequestMethod.Get) =>
        Request(id, second, method, tag, 1, user) with { Digest = null, Status = status };

    public Task SendAsync(params IEnumerable<RegistryRequest> requests) => SendAsync(1, requests);

    /// <summary>Sends through one of the feeds 1 and 2.</summary>
    public Task SendAsync(int feedId, params IEnumerable<RegistryRequest> requests)
    {
        var batch = new FeedBatch();
        batch.Requests.AddRange(requests);
        return SendAsync(batch, feedId);
    }

    public async Task<JournalOutcome> SendAsync(FeedBatch batch, int feedId = 1)
    {
        var commit = writer.Write([new JournalPost(VendorId, feedId, batch)], Time.GetUtcNow().UtcDateTime);
        await Engine.AcceptAsync(commit, CancellationToken.None);
        return commit.Outcomes[0];
    }

    /// <summary>Another process receives these, and does not come to classify them.</summary>
    public void SendElsewhere(params IEnumerable<RegistryRequest> requests)
    {
        var batch = new FeedBatch();
        batch.Requests.AddRange(requests);
        writer.Write([new JournalPost(VendorId, 1, batch)], Time.GetUtcNow().UtcDateTime);
    }

    /// <summary>Tells that digest 1 is an index of 2, 3 and 4.</summary>
    public Task TeachAsync()
    {
        var batch = new FeedBatch();
        batch.Manifests.Add(new ManifestFact(RequestGenerators.Index, "application/vnd.oci.image.index.v1+json", [.. RequestGenerators.Children.Select(c => (c, (string?)null))]));
        return SendAsync(batch);
    }

    public Task<IReadOnlyCollection<int>> AdvanceAsync(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        return Engine.WriteFinalAsync(CancellationToken.None);
    }

    /// <summary>Asks for a range once more, and does it to its end.</summary>
    public async Task ReclassifyAsync(DateTime? fromUtc = null, DateTime? toUtc = null)
    {
        await Reclassifier.BeginAsync(VendorId, fromUtc, toUtc, CancellationToken.None);
        do
        {
            await Engine.ReclassifyAsync(CancellationToken.None);
            await Engine.WriteFinalAsync(CancellationToken.None);
        }
        while (Engine.IsReclassifying);
    }

    public Reclassifier Reclassifier => new(store.Database, store.Contexts, new PullNotifications(NullLogger<PullNotifications>.Instance), Time);

    /// <summary>The process ends here and another one goes on with what is stored.</summary>
    public async Task CrashAsync()
    {
        Engine.Dispose();
        Engine = NewEngine();
        await Engine.ResumeAsync(CancellationToken.None);
    }

    /// <summary>The log, oldest first, as <c>kind reference×requests</c> and labels. Fails where journal, log and roll-up do not belong together.</summary>
    public async Task<IReadOnlyList<string>> LogAsync()
    {
        await using var context = store.Contexts.ForVendor(VendorId);
        var pulls = await (from pull in context.Pulls join version in context.Versions on pull.VersionId equals version.Id orderby pull.Id select new { pull, version.Name }).ToListAsync();
        var journal = await context.RegistryRequests.Where(r => r.PullId > 0).ToListAsync();
        Assert.Equal(
            pulls.Select(p => (p.pull.Id, p.pull.Requests)),
            journal.GroupBy(r => r.PullId!.Value).Select(g => (g.Key, g.Count())).OrderBy(g => g.Key));
        Assert.Equal(pulls.Count, (await context.DailyArtifactPulls.ToListAsync()).Sum(d => d.Tag + d.Digest + d.Checks + d.Denied + d.Labelled));
        return [.. pulls.Select(p => $"{p.pull.Kind} {(p.Name.StartsWith("sha256:", StringComparison.Ordinal) ? "@" + p.Name[^1] : p.Name)}×{p.pull.Requests}{(p.pull.Labels == PullLabels.None ? "" : " " + p.pull.Labels)}")];
    }

    public async ValueTask DisposeAsync()
    {
        Engine.Dispose();
        writer.Dispose();
        await connection.DisposeAsync();
        store.Dispose();
    }

    private ClassificationEngine NewEngine() => new(store.Database, store.Contexts, Time) { PageRows = 100 };
}
