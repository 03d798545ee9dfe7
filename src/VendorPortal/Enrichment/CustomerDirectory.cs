using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Enrichment;

/// <summary>
/// Customers, the users that belong to them, and from when on. Every change is made under <see cref="PortalDatabase.WriteLock"/>, and
/// <see cref="Version"/> moves before the lock is released: who writes pulls under the lock with <see cref="AssignmentsAsync"/>
/// never uses an outdated assignment.
/// </summary>
public sealed class CustomerDirectory(PortalDbContextFactory contexts, PortalDatabase database, TimeProvider time)
{
    private readonly ConcurrentDictionary<int, long> versions = new();
    private readonly ConcurrentDictionary<int, (long Version, CustomerAtTime Assignments)> loaded = new();

    /// <summary>Raised after a commit with the vendor's id.</summary>
    public event Action<int>? Changed;

    /// <summary>Grows with every change of a vendor's customers, users or assignments.</summary>
    public long Version(int vendorId) => versions.GetValueOrDefault(vendorId);

    /// <summary>The assignments of a vendor, remembered until they change.</summary>
    public async ValueTask<CustomerAtTime> AssignmentsAsync(int vendorId, CancellationToken ct)
    {
        var version = Version(vendorId);
        if (loaded.TryGetValue(vendorId, out var known) && known.Version == version)
            return known.Assignments;
        await using var context = contexts.ForVendor(vendorId);
        var assignments = CustomerAtTime.From(await context.CustomerAssignments.AsNoTracking().ToListAsync(ct));
        loaded[vendorId] = (version, assignments);
        return assignments;
    }

    /// <summary>Makes a customer and returns its id; one that was removed comes back under its name.</summary>
    /// <exception cref="InputException">The name cannot be used or is taken.</exception>
    public Task<int> CreateCustomerAsync(int vendorId, string name, CancellationToken ct)
    {
        var clean = InputException.Require("The name", name, Customer.MaxName);
        return WriteAsync(vendorId, async context =>
        {
            var customer = await context.Customers.FirstOrDefaultAsync(c => c.Name == clean, ct);
            if (customer is { RemovedUtc: null })
                throw new InputException($"There is a customer '{clean}' already.");
            if (customer is null)
            {
                var last = await context.Customers.MaxAsync(c => (int?)c.Id, ct) ?? 0;
                customer = new Customer { VendorId = vendorId, Id = last + 1, Name = clean, CreatedUtc = Now() };
                context.Add(customer);
            }

            customer.RemovedUtc = null;
            return customer.Id;
        }, ct);
    }

    /// <summary>Gives a customer another name, also on its past pulls.</summary>
    /// <exception cref="InputException">The name cannot be used or is taken, or there is no such customer.</exception>
    public Task RenameCustomerAsync(int vendorId, int customerId, string name, CancellationToken ct)
    {
        var clean = InputException.Require("The name", name, Customer.MaxName);
        return WriteAsync(vendorId, async context =>
        {
            var customer = await FindAsync(context, customerId, ct);
            var other = await context.Customers.FirstOrDefaultAsync(c => c.Name == clean && c.Id != customerId, ct);
            if (other is not null)
                throw new InputException(other.RemovedUtc is null ? $"There is a customer '{clean}' already." : $"A removed customer is called '{clean}', and its pulls keep that name.");
            customer.Name = clean;
            return 0;
        }, ct);
    }

    /// <summary>Hides a customer. Its users have no customer from now on; past pulls keep its name.</summary>
    /// <returns>How many users it had.</returns>
    public Task<int> RemoveCustomerAsync(int vendorId, int customerId, CancellationToken ct) => WriteAsync(vendorId, async context =>
    {
        var customer = await FindAsync(context, customerId, ct);
        var users = await context.RegistryUsers.Where(u => u.CustomerId == customerId).ToListAsync(ct);
        var rows = await context.CustomerAssignments
            .Where(a => context.RegistryUsers.Any(u => u.Id == a.UserId && u.CustomerId == customerId)).ToListAsync(ct);
        Assign(context, users, rows, null, past: false);
        customer.RemovedUtc = Now();
        return users.Count;
    }, ct);

    /// <summary>Puts users under a customer, or under none: from now on, or (<paramref name="past"/>) for all their pulls.</summary>
    /// <exception cref="InputException">There is no such customer.</exception>
    public Task<int> AssignAsync(int vendorId, IReadOnlyCollection<int> userIds, int? customerId, bool past, CancellationToken ct) =>
        WriteAsync(vendorId, async context =>
        {
            if (customerId is { } id)
                await FindAsync(context, id, ct);
            var users = await context.RegistryUsers.Where(u => userIds.Contains(u.Id)).ToListAsync(ct);
            var rows = await context.CustomerAssignments.Where(a => userIds.Contains(a.UserId)).ToListAsync(ct);
            Assign(context, users, rows, customerId, past);
            return users.Count;
        }, ct);

