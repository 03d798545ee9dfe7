using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Feeds.Following;
using VendorPortal.Journal;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds.Following;

/// <summary>
/// A real log in a folder of its own, and the reading of it, moved by hand. The journal is that of a whole portal whose clock stands, so
/// that its own follower does not begin.
/// </summary>
internal sealed class FollowedLog : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 30, 0, TimeSpan.Zero);

    private readonly PortalHost portal;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("portal-follow-");
    private readonly List<(DateTime Second, string Tag)> written = [];
    private FollowedFeed feed = null!;

    private FollowedLog(PortalHost portal) => this.portal = portal;

    public ManualTimeProvider Time { get; } = new(Now);

    public string Path => System.IO.Path.Combine(folder.FullName, "access.log");

    public FileReading Reading { get; private set; } = null!;

    public static Task<PortalHost> StartPortalAsync(params string[] settings) =>
        PortalHost.StartAsync(null, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(new ManualTimeProvider(Now)), settings);

    public static async Task<FollowedLog> CreateAsync(PortalHost portal)
    {
        var log = new FollowedLog(portal);
        var directory = portal.Services.GetRequiredService<FeedDirectory>();
        var created = await directory.FollowAsync(portal.VendorId, "edge", FeedKind.AccessLog, new AccessLogFormat(AccessLogFormat.CombinedName), log.Path, CancellationToken.None);
        log.feed = new FollowedFeed((await directory.FindAsync(created.Id, CancellationToken.None))!, created.File!);
        log.Restart();
        return log;
    }

    /// <summary>The reading ends, at whatever point it is, and another process goes on.</summary>
    public void Restart()
    {
        Reading?.Dispose();
        Reading = new FileReading(
            feed, portal.Services.GetRequiredService<FollowedFeeds>(), portal.Services.GetRequiredService<FeedFormats>(),
            portal.Services.GetRequiredService<RequestJournal>(), Time, NullLogger.Instance);
    }

    public static string Line(int second, string tag) => string.Create(
        CultureInfo.InvariantCulture,
        $"203.0.113.7 - alice [01/May/2026:12:{second / 60:00}:{second % 60:00} +0000] \"GET /v2/acme/app/manifests/{tag} HTTP/1.1\" 200 424 \"-\" \"docker/28.5.2\"\n");

    /// <summary>A line of the log, to be read once.</summary>
    public string Expect(int second, string tag)
    {
        written.Add((new DateTime(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc).AddSeconds(second), tag));
        return Line(second, tag);
    }

    public void Write(int second, params IEnumerable<string> tags) => File.AppendAllText(Path, string.Concat(tags.Select(tag => Expect(second, tag))));

    /// <summary>Renames as logrotate does; there is no new file yet.</summary>
    public void Rotate()
    {
        for (var number = 9; number > 0; number--)
        {
            if (File.Exists($"{Path}.{number}"))
                File.Move($"{Path}.{number}", $"{Path}.{number + 1}");
        }

        File.Move(Path, Path + ".1");
    }

    /// <summary>Reads until there is nothing to be read now.</summary>
    public async Task ReadAsync()
    {
        for (var step = 0; await Reading.StepAsync(CancellationToken.None); step++)
            Assert.True(step < 1_000, "There is no end to it.");
    }

    /// <summary>Reads over to the file that is in place now.</summary>
    public async Task ReadToTheEndAsync()
    {
        for (var files = 0; files < 12; files++)
        {
            await ReadAsync();
            Time.Advance(FileReading.RotatedRest);
        }

        await ReadAsync();
    }

    public async Task<FollowedFile> StoredAsync()
    {
        await using var context = Context();
        return await context.FollowedFiles.AsNoTracking().SingleAsync(f => f.FeedId == feed.Feed.FeedId);
    }

    /// <summary>The process ended after a commit and before the place behind it was stored.</summary>
    public async Task ForgetPlaceAsync(FollowedFile before)
    {
        await using var context = Context();
        context.Update(before);
        await context.SaveChangesAsync();
        Restart();
    }

    /// <summary>Every line is in the journal once, dated in the order of the log within its second.</summary>
    public async Task IsReadOnceAsync()
    {
        var expected = written.GroupBy(w => w.Second).SelectMany(second => second.Select((w, place) => (w.Second.AddTicks(place), w.Tag))).Order();
        Assert.Equal(expected, await RequestsAsync());
    }

    public async Task<IReadOnlyList<(DateTime AtUtc, string Tag)>> RequestsAsync()
    {
        await using var context = Context();
        var rows = await (from r in context.RegistryRequests join v in context.Versions on r.VersionId equals v.Id where r.FeedId == feed.Feed.FeedId select new { r.Id, r.TicksOffset, v.Name }).ToListAsync();
        return [.. rows.Select(r => (PullIds.TimeOf(r.Id).AddTicks(r.TicksOffset), r.Name)).Order()];
    }

    public async Task<FeedStatus> StatusAsync() =>
        (await portal.Services.GetRequiredService<FeedDirectory>().ListAsync(portal.VendorId, CancellationToken.None)).Single(f => f.Id == feed.Feed.PublicId);

    public void Dispose()
    {
        Reading.Dispose();
        folder.Delete(recursive: true);
    }

    private PortalDbContext Context() => portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(portal.VendorId);
}
