using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Demo;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;
using VendorPortal.Usage;

namespace VendorPortal.Tests.Demo;

public sealed class SampleVendorTests
{
    [Fact]
    public async Task Load_ThenRemove_LeavesALivelyVendorThenNothing()
    {
        await using var portal = await PortalHost.StartAsync();
        var sample = portal.Services.GetRequiredService<SampleVendor>();
        var contexts = portal.Services.GetRequiredService<PortalDbContextFactory>();

        var sent = await sample.LoadAsync(null, CancellationToken.None);

        var vendorId = (await sample.FindAsync(CancellationToken.None))!.Value;
        await using (var rows = contexts.ForVendor(vendorId))
        {
            Assert.Equal(sent, await rows.RegistryRequests.CountAsync(r => r.PullId != null));
            Assert.Equal(await rows.RegistryRequests.CountAsync(r => r.PullId > 0), await rows.Pulls.SumAsync(p => p.Requests));
            Assert.All(Enum.GetValues<PullKind>().Except([PullKind.Denied]), kind => Assert.True(rows.Pulls.Count(p => p.Kind == kind) > 1_000, kind.ToString()));
            Assert.Equal([401, 403, 404, 429], await rows.Pulls.Where(p => p.Kind == PullKind.Denied).Select(p => p.Status!.Value).Distinct().Order().ToListAsync());
            Assert.True(await rows.Pulls.AnyAsync(p => p.Labels == PullLabels.Publisher));
            Assert.InRange(await rows.Customers.CountAsync(), 10, 20);
            var addresses = await rows.Addresses.ToListAsync();
            Assert.Equal(addresses.Count, addresses.Select(address => Convert.ToHexString(address.Value)).Distinct().Count());
            Assert.True(addresses.Select(address => address.Country).Distinct().Count() >= 6);
            Assert.Superset(new HashSet<string?> { null, "aws", "gcp", "azure" }, addresses.Select(address => address.Host).ToHashSet());
            Assert.InRange(PullIds.TimeOf(await rows.Pulls.MaxAsync(p => p.Id)) - PullIds.TimeOf(await rows.Pulls.MinAsync(p => p.Id)), TimeSpan.FromDays(363), TimeSpan.FromDays(366));
        }

        var usage = await portal.Services.GetRequiredService<UsageReader>().ReadAsync(vendorId, UsagePeriod.Quarter, null, CancellationToken.None);
        Assert.InRange(usage.ActiveUsers, 80, 130);
        Assert.True(usage.OptedOut > 0 && usage.Builds.Failed > 100 && usage.Containers.Total > 1_000 && usage.Images.Top.Count == 10 && usage.Extensions.Top.Count == 5 && usage.Versions.Count > 3);
        Assert.Equal(10, usage.ActiveByDay.SkipLast(1).TakeLast(14).Count(people => people > 40)); // two weeks have ten weekdays

        await using (var own = contexts.ForVendor(portal.VendorId))
            Assert.False(await own.Pulls.AnyAsync());

        Assert.True(await sample.RemoveAsync(CancellationToken.None));
        Assert.Null(await sample.FindAsync(CancellationToken.None));
        await using var after = contexts.ForVendor(vendorId);
        Assert.False(await after.Pulls.AnyAsync());
        Assert.False(await after.RegistryRequests.AnyAsync());
        Assert.False(await after.Versions.AnyAsync());
        Assert.False(await after.UsageEvents.AnyAsync() || await after.ProductUsers.AnyAsync() || await after.UsageDays.AnyAsync());
    }
}