    /// <summary>Sets what a person told of a user, and the customer as <see cref="AssignAsync"/> does.</summary>
    /// <exception cref="InputException">A text cannot be used, or there is no such user or customer.</exception>
    public Task UpdateUserAsync(int vendorId, int userId, UserEdit edit, CancellationToken ct)
    {
        var name = InputException.Optional("The name", edit.Name, RegistryUser.MaxName);
        var email = CheckEmail(edit.Email);
        return WriteAsync(vendorId, async context =>
        {
            var user = await context.RegistryUsers.FirstOrDefaultAsync(u => u.Id == userId, ct)
                ?? throw new InputException("The user is no longer there; reload the page.");
            if (edit.CustomerId is { } id)
                await FindAsync(context, id, ct);
            user.Name = name;
            user.Email = email;
            var rows = await context.CustomerAssignments.Where(a => a.UserId == userId).ToListAsync(ct);
            Assign(context, [user], rows, edit.CustomerId, edit.Past);
            return 0;
        }, ct);
    }

    /// <summary>An e-mail address as it is stored, null where there is none.</summary>
    /// <exception cref="InputException">It is not one.</exception>
    public static string? CheckEmail(string? email)
    {
        var clean = InputException.Optional("The e-mail address", email, RegistryUser.MaxEmail);
        if (clean is null)
            return null;
        var at = clean.LastIndexOf('@');
        return at > 0 && at < clean.Length - 1 && !clean.Any(char.IsWhiteSpace) ? clean : throw new InputException($"'{clean}' is not an e-mail address.");
    }

    /// <summary>Runs a change in one transaction under the write lock, then tells of it.</summary>
    internal async Task<T> WriteAsync<T>(int vendorId, Func<PortalDbContext, Task<T>> change, CancellationToken ct)
    {
        var result = await database.WriteAsync(contexts, vendorId, change, ct);
        versions.AddOrUpdate(vendorId, 1, (_, version) => version + 1);
        Changed?.Invoke(vendorId);
        return result;
    }

    private static async Task<Customer> FindAsync(PortalDbContext context, int customerId, CancellationToken ct) =>
        await context.Customers.FirstOrDefaultAsync(c => c.Id == customerId && c.RemovedUtc == null, ct)
        ?? throw new InputException("The customer is no longer there; reload the page.");

    private void Assign(PortalDbContext context, List<RegistryUser> users, List<CustomerAssignment> rows, int? customerId, bool past)
    {
        var from = past ? CustomerAtTime.Always : CustomerAtTime.FromNowOn(Now());
        var rowsOf = rows.ToLookup(r => r.UserId);
        foreach (var user in users)
        {
            var history = rowsOf[user.Id].OrderBy(r => r.FromUtc).ToList();
            if (!Assignment.Needed(history.ConvertAll(r => (r.FromUtc, r.CustomerId)), customerId, past))
                continue;
            // Rows that begin later (a clock that was put back) would contradict "from now on".
            context.RemoveRange(history.Where(r => r.FromUtc > from));
            var same = history.Find(r => r.FromUtc == from);
            if (same is not null)
                same.CustomerId = customerId;
            else
                context.Add(new CustomerAssignment { VendorId = user.VendorId, UserId = user.Id, FromUtc = from, CustomerId = customerId });
            user.CustomerId = customerId;
            user.PastPending |= past;
        }
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;
}

/// <summary>What an editor says of a user. <see cref="Past"/>: the customer counts for past pulls too.</summary>
public sealed record UserEdit(string? Name, string? Email, int? CustomerId, bool Past);

/// <summary>The rule of when an assignment changes anything.</summary>
internal static class Assignment
{
    /// <summary>
    /// From now on: where the last row names another customer. For the past too: where the rows, oldest first, are not just this
    /// customer from the beginning.
    /// </summary>
    public static bool Needed(IReadOnlyList<(DateTime FromUtc, int? CustomerId)> rows, int? customerId, bool past)
    {
        if (rows.Count == 0)
            return customerId is not null;
        if (!past)
            return rows[^1].CustomerId != customerId;
        return rows.Count > 1 || rows[0].FromUtc > CustomerAtTime.Always || rows[0].CustomerId != customerId;
    }
}
