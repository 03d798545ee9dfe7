namespace VendorPortal.Classification;

/// <summary>Tells open pages that the log of a vendor has changed. Carries no data: who listens reads what it may see.</summary>
public sealed class PullNotifications
{
    /// <summary>Raised after a commit, on a background thread, with the vendor's id.</summary>
    public event Action<int>? Changed;

    internal void Publish(int vendorId) => Changed?.Invoke(vendorId);
}
