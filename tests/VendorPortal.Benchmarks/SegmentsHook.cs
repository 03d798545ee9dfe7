using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Storage;

namespace VendorPortal.Benchmarks;

/// <summary>Where the log by column is built from the log: after the log was generated, and at each opening, where something is missing.</summary>
internal static class SegmentsHook
{
    /// <summary>Builds the segments of the vendor that are missing.</summary>
    public static async Task BuildAsync(IServiceProvider services, int vendorId, CancellationToken ct) =>
        await services.GetRequiredService<SegmentKeeper>().KeepAsync(vendorId, ct);
}
