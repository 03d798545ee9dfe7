using Microsoft.EntityFrameworkCore;
using VendorPortal.Storage;

namespace VendorPortal.Feeds.Following;

/// <summary>A feed that the portal reads from a file itself.</summary>
internal sealed record FollowedFeed(FeedIdentity Feed, string Path);

/// <summary>How far a file is read.</summary>
/// <param name="Identity">Which file, as the system tells files apart.</param>
/// <param name="Position">Bytes that are read: the start of the next line.</param>
/// <param name="Tail">Hash of the bytes before.</param>
/// <param name="Memory">What tells apart lines of one time.</param>
/// <param name="WrittenUtc">When the file had last been written, by the file system's clock.</param>
internal sealed record FilePlace(string? Identity, long Position, byte[]? Tail, byte[]? Memory, DateTime? WrittenUtc);

/// <summary>The followed files in the store.</summary>
internal sealed class FollowedFeeds(PortalDbContextFactory contexts, PortalDatabase database)
{
    /// <summary>Those in use, of all vendors.</summary>
    public async Task<IReadOnlyList<FollowedFeed>> ListAsync(CancellationToken ct)
    {
        await using var context = contexts.ForInstallation();
        var rows = await (
            from file in context.FollowedFiles.IgnoreQueryFilters(["Vendor"])
            join feed in context.Feeds.IgnoreQueryFilters(["Vendor"]) on new { file.VendorId, Id = file.FeedId } equals new { feed.VendorId, feed.Id }
            where feed.RemovedUtc == null
            select new { feed.VendorId, feed.Id, feed.Kind, feed.SecretHash, feed.Options, file.Path }).AsNoTracking().ToListAsync(ct);
        return rows.ConvertAll(r => new FollowedFeed(new FeedIdentity(r.VendorId, r.Id, r.Kind, r.SecretHash, r.Options), r.Path));
    }

    public async Task<FilePlace> PlaceAsync(FeedIdentity feed, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(feed.VendorId);
        var file = await context.FollowedFiles.AsNoTracking().SingleAsync(f => f.FeedId == feed.FeedId, ct);
        return new FilePlace(file.Identity, file.Position, file.Tail, file.Memory, file.WrittenUtc);
    }

    public Task SaveAsync(FeedIdentity feed, FilePlace place, string? problem, CancellationToken ct) => WriteAsync(
        feed,
        (files, token) => files.ExecuteUpdateAsync(
            set => set
                .SetProperty(f => f.Identity, place.Identity).SetProperty(f => f.Position, place.Position).SetProperty(f => f.Tail, place.Tail)
                .SetProperty(f => f.Memory, place.Memory).SetProperty(f => f.WrittenUtc, place.WrittenUtc).SetProperty(f => f.Problem, problem),
            token),
        ct);

    public Task SaveProblemAsync(FeedIdentity feed, string? problem, CancellationToken ct) =>
        WriteAsync(feed, (files, token) => files.ExecuteUpdateAsync(set => set.SetProperty(f => f.Problem, problem), token), ct);

    private async Task WriteAsync(FeedIdentity feed, Func<IQueryable<Storage.Entities.FollowedFile>, CancellationToken, Task<int>> write, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(feed.VendorId);
        await database.WriteLock.WaitAsync(ct);
        try
        {
            await write(context.FollowedFiles.Where(f => f.FeedId == feed.FeedId), ct);
        }
        finally
        {
            database.WriteLock.Release();
        }
    }
}
