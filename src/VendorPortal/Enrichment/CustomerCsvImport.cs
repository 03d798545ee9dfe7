using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using VendorPortal.Storage;

namespace VendorPortal.Enrichment;

/// <summary>Previews and applies a file of users and customers. Applying compares again, in the transaction it writes in.</summary>
public sealed class CustomerCsvImport(CustomerDirectory directory, PortalDbContextFactory contexts, TimeProvider time)
{
    /// <summary>What the file would change now.</summary>
    public async Task<CustomerCsvPlan> PreviewAsync(int vendorId, CustomerCsv csv, bool past, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return CustomerCsvPlan.Compare(csv, await CustomersAsync(context, ct), await UsersAsync(context, ct), past);
    }

    /// <summary>Applies the file in one transaction, and returns what it changed. Applying it again changes nothing.</summary>
    /// <exception cref="InvalidOperationException">The file has errors.</exception>
    public Task<CustomerCsvPlan> ApplyAsync(int vendorId, CustomerCsv csv, bool past, CancellationToken ct)
    {
        if (csv.Errors.Count > 0)
            throw new InvalidOperationException("A file with errors is not applied.");
        return directory.WriteAsync(vendorId, async context =>
        {
            var plan = CustomerCsvPlan.Compare(csv, await CustomersAsync(context, ct), await UsersAsync(context, ct), past);
            var customerIds = await WriteCustomersAsync(context, plan, ct);
            await WriteUsersAsync(context, csv.Columns, plan, customerIds, past, ct);
            return plan;
        }, ct);
    }

    private static Task<Dictionary<string, bool>> CustomersAsync(PortalDbContext context, CancellationToken ct) =>
        context.Customers.AsNoTracking().ToDictionaryAsync(c => c.Name, c => c.RemovedUtc == null, StringComparer.Ordinal, ct);

    private static async Task<Dictionary<string, KnownUser>> UsersAsync(PortalDbContext context, CancellationToken ct)
    {
        var names = await context.Customers.AsNoTracking().ToDictionaryAsync(c => c.Id, c => c.Name, ct);
        var rowsOf = (await context.CustomerAssignments.AsNoTracking().ToListAsync(ct)).ToLookup(a => a.UserId);
        var users = await context.RegistryUsers.AsNoTracking().ToListAsync(ct);
        return users.ToDictionary(u => u.Principal, u =>
        {
            var rows = rowsOf[u.Id].OrderBy(r => r.FromUtc).Select(r => (r.FromUtc, r.CustomerId)).ToList();
            var customer = u.CustomerId is { } id ? names.GetValueOrDefault(id) : null;
            return new KnownUser(u.Id, u.Principal, u.Name, u.Email, customer, !Assignment.Needed(rows, u.CustomerId, past: true));
        }, StringComparer.Ordinal);
    }

    private async Task<Dictionary<string, int>> WriteCustomersAsync(PortalDbContext context, CustomerCsvPlan plan, CancellationToken ct)
    {
        var ids = await context.Customers.AsNoTracking().ToDictionaryAsync(c => c.Name, c => c.Id, StringComparer.Ordinal, ct);
        var next = ids.Count == 0 ? 1 : ids.Values.Max() + 1;
        await using var insert = Command(context, """
            INSERT INTO "Customers" ("VendorId", "Id", "Name", "CreatedUtc") VALUES (@vendor, @id, @name, @now)
            """, "@id", "@name", "@now");
        foreach (var name in plan.NewCustomers)
        {
            await RunAsync(insert, ct, next, name, Now());
            ids.Add(name, next++);
        }

        await using var restore = Command(context, """
            UPDATE "Customers" SET "RemovedUtc" = NULL WHERE "VendorId" = @vendor AND "Id" = @id
            """, "@id");
        foreach (var name in plan.RestoredCustomers)
            await RunAsync(restore, ct, ids[name]);
        return ids;
    }

    // Prepared statements: a file may have 100,000 rows, and receiving waits meanwhile.
    private async Task WriteUsersAsync(
        PortalDbContext context, CustomerCsvColumns columns, CustomerCsvPlan plan, Dictionary<string, int> customerIds, bool past, CancellationToken ct)
    {
        await using var insert = Command(context, """
            INSERT INTO "Users" ("VendorId", "Id", "Principal", "Name", "Email", "CustomerId", "CreatedUtc", "PastPending")
            VALUES (@vendor, @id, @principal, @name, @email, @customer, @now, @pending)
            """, "@id", "@principal", "@name", "@email", "@customer", "@now", "@pending");
        await using var update = Command(context, """
            UPDATE "Users" SET "Name" = @name, "Email" = @email WHERE "VendorId" = @vendor AND "Id" = @id
            """, "@id", "@name", "@email");
        await using var move = Command(context, """
            UPDATE "Users" SET "CustomerId" = @customer, "PastPending" = CASE WHEN @past THEN TRUE ELSE "PastPending" END
            WHERE "VendorId" = @vendor AND "Id" = @id
            """, "@id", "@customer", "@past");
        await using var forget = Command(context, """
            DELETE FROM "CustomerAssignments" WHERE "VendorId" = @vendor AND "UserId" = @id AND "FromUtc" > @from
            """, "@id", "@from");
        await using var assign = Command(context, """
            INSERT INTO "CustomerAssignments" ("VendorId", "UserId", "FromUtc", "CustomerId") VALUES (@vendor, @id, @from, @customer)
            ON CONFLICT ("VendorId", "UserId", "FromUtc") DO UPDATE SET "CustomerId" = excluded."CustomerId"
            """, "@id", "@from", "@customer");
        var from = past ? CustomerAtTime.Always : CustomerAtTime.FromNowOn(Now());
        var next = (await context.RegistryUsers.MaxAsync(u => (int?)u.Id, ct) ?? 0) + 1;
        foreach (var change in plan.Changes)
        {
            var (row, known) = (change.Row, change.Known);
            int? customerId = row.Customer is null ? null : customerIds[row.Customer];
            var id = known?.Id ?? next++;
            if (known is null)
                await RunAsync(insert, ct, id, row.Principal, row.Name, row.Email, customerId, Now(), false);
            else if (change.Details)
                await RunAsync(update, ct, id, columns.HasFlag(CustomerCsvColumns.Name) ? row.Name : known.Name, columns.HasFlag(CustomerCsvColumns.Email) ? row.Email : known.Email);
            if (!change.Moves && !change.PastMoves)
                continue;
            if (known is not null)
                await RunAsync(move, ct, id, customerId, change.PastMoves);
            await RunAsync(forget, ct, id, from);
            await RunAsync(assign, ct, id, from, customerId);
        }
    }

    private static DbCommand Command(PortalDbContext context, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        var vendor = command.CreateParameter();
        (vendor.ParameterName, vendor.Value) = ("@vendor", context.VendorId);
        command.Parameters.Add(vendor);
        return command;
    }

    /// <summary>Runs a statement with values for its parameters, in their order.</summary>
    private static Task<int> RunAsync(DbCommand command, CancellationToken ct, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command.ExecuteNonQueryAsync(ct);
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;
}
