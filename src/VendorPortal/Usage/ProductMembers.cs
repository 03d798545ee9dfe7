using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

// These comparisons run in the store, which knows no cultures.
#pragma warning disable CA1304, CA1311, CA1862, MA0021

namespace VendorPortal.Usage;

/// <summary>
/// The members of customers: the vendor's own lists, and whoever was seen besides. Listing a person whom events named without a customer takes along
/// what they have done. The vendor comes from the verified sign-in.
/// </summary>
public sealed class ProductMembers(PortalDbContextFactory contexts, PortalDatabase database, TimeProvider time)
{
    public const int PageRows = 100;

    /// <summary>Raised after a commit with the vendor's id.</summary>
    public event Action<int>? Changed;

    /// <summary>People of a customer, or of all and of none, in the order of their user names, after <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<MemberRow>> ListAsync(int vendorId, int? customerId, string? search, (string Key, int Id)? after, int most, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var people = Kept(context, customerId, search);
        if (after is var (key, id))
            people = people.Where(p => p.UserKey.CompareTo(key) > 0 || (p.UserKey == key && p.Id > id));
        return await Rows(context, people.OrderBy(p => p.UserKey).ThenBy(p => p.Id).Take(most)).ToListAsync(ct);
    }

    public async Task<int> CountAsync(int vendorId, int? customerId, string? search, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await Kept(context, customerId, search).CountAsync(ct);
    }

    /// <summary>A listed member of a customer; null where there is none of this user name.</summary>
    public async Task<MemberRow?> FindAsync(int vendorId, int customerId, string username, CancellationToken ct)
    {
        var key = UsagePeople.KeyOf(username);
        await using var context = contexts.ForVendor(vendorId);
        return await Rows(context, context.ProductUsers.AsNoTracking().Where(p => p.CustomerId == customerId && p.UserKey == key && p.IsListed)).FirstOrDefaultAsync(ct);
    }

    /// <summary>The id of a customer in use; null where none has this name.</summary>
    public async Task<int?> FindCustomerAsync(int vendorId, string name, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await context.Customers.Where(c => c.Name == name && c.RemovedUtc == null).Select(c => (int?)c.Id).FirstOrDefaultAsync(ct);
    }

    /// <summary>Puts members on a customer's list, or changes what is said of them; all or none.</summary>
    /// <exception cref="InputException">There is no such customer.</exception>
    public async Task<MembersChanged> SaveAsync(int vendorId, int customerId, IReadOnlyCollection<MemberFacts> members, CancellationToken ct)
    {
        var changed = await database.WriteAsync(contexts, vendorId, async context =>
        {
            if (!await context.Customers.AnyAsync(c => c.Id == customerId && c.RemovedUtc == null, ct))
                throw new InputException("The customer is no longer there; reload the page.");
            var next = (await context.ProductUsers.MaxAsync(p => (int?)p.Id, ct) ?? 0) + 1;
            var (added, edited, same) = (0, 0, 0);
            foreach (var facts in members)
            {
                var person = await PersonAsync(context, customerId, facts, ct);
                if (person is null)
                {
                    person = new ProductUser { VendorId = vendorId, Id = next++, CustomerId = customerId, Username = facts.Username, UserKey = UsagePeople.KeyOf(facts.Username), CreatedUtc = time.GetUtcNow().UtcDateTime };
                    context.Add(person);
                }

                var wasListed = person.IsListed && person.CustomerId == customerId;
                Move(context, person, customerId);
                Apply(person, facts);
                if (!wasListed)
                    added++;
                else if (context.Entry(person).State == EntityState.Modified)
                    edited++;
                else
                    same++;
                await context.SaveChangesAsync(ct);
                context.ChangeTracker.Clear(); // it would compare all of them anew for each
            }

            return new MembersChanged(added, edited, same);
        }, ct);
        Changed?.Invoke(vendorId);
        return changed;
    }

    /// <summary>
    /// Takes a person off the list. Who was never seen is gone; who was seen stays as a person who uses the product. False where there is no such
    /// person on a list.
    /// </summary>
    public async Task<bool> UnlistAsync(int vendorId, int id, CancellationToken ct)
    {
        var done = await database.WriteAsync(contexts, vendorId, async context =>
        {
            if (await context.ProductUsers.FirstOrDefaultAsync(p => p.Id == id && p.IsListed && !p.IsErased, ct) is not { } person)
                return false;
            person.IsListed = false;
            var isKnown = person.LastSeenUtc is not null || person.IsOptedOut || await context.UsageUserDays.AnyAsync(d => d.UserId == id, ct) || await context.UsageConsents.AnyAsync(c => c.UserId == id, ct);
            if (!isKnown)
                context.Remove(person);
            return true;
        }, ct);
        Changed?.Invoke(vendorId);
        return done;
    }

    // The person of this customer, else one that events named without a customer: by the user name, by the e-mail address.
    private static async Task<ProductUser?> PersonAsync(PortalDbContext context, int customerId, MemberFacts facts, CancellationToken ct)
    {
        var key = UsagePeople.KeyOf(facts.Username);
        var mail = facts.Email is { } email ? UsagePeople.KeyOf(email) : key;
        var found = await context.ProductUsers
            .Where(p => (p.UserKey == key || p.UserKey == mail) && (p.CustomerId == customerId || p.CustomerId == ProductUser.Unassigned) && !p.IsErased).ToListAsync(ct);
        return found.Find(p => p.UserKey == key && p.CustomerId == customerId)
            ?? found.Find(p => p.UserKey == key && !p.IsListed)
            ?? found.Find(p => p.UserKey == mail && !p.IsListed);
    }

    private static void Move(PortalDbContext context, ProductUser person, int customerId)
    {
        if (person.CustomerId == customerId)
            return;
        using var ledger = new UsageLedger(context.Database.GetDbConnection());
        ledger.Begin(context.Database.CurrentTransaction!.GetDbTransaction());
        ledger.Shift(person.VendorId, person.Id, person.CustomerId, -1);
        ledger.Shift(person.VendorId, person.Id, customerId, 1);
        person.CustomerId = customerId;
    }

    private static void Apply(ProductUser person, MemberFacts facts)
    {
        (person.Username, person.UserKey) = (facts.Username, UsagePeople.KeyOf(facts.Username));
        (person.Email, person.EmailKey) = (facts.Email, facts.Email is { } email ? UsagePeople.KeyOf(email) : null);
        (person.Name, person.Type, person.Role, person.Teams) = (facts.Name, facts.Type, facts.Role, facts.Teams);
        (person.JoinedUtc, person.LastLogInUtc, person.IsListed) = (facts.JoinedUtc, facts.LastLogInUtc, true);
    }

    private static IQueryable<ProductUser> Kept(PortalDbContext context, int? customerId, string? search)
    {
        var people = context.ProductUsers.AsNoTracking().Where(p => !p.IsErased);
        if (customerId is { } id)
            people = people.Where(p => p.CustomerId == id);
        if (search?.Trim().ToLowerInvariant() is { Length: > 0 } text)
            people = people.Where(p => p.UserKey.Contains(text) || p.EmailKey!.Contains(text) || p.Name!.ToLower().Contains(text) || p.Teams!.ToLower().Contains(text));
        return people;
    }

    private static IQueryable<MemberRow> Rows(PortalDbContext context, IQueryable<ProductUser> people) => people.Select(p => new MemberRow(
        p.Id, p.CustomerId, context.Customers.Where(c => c.Id == p.CustomerId).Select(c => c.Name).FirstOrDefault(),
        new MemberFacts(p.Username, p.Name, p.Email, p.Type, p.Role, p.Teams, p.JoinedUtc, p.LastLogInUtc),
        p.IsListed, p.LastSeenUtc, context.UsageNames.Where(n => n.Id == p.LastVersionId).Select(n => n.Name).FirstOrDefault(), p.IsOptedOut));
}
