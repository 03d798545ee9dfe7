namespace VendorPortal.Analytics;

/// <summary>Work that goes on when whoever asked for it no longer waits, until the portal stops. Who asks for what is being done already waits for that.</summary>
internal sealed class SharedTasks<TKey, TResult>(CancellationToken stopping)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Task<TResult>> running = [];

    /// <summary>Waits for the work of a key, and begins it where it is not being done. <paramref name="ct"/> ends the waiting only.</summary>
    public Task<TResult> RunAsync(TKey key, Func<CancellationToken, Task<TResult>> work, CancellationToken ct)
    {
        lock (gate)
        {
            if (!running.TryGetValue(key, out var task))
                running[key] = task = Task.Run(() => WorkAsync(key, work), CancellationToken.None);
            return task.WaitAsync(ct);
        }
    }

    private async Task<TResult> WorkAsync(TKey key, Func<CancellationToken, Task<TResult>> work)
    {
        try
        {
            return await work(stopping);
        }
        finally
        {
            lock (gate)
                running.Remove(key);
        }
    }
}
