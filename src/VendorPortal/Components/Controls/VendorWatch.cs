using VendorPortal.Classification;

namespace VendorPortal.Components.Controls;

/// <summary>
/// Runs an action when something of a vendor has changed, at most once an interval, and now and then without cause: silence announces itself to
/// nobody. On a background thread.
/// </summary>
public sealed class VendorWatch : IDisposable
{
    private readonly PullNotifications notifications;
    private readonly int vendorId;
    private readonly Throttle throttle;
    private readonly ITimer looking;

    public VendorWatch(PullNotifications notifications, TimeProvider time, int vendorId, TimeSpan atMostEvery, TimeSpan lookEvery, Action action)
    {
        this.notifications = notifications;
        this.vendorId = vendorId;
        throttle = new Throttle(time, atMostEvery, action);
        looking = time.CreateTimer(_ => throttle.Trigger(), null, lookEvery, lookEvery);
        notifications.Changed += OnChanged;
    }

    public void Dispose()
    {
        notifications.Changed -= OnChanged;
        looking.Dispose();
        throttle.Dispose();
    }

    private void OnChanged(int changed)
    {
        if (changed == vendorId)
            throttle.Trigger();
    }
}
