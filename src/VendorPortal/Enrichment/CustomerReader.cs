using Microsoft.EntityFrameworkCore;
using VendorPortal.Classification;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

// These comparisons run in the store, which knows no cultures.
#pragma warning disable CA1304, CA1311, CA1862, MA0021

namespace VendorPortal.Enrichment;

/// <summary>A customer in use, with the number of its users.</summary>
public sealed record CustomerRow(int Id, string Name, int Users, DateTime CreatedUtc);

/// <summary>A customer by its id; <paramref name="RemovedUtc"/> of one that is no longer in use, whose pulls keep its name.</summary>
public sealed record CustomerFacts(int Id, string Name, DateTime CreatedUtc, DateTime? RemovedUtc);

/// <summary>A user of the registry as the list shows it.</summary>
public sealed record UserRow(int Id, string Principal, string? Name, string? Email, int? CustomerId, string? Customer, DateTime CreatedUtc, bool PastPending);

/// <summary>Which users a list keeps.</summary>
public sealed record UserQuery(string? Search, bool UnassignedOnly);

/// <summary>The newest downloads found per customer and user, among the newest rows of the log; times are UTC.</summary>
public sealed record LastDownloads(IReadOnlyDictionary<int, DateTime> Customers, IReadOnlyDictionary<int, DateTime> Users, bool WholeLog)
{
    /// <summary>Why there may be no time.</summary>
    public string WhyMissing => WholeLog ? "No download yet" : "No download among the newest pulls";
}

/// <summary>Counts for the page's head: customers in use, all users, users without a customer.</summary>
public sealed record CustomerTotals(int Customers, int Users, int Unassigned);

/// <summary>Reads customers and users for the page, a page at a time after the last one shown.</summary>
public sealed class CustomerReader(PortalDbContextFactory contexts, PortalDatabase database)
{
    public const int PageRows = 100;

    /// <summary>How many of the newest pulls are looked at for "last download"; the log has no index to ask for more.</summary>
    private const int RecentPulls = 200_000;

    public async Task<CustomerTotals> ReadTotalsAsync(int vendorId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var customers = await context.Customers.CountAsync(c => c.RemovedUtc == null, ct);
        var users = await context.RegistryUsers.CountAsync(ct);
        var unassigned = await context.RegistryUsers.CountAsync(u => u.CustomerId == null, ct);
        return new CustomerTotals(customers, users, unassigned);
    }

    /// <summary>The customer of an id, also one that was removed; null where there is none.</summary>
    public async Task<CustomerFacts?> FindAsync(int vendorId, int id, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await context.Customers.AsNoTracking().Where(c => c.Id == id).Select(c => new CustomerFacts(c.Id, c.Name, c.CreatedUtc, c.RemovedUtc)).FirstOrDefaultAsync(ct);
    }

    /// <summary>Up to <see cref="PageRows"/> customers in the order of their names, after <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<CustomerRow>> ReadCustomersAsync(int vendorId, string? search, CustomerRow? after, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var customers = InUse(context, search);
        if (after is not null)
        {
            var name = after.Name;
            customers = customers.Where(c => c.Name.ToLower().CompareTo(name.ToLower()) > 0 || (c.Name.ToLower() == name.ToLower() && c.Name.CompareTo(name) > 0));
        }

        var page = await customers.OrderBy(c => c.Name.ToLower()).ThenBy(c => c.Name).Take(PageRows).ToListAsync(ct);
        // One pass over the users: they have no index on the customer, and counting for each row would be a pass each.
        var ids = page.ConvertAll(c => (int?)c.Id);
        var users = await context.RegistryUsers.Where(u => ids.Contains(u.CustomerId)).GroupBy(u => u.CustomerId!.Value)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return page.ConvertAll(c => new CustomerRow(c.Id, c.Name, users.GetValueOrDefault(c.Id), c.CreatedUtc));
    }

    public async Task<int> CountCustomersAsync(int vendorId, string? search, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await InUse(context, search).CountAsync(ct);
    }

    /// <summary>All customers in use, for choosing one; their users are not counted.</summary>
    public async Task<IReadOnlyList<CustomerRow>> ReadAllCustomersAsync(int vendorId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await InUse(context, null).OrderBy(c => c.Name.ToLower()).ThenBy(c => c.Name)
            .Select(c => new CustomerRow(c.Id, c.Name, 0, c.CreatedUtc)).ToListAsync(ct);
    }

    /// <summary>Up to <see cref="PageRows"/> users in the order of their principals, after <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<UserRow>> ReadUsersAsync(int vendorId, UserQuery query, string? after, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var users = Kept(context, query);
        if (after is not null)
            users = users.Where(u => u.Principal.CompareTo(after) > 0);
        return await users.OrderBy(u => u.Principal).Take(PageRows)
            .Select(u => new UserRow(
                u.Id, u.Principal, u.Name, u.Email, u.CustomerId,
                context.Customers.Where(c => c.Id == u.CustomerId).Select(c => c.Name).FirstOrDefault(), u.CreatedUtc, u.PastPending))
            .ToListAsync(ct);
    }

    public async Task<int> CountUsersAsync(int vendorId, UserQuery query, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await Kept(context, query).CountAsync(ct);
    }

    /// <summary>The last downloads among the newest pulls, by one pass over them.</summary>
    public async Task<LastDownloads> ReadLastDownloadsAsync(int vendorId, CancellationToken ct)
    {
        await using var connection = database.OpenReader();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT "Id", "CustomerId", "UserId", "Kind" FROM "Pulls" WHERE "VendorId" = @vendor ORDER BY "Id" DESC LIMIT {RecentPulls}
            """;
        command.Parameters.AddWithValue("@vendor", vendorId);
        var (customers, users, rows) = (new Dictionary<int, DateTime>(), new Dictionary<int, DateTime>(), 0);
        await using var reader = await command.ExecuteReaderAsync(ct);
        for (; await reader.ReadAsync(ct); rows++)
        {
            if ((PullKind)reader.GetInt32(3) is not (PullKind.PullByTag or PullKind.PullByDigest))
                continue;
            var at = PullIds.TimeOf(reader.GetInt64(0));
            if (!reader.IsDBNull(1))
                customers.TryAdd(reader.GetInt32(1), at);
            if (!reader.IsDBNull(2))
                users.TryAdd(reader.GetInt32(2), at);
        }

        return new LastDownloads(customers, users, rows < RecentPulls);
    }

    private static IQueryable<Customer> InUse(PortalDbContext context, string? search)
    {
        var customers = context.Customers.AsNoTracking().Where(c => c.RemovedUtc == null);
        return Lowered(search) is { } text ? customers.Where(c => c.Name.ToLower().Contains(text)) : customers;
    }

    private static IQueryable<RegistryUser> Kept(PortalDbContext context, UserQuery query)
    {
        var users = context.RegistryUsers.AsNoTracking();
        if (query.UnassignedOnly)
            users = users.Where(u => u.CustomerId == null);
        if (Lowered(query.Search) is { } text)
        {
            users = users.Where(u => u.Principal.ToLower().Contains(text) || u.Name!.ToLower().Contains(text) || u.Email!.ToLower().Contains(text)
                || context.Customers.Any(c => c.Id == u.CustomerId && c.Name.ToLower().Contains(text)));
        }

        return users;
    }

    // The store folds ASCII only, so the text is folded the same way.
    private static string? Lowered(string? search)
    {
        var text = search?.Trim();
        return string.IsNullOrEmpty(text) ? null : string.Create(text.Length, text, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
        });
    }
}
