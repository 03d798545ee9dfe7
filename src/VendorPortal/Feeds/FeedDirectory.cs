using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>
/// The feeds of vendors: adds, lists, removes them, and tells ingestion who is posting. Other processes (the command line) work on
/// the same store, so nothing here is trusted for longer than <see cref="KeptFor"/>.
/// </summary>
public sealed class FeedDirectory(PortalDbContextFactory contexts, PortalOptions options, TimeProvider time)
{
    /// <summary>How long a feed is remembered without a query; a removed one stops within this time.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(3);

    // Compared with where no feed is found, so that an unknown feed costs the comparison that a wrong secret costs.
    private static readonly byte[] NoHash = new byte[32];

    private readonly ConcurrentDictionary<(int Vendor, int Feed), Remembered> remembered = new();

    /// <summary>
    /// Adds a feed and returns its secret, which is stored only as a hash.
    /// <paramref name="requestBase"/> is the address the portal was asked at; it makes the url where no public one is configured.
    /// </summary>
    /// <exception cref="InputException">The name is empty, too long, or has control characters.</exception>
    public Task<CreatedFeed> AddAsync(int vendorId, string name, FeedKind kind, string? requestBase, CancellationToken ct) =>
        AddAsync(vendorId, name, kind, kind == FeedKind.AccessLog ? AccessLogFormat.Combined : null, requestBase, ct);

    /// <inheritdoc cref="AddAsync(int, string, FeedKind, string, CancellationToken)"/>
    /// <summary>Adds a feed; <paramref name="format"/> is that of an access log and of nothing else.</summary>
    /// <exception cref="InputException">As above, or the format cannot be read.</exception>
    public Task<CreatedFeed> AddAsync(int vendorId, string name, FeedKind kind, AccessLogFormat? format, string? requestBase, CancellationToken ct) =>
        AddAsync(vendorId, name, kind, format, null, requestBase, ct);

    /// <summary>
    /// Adds a feed that the portal reads from a file. For the command line only: whoever may run it may read the server's files anyway, a member of
    /// a vendor may not, and the page of refusals would show them.
    /// </summary>
    /// <exception cref="InputException">As above; or the kind has no lines, the path is none, a folder, or followed already.</exception>
    public async Task<CreatedFeed> FollowAsync(int vendorId, string name, FeedKind kind, AccessLogFormat? format, string path, CancellationToken ct)
    {
        if (kind is not (FeedKind.AccessLog or FeedKind.Ndjson))
            throw new InputException("Only a feed of kind accesslog or ndjson is read from a file.");
        var file = Path.GetFullPath(InputException.Require("The file's path", path, FollowedFile.MaxPath));
        if (file.Length > FollowedFile.MaxPath)
            throw new InputException($"The file's path is too long; it has at most {FollowedFile.MaxPath} characters.");
        if (Directory.Exists(file) || Path.EndsInDirectorySeparator(file))
            throw new InputException($"'{file}' is a folder; name the file in it.");
        await using var context = contexts.ForVendor(vendorId);
        var other = await (from f in context.FollowedFiles join feed in context.Feeds on f.FeedId equals feed.Id where f.Path == file && feed.RemovedUtc == null select feed.Name).FirstOrDefaultAsync(ct);
        return other is null
            ? await AddAsync(vendorId, name, kind, format, file, null, ct)
            : throw new InputException($"The feed '{other}' reads '{file}' already; its pulls would count twice.");
    }

    private async Task<CreatedFeed> AddAsync(int vendorId, string name, FeedKind kind, AccessLogFormat? format, string? file, string? requestBase, CancellationToken ct)
    {
        if (format is not null && kind != FeedKind.AccessLog)
            throw new InputException("Only a feed of kind accesslog has a format.");
        format?.Validate();
        var clean = InputException.Require("A feed's name", name, Feed.MaxName);
        var secret = Secrets.Create();
        await using var context = contexts.ForVendor(vendorId);
        for (var attempt = 1; ; attempt++)
        {
            await using var transaction = await context.Database.BeginTransactionAsync(ct); // SQLite: writers take turns from here on
            var last = await context.Feeds.MaxAsync(f => (int?)f.Id, ct) ?? 0;
            var feed = new Feed
            {
                VendorId = vendorId,
                Id = last + 1,
                Name = clean,
                Kind = kind,
                Options = format?.ToOptions(),
                SecretHash = Secrets.Hash(secret),
                CreatedUtc = time.GetUtcNow().UtcDateTime,
            };
            context.Add(feed);
            if (file is not null)
                context.Add(new FollowedFile { VendorId = vendorId, FeedId = feed.Id, Path = file });
            try
            {
                await context.SaveChangesAsync(ct);
                await transaction.CommitAsync(CancellationToken.None);
                var id = FeedIdentity.FormatId(vendorId, feed.Id);
                return new CreatedFeed(id, clean, kind, UrlOf(id, requestBase), secret) { Format = format, File = file };
            }
            catch (DbUpdateException) when (attempt < 5)
            {
                context.ChangeTracker.Clear(); // another process took the number, where the store lets writers overlap
            }
        }
    }

