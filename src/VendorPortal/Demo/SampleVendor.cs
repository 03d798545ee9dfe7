using Microsoft.EntityFrameworkCore;
using VendorPortal.Analytics;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Journal;
using VendorPortal.Security;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Usage;

namespace VendorPortal.Demo;

/// <summary>
/// A vendor with a year of plausible traffic, sent through the journal and the classification like any other. It is a vendor of its
/// own, so that nothing made up ever meets real rows, and removing it leaves nothing behind.
/// </summary>
public sealed class SampleVendor(
    PortalDbContextFactory contexts, PortalDatabase database, RequestJournal journal, ClassificationService classification, PullNotifications notifications,
    UsageIntake usage, ProductMembers members, ReportFiles reports, TimeProvider time, ILogger<SampleVendor> logger)
    : IDisposable
{
    public const string Slug = "nimbus-sample";
    private const string Name = "Nimbus";
    private const int Seed = 20260501;
    private static readonly TimeSpan Range = TimeSpan.FromDays(365);
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim one = new(1, 1);

    /// <summary>How much of a running load is done, 0 to 1; null where none runs in this process.</summary>
    public double? Progress { get; private set; }

    /// <summary>The id of the sample vendor; null where there is none.</summary>
    public async Task<int?> FindAsync(CancellationToken ct)
    {
        await using var context = contexts.ForInstallation();
        return await context.Vendors.Where(v => v.IsSample).Select(v => (int?)v.Id).FirstOrDefaultAsync(ct);
    }

    /// <summary>
    /// Makes the vendor without its traffic, owned by every owner of this installation, and returns its id. Where it exists already, it
    /// is removed first.
    /// </summary>
    public async Task<int> CreateAsync(CancellationToken ct)
    {
        Progress = 0; // from here on: a second click does not begin a second one
        try
        {
            await RemoveAsync(ct);
            return await AddVendorAsync(ct);
        }
        catch
        {
            Progress = null;
            throw;
        }
    }

    /// <summary>Makes the vendor and sends its year; returns the number of requests once they are classified.</summary>
    public async Task<int> LoadAsync(IProgress<double>? progress, CancellationToken ct)
    {
        var vendorId = await CreateAsync(ct);
        await using (var context = contexts.ForInstallation())
        {
            // Where the command line loads it, the next sign-in of an owner leads there.
            await context.Users.Where(m => context.VendorMembers.Any(v => v.VendorId == vendorId && v.MemberId == m.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.LastVendorId, vendorId), ct);
        }

        return await FillAsync(vendorId, progress, ct);
    }

    /// <summary>Sends the year of traffic of a vendor made by <see cref="CreateAsync"/>.</summary>
    public async Task<int> FillAsync(int vendorId, IProgress<double>? progress, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            Report(progress, 0);
            var now = time.GetUtcNow().UtcDateTime;
            var traffic = new SampleTraffic(now - Range, now.AddMinutes(-1), Seed);
            var (sent, days) = (0, 0);
            foreach (var day in traffic.Batches())
            {
                await journal.AppendAsync(vendorId, feedId: 1, day, ct);
                sent += day.Requests.Count;
                Report(progress, 0.9 * ++days / traffic.Days);
            }

            await UseProductAsync(vendorId, now, ct);
            Report(progress, 0.95);
            await classification.SettleAsync(vendorId, feedId: null, SettlesWithin, ct);
            Report(progress, 1);
            logger.LogInformation("Sample vendor: {Requests} requests sent and classified", sent);
            return sent;
        }
        finally
        {
            Progress = null;
            one.Release();
            notifications.Publish(vendorId);
        }
    }

    /// <summary>Removes the vendor with all its rows. False where there is none.</summary>
    public async Task<bool> RemoveAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            await using var installation = contexts.ForInstallation();
            if (await installation.Vendors.FirstOrDefaultAsync(v => v.IsSample, ct) is not { } vendor)
                return false;
            await database.WriteLock.WaitAsync(ct);
            try
            {
                await using var context = contexts.ForVendor(vendor.Id);
                await DeleteRowsAsync(context, ct);
                installation.Remove(vendor);
                await installation.SaveChangesAsync(ct);
                reports.Forget(vendor.Id);
            }
            finally
            {
                database.WriteLock.Release();
            }

            return true;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    // How the customers' people use the vendor's product.
    private async Task UseProductAsync(int vendorId, DateTime now, CancellationToken ct)
    {
        var sample = new SampleUsage(now, Seed);
        foreach (var list in sample.Members())
        {
            if (await members.FindCustomerAsync(vendorId, list.Key, ct) is { } customerId)
                await members.SaveAsync(vendorId, customerId, [.. list], ct);
        }

        foreach (var day in sample.Days())
            await usage.AppendAsync(vendorId, day, ct);
    }

    private static async Task DeleteRowsAsync(PortalDbContext context, CancellationToken ct)
    {
        await context.PullSegmentColumns.ExecuteDeleteAsync(ct);
        await context.PullSegments.ExecuteDeleteAsync(ct);
        await context.PullSegmentChanges.ExecuteDeleteAsync(ct);
        await context.Pulls.ExecuteDeleteAsync(ct);
        await context.RegistryRequests.ExecuteDeleteAsync(ct);
        await context.JournalPurges.ExecuteDeleteAsync(ct);
        await context.FeedHours.ExecuteDeleteAsync(ct);
        await context.FeedRejections.ExecuteDeleteAsync(ct);
        await context.DailyArtifactPulls.ExecuteDeleteAsync(ct);
        await context.DailyChanges.ExecuteDeleteAsync(ct);
        await context.Reports.ExecuteDeleteAsync(ct);
        await context.CustomerAssignments.ExecuteDeleteAsync(ct);
        await context.RegistryUsers.ExecuteDeleteAsync(ct);
        await context.Customers.ExecuteDeleteAsync(ct);
        await context.ArtifactPublishers.ExecuteDeleteAsync(ct);
        await context.ManifestChildren.ExecuteDeleteAsync(ct);
        await context.Manifests.ExecuteDeleteAsync(ct);
        await context.Versions.ExecuteDeleteAsync(ct);
        await context.Artifacts.ExecuteDeleteAsync(ct);
        await context.Addresses.ExecuteDeleteAsync(ct);
        await context.Clients.ExecuteDeleteAsync(ct);
        await context.Exports.ExecuteDeleteAsync(ct);
        await context.UsageEvents.ExecuteDeleteAsync(ct);
        await context.UsageUserDays.ExecuteDeleteAsync(ct);
        await context.UsageDays.ExecuteDeleteAsync(ct);
        await context.UsageNames.ExecuteDeleteAsync(ct);
        await context.UsageExtensions.ExecuteDeleteAsync(ct);
        await context.UsageConsents.ExecuteDeleteAsync(ct);
        await context.ProductUsers.ExecuteDeleteAsync(ct);
    }

    private async Task<int> AddVendorAsync(CancellationToken ct)
    {
        await using var context = contexts.ForInstallation();
        var now = time.GetUtcNow().UtcDateTime;
        var vendor = new Vendor { Slug = Slug, Name = Name, CreatedUtc = now, IsSample = true };
        context.Add(vendor);
        await context.SaveChangesAsync(ct);
        context.Add(new Feed { VendorId = vendor.Id, Id = 1, Name = "Sample registry", Kind = FeedKind.Ndjson, SecretHash = Secrets.Hash(Secrets.Create()), CreatedUtc = now });
        AddPeople(context, vendor.Id, now);
        AddAddresses(context, vendor.Id);
        await context.SaveChangesAsync(ct);
        await AddOwnersAsync(context, vendor.Id, now, ct);
        return vendor.Id;
    }

    private static void AddPeople(PortalDbContext context, int vendorId, DateTime now)
    {
        var customers = new Dictionary<string, int>(StringComparer.Ordinal);
        var userId = 0;
        foreach (var account in SampleCustomers.Accounts.DistinctBy(a => a.Principal))
        {
            int? customerId = null;
            if (account.Customer is { } name)
            {
                if (!customers.TryGetValue(name, out var id))
                {
                    customers[name] = id = customers.Count + 1;
                    context.Add(new Customer { VendorId = vendorId, Id = id, Name = name, CreatedUtc = now });
                }

                customerId = id;
            }

            context.Add(new RegistryUser { VendorId = vendorId, Id = ++userId, Principal = account.Principal, Email = account.Email, CustomerId = customerId, CreatedUtc = now });
            if (customerId is not null)
                context.Add(new CustomerAssignment { VendorId = vendorId, UserId = userId, FromUtc = CustomerAtTime.Always, CustomerId = customerId });
        }
    }

    private static void AddAddresses(PortalDbContext context, int vendorId)
    {
        var id = 0;
        foreach (var (address, facts) in SampleCustomers.AddressFacts())
        {
            context.Add(new Address
            {
                VendorId = vendorId, Id = ++id, Value = address, NetworkStamp = Address.ToldStamp,
                Country = facts.Country, Organisation = facts.Organisation, Host = facts.Host, NetworkType = facts.NetworkType,
            });
        }
    }

    private static async Task AddOwnersAsync(PortalDbContext context, int vendorId, DateTime now, CancellationToken ct)
    {
        foreach (var memberId in await context.VendorMembers.Where(m => m.Role == MemberRole.Owner).Select(m => m.MemberId).Distinct().ToListAsync(ct))
            context.Add(new VendorMember { VendorId = vendorId, MemberId = memberId, Role = MemberRole.Owner, JoinedUtc = now });
        await context.SaveChangesAsync(ct);
    }

    private void Report(IProgress<double>? progress, double done)
    {
        Progress = done;
        progress?.Report(done);
    }
}
