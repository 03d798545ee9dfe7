using Microsoft.EntityFrameworkCore;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>A view a member can choose: their own, or shared by another.</summary>
public sealed record SavedViewItem(int Id, string Name, string Query, bool IsShared, bool IsOwn, bool IsDefault);

/// <summary>
/// Named views of the Downloads page. Vendor and member come from the verified sign-in; a member changes only their own views and sees
/// beside them what others of the same vendor share.
/// </summary>
public sealed class SavedViews(PortalDbContextFactory contexts, PortalDatabase database, TimeProvider time)
{
    /// <summary>Most views of a member at a vendor.</summary>
    public const int MaxOfMember = 100;

    private const int MaxListed = 500;

    /// <summary>Own views first, each group by name.</summary>
    public async Task<IReadOnlyList<SavedViewItem>> ListAsync(int vendorId, int memberId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var chosen = await context.VendorMembers.Where(m => m.VendorId == vendorId && m.MemberId == memberId).Select(m => m.DefaultViewId).FirstOrDefaultAsync(ct);
        var views = await context.SavedViews.AsNoTracking().Where(v => v.MemberId == memberId || v.IsShared)
            .OrderByDescending(v => v.MemberId == memberId).ThenBy(v => v.Name).ThenBy(v => v.Id).Take(MaxListed).ToListAsync(ct);
        return [.. views.Select(v => new SavedViewItem(v.Id, v.Name, v.Query, v.IsShared, v.MemberId == memberId, v.Id == chosen))];
    }

    /// <summary>The query of the member's default view; null where there is none, or where it is no longer shared with them.</summary>
    public async Task<string?> FindDefaultAsync(int vendorId, int memberId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await context.VendorMembers.Where(m => m.VendorId == vendorId && m.MemberId == memberId)
            .Join(context.SavedViews.Where(v => v.MemberId == memberId || v.IsShared), m => m.DefaultViewId, v => (int?)v.Id, (_, v) => v.Query).FirstOrDefaultAsync(ct);
    }

    /// <summary>Keeps a view under a name and returns its id.</summary>
    /// <exception cref="InputException">The name cannot be used or is taken, the view is too long, or there are too many.</exception>
    public Task<int> SaveAsync(int vendorId, int memberId, string name, string query, CancellationToken ct) =>
        AddAsync(vendorId, memberId, new SavedViewItem(0, name, query, IsShared: false, IsOwn: true, IsDefault: false), ct);

    /// <summary>Brings a view back that was just removed.</summary>
    /// <exception cref="InputException">Its name is taken meanwhile, or there are too many.</exception>
    public Task RestoreAsync(int vendorId, int memberId, SavedViewItem view, CancellationToken ct) => AddAsync(vendorId, memberId, view, ct);

    /// <summary>Gives a view another name.</summary>
    /// <exception cref="InputException">The name cannot be used or is taken, or the member has no such view.</exception>
    public Task RenameAsync(int vendorId, int memberId, int id, string name, CancellationToken ct) => ChangeAsync(vendorId, memberId, id, async (context, view) =>
    {
        view.Name = await FreeNameAsync(context, memberId, name, id, ct);
    }, ct);

    /// <summary>Makes a view show something else.</summary>
    /// <exception cref="InputException">The view is too long, or the member has no such view.</exception>
    public Task ReplaceAsync(int vendorId, int memberId, int id, string query, CancellationToken ct) => ChangeAsync(vendorId, memberId, id, (_, view) =>
    {
        view.Query = CheckQuery(query);
        return Task.CompletedTask;
    }, ct);

    /// <summary>Shares a view with the vendor's members, or no longer.</summary>
    /// <exception cref="InputException">The member has no such view.</exception>
    public Task ShareAsync(int vendorId, int memberId, int id, bool isShared, CancellationToken ct) => ChangeAsync(vendorId, memberId, id, (_, view) =>
    {
        view.IsShared = isShared;
        return Task.CompletedTask;
    }, ct);

    /// <summary>Removes a view; for nobody it is the default any more.</summary>
    /// <exception cref="InputException">The member has no such view.</exception>
    public Task RemoveAsync(int vendorId, int memberId, int id, CancellationToken ct) => ChangeAsync(vendorId, memberId, id, async (context, view) =>
    {
        context.Remove(view);
        await context.VendorMembers.Where(m => m.VendorId == vendorId && m.DefaultViewId == id).ExecuteUpdateAsync(set => set.SetProperty(m => m.DefaultViewId, (int?)null), ct);
    }, ct);

    /// <summary>Chooses the view that the page opens with; null for none.</summary>
    /// <exception cref="InputException">The member sees no such view.</exception>
    public Task SetDefaultAsync(int vendorId, int memberId, int? id, CancellationToken ct) => database.WriteAsync(contexts, vendorId, async context =>
    {
        if (id is not null && !await context.SavedViews.AnyAsync(v => v.Id == id && (v.MemberId == memberId || v.IsShared), ct))
            throw Gone();
        return await context.VendorMembers.Where(m => m.VendorId == vendorId && m.MemberId == memberId).ExecuteUpdateAsync(set => set.SetProperty(m => m.DefaultViewId, id), ct);
    }, ct);

    private Task<int> AddAsync(int vendorId, int memberId, SavedViewItem item, CancellationToken ct) => database.WriteAsync(contexts, vendorId, async context =>
    {
        var name = await FreeNameAsync(context, memberId, item.Name, 0, ct);
        if (await context.SavedViews.CountAsync(v => v.MemberId == memberId, ct) >= MaxOfMember)
            throw new InputException($"You have {MaxOfMember} saved views, which is the most; remove one first.");
        var id = (await context.SavedViews.MaxAsync(v => (int?)v.Id, ct) ?? 0) + 1;
        context.Add(new SavedView
        {
            VendorId = vendorId, Id = id, MemberId = memberId, Name = name, Query = CheckQuery(item.Query), IsShared = item.IsShared, CreatedUtc = time.GetUtcNow().UtcDateTime,
        });
        if (item.IsDefault)
            await context.VendorMembers.Where(m => m.VendorId == vendorId && m.MemberId == memberId).ExecuteUpdateAsync(set => set.SetProperty(m => m.DefaultViewId, id), ct);
        return id;
    }, ct);

    private Task ChangeAsync(int vendorId, int memberId, int id, Func<PortalDbContext, SavedView, Task> change, CancellationToken ct) => database.WriteAsync(contexts, vendorId, async context =>
    {
        await change(context, await context.SavedViews.FirstOrDefaultAsync(v => v.Id == id && v.MemberId == memberId, ct) ?? throw Gone());
        return 0;
    }, ct);

    private static async Task<string> FreeNameAsync(PortalDbContext context, int memberId, string name, int but, CancellationToken ct)
    {
        var clean = InputException.Require("The name", name, SavedView.MaxName);
        return await context.SavedViews.AnyAsync(v => v.MemberId == memberId && v.Id != but && v.Name == clean, ct)
            ? throw new InputException($"You have a view '{clean}' already.")
            : clean;
    }

    private static string CheckQuery(string query) =>
        query.Length <= SavedView.MaxQuery ? query : throw new InputException("The filters are too many to be saved; take some values away.");

    private static InputException Gone() => new("The view is no longer there; reload the page.");
}