    /// <summary>The feed that imports without one of their own belong to; made at the first of them, so that the same file again is known.</summary>
    public async Task<FeedIdentity> OfImportsAsync(int vendorId, FeedKind kind, AccessLogFormat? format, CancellationToken ct)
    {
        var name = $"Imports ({FeedKindNames.Of(kind)})";
        var formatText = format?.ToOptions();
        await using var context = contexts.ForVendor(vendorId);
        var id = await context.Feeds.Where(f => f.RemovedUtc == null && f.Name == name && f.Kind == kind && f.Options == formatText).OrderBy(f => f.Id)
            .Select(f => (int?)f.Id).FirstOrDefaultAsync(ct);
        var publicId = id is { } known ? FeedIdentity.FormatId(vendorId, known) : (await AddAsync(vendorId, name, kind, format, null, ct)).Id;
        return (await FindAsync(publicId, ct))!;
    }

    /// <summary>The feeds in use, oldest first.</summary>
    public async Task<IReadOnlyList<FeedStatus>> ListAsync(int vendorId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var feeds = await context.Feeds.AsNoTracking().Where(f => f.RemovedUtc == null).OrderBy(f => f.Id).ToListAsync(ct);
        var files = await context.FollowedFiles.AsNoTracking().Select(f => new { f.FeedId, File = new FeedFile(f.Path, f.Position, f.Problem) }).ToDictionaryAsync(f => f.FeedId, f => f.File, ct);
        return feeds.ConvertAll(f => new FeedStatus
        {
            Id = FeedIdentity.FormatId(f.VendorId, f.Id),
            Name = f.Name,
            Kind = f.Kind,
            CreatedUtc = f.CreatedUtc,
            LastReceivedUtc = f.LastReceivedUtc,
            Accepted = f.Accepted,
            Ignored = f.Ignored,
            Duplicates = f.Duplicates,
            Rejected = f.Rejected,
            LastRejection = f.LastRejection,
            File = files.GetValueOrDefault(f.Id),
        });
    }

    /// <summary>Ends a feed: its posts are refused from now on, what it has brought stays. False where the vendor has no such feed in use.</summary>
    public async Task<bool> RemoveAsync(int vendorId, string publicId, CancellationToken ct)
    {
        if (!FeedIdentity.TryParseId(publicId, out var owner, out var feedId) || owner != vendorId)
            return false;
        await using var context = contexts.ForVendor(vendorId);
        var now = time.GetUtcNow().UtcDateTime;
        var removed = await context.Feeds.Where(f => f.Id == feedId && f.RemovedUtc == null)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.RemovedUtc, now), ct);
        remembered.TryRemove((vendorId, feedId), out _);
        return removed > 0;
    }

    /// <summary>
    /// The feed that posts under <paramref name="publicId"/>, where it is in use. A remembered feed costs no query; an unknown id asks
    /// the store each time, so that a feed added elsewhere works at once.
    /// </summary>
    public async ValueTask<FeedIdentity?> FindAsync(string? publicId, CancellationToken ct)
    {
        if (!FeedIdentity.TryParseId(publicId, out var vendorId, out var feedId))
            return null;
        var key = (vendorId, feedId);
        if (!remembered.TryGetValue(key, out var entry) || time.GetElapsedTime(entry.ReadAt) > KeptFor)
        {
            // Many posts may find the entry too old at the same moment; the one that replaces it asks for all of them.
            var fresh = new Remembered(time.GetTimestamp(), new Lazy<Task<FeedIdentity?>>(() => ReadAsync(vendorId, feedId)));
            entry = remembered.AddOrUpdate(key, fresh, (_, current) => ReferenceEquals(current, entry) ? fresh : current);
        }

        FeedIdentity? feed = null;
        try
        {
            feed = await entry.Feed.Value.WaitAsync(ct);
        }
        finally
        {
            if (feed is null && !ct.IsCancellationRequested)
                remembered.TryRemove(KeyValuePair.Create(key, entry));
        }

        return feed;
    }

    /// <summary>The feed where <paramref name="secret"/> is its secret; null for a wrong secret and for an unknown feed alike.</summary>
    public async ValueTask<FeedIdentity?> AuthenticateAsync(string? publicId, string? secret, CancellationToken ct)
    {
        var feed = await FindAsync(publicId, ct);
        var matches = Secrets.Matches(secret ?? "", feed?.SecretHash ?? NoHash);
        return matches ? feed : null;
    }

    /// <summary>Where a feed posts to.</summary>
    public string UrlOf(string publicId, string? requestBase)
    {
        var address = !string.IsNullOrWhiteSpace(options.PublicUrl) ? options.PublicUrl
            : !string.IsNullOrWhiteSpace(requestBase) ? requestBase
            : ListenAddress.Openable(options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "http://localhost:8080");
        return $"{address.TrimEnd('/')}/ingest/{publicId}";
    }

    private async Task<FeedIdentity?> ReadAsync(int vendorId, int feedId)
    {
        await using var context = contexts.ForVendor(vendorId);
        // Shared by all who wait for it: one caller's cancellation must not end it for the others.
        var feed = await context.Feeds.AsNoTracking().FirstOrDefaultAsync(f => f.Id == feedId && f.RemovedUtc == null, CancellationToken.None);
        return feed is null ? null : new FeedIdentity(feed.VendorId, feed.Id, feed.Kind, feed.SecretHash, feed.Options);
    }

    private sealed record Remembered(long ReadAt, Lazy<Task<FeedIdentity?>> Feed);
}
