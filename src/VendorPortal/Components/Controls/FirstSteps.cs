using VendorPortal.Demo;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>
/// Whether a vendor sees the first steps in place of empty numbers: while it has never had a request, while its first request becomes a pull, and while a sample is made.
/// </summary>
public sealed class FirstSteps(PullReader reader, SampleVendor sample, TimeProvider time, int vendorId)
{
    // The first request may be one that becomes no pull.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private DateTimeOffset? requestsSeenUtc;

    /// <summary>True while the steps are shown.</summary>
    public bool IsShown { get; private set; }

    /// <summary>True once requests have arrived that are no pull yet.</summary>
    public bool HasRequests { get; private set; }

    /// <summary>How much of the sample vendor is made, 0 to 1; null where it is not this one, or whole.</summary>
    public double? SampleProgress { get; private set; }

    /// <summary>Looks once more.</summary>
    public async Task LookAsync(bool hasPulls, CancellationToken ct)
    {
        // A sample in the making arrives oldest first and fast: there is nothing to read in it yet.
        SampleProgress = sample.Progress is { } done && await sample.FindAsync(ct) == vendorId ? done : null;
        IsShown = SampleProgress is not null || (!hasPulls && await IsFirstAsync(ct));
    }

    private async Task<bool> IsFirstAsync(CancellationToken ct)
    {
        HasRequests = await reader.AnyRequestsAsync(vendorId, ct);
        if (!HasRequests)
            return true;
        requestsSeenUtc ??= time.GetUtcNow();
        return IsShown && time.GetUtcNow() - requestsSeenUtc < Patience;
    }
}
