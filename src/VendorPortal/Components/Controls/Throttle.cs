namespace VendorPortal.Components.Controls;

/// <summary>Runs an action at most once an interval, and once more after the last trigger. Safe to trigger from any thread.</summary>
public sealed class Throttle : IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly TimeSpan interval;
    private readonly Action action;
    private readonly ITimer timer;
    private long? last;
    private bool scheduled;

    public Throttle(TimeProvider time, TimeSpan interval, Action action)
    {
        this.time = time;
        this.interval = interval;
        this.action = action;
        timer = time.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Trigger()
    {
        lock (gate)
        {
            if (scheduled)
                return;
            scheduled = true;
            var wait = last is { } at ? interval - time.GetElapsedTime(at) : TimeSpan.Zero;
            timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => timer.Dispose();

    private void Run()
    {
        lock (gate)
        {
            scheduled = false;
            last = time.GetTimestamp();
        }

        action();
    }
}
