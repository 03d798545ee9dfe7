namespace VendorPortal.Classification;

/// <summary>Tells open pages that the log of a vendor has changed. Carries no data: who listens reads what it may see.</summary>
public sealed class PullNotifications(ILogger<PullNotifications> logger)
{
    /// <summary>Raised after a commit, on a background thread, with the vendor's id.</summary>
    public event Action<int>? Changed;

    // Those who publish are the journal and the classification: no listener may end them, or keep others from hearing.
    internal void Publish(int vendorId)
    {
        foreach (var listener in Delegate.EnumerateInvocationList(Changed))
        {
            try
            {
                listener(vendorId);
            }
            catch (Exception error)
            {
                logger.LogWarning(error, "A page could not be told of new pulls");
            }
        }
    }
}
