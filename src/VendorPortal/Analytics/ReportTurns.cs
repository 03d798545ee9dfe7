using System.Collections.Concurrent;

namespace VendorPortal.Analytics;

/// <summary>Whose turn it is to produce: one report of a vendor at a time, so that none waits for the years of another, and two in the whole portal.</summary>
internal sealed class ReportTurns : IDisposable
{
    private const int AtOnce = 2;

    private readonly ConcurrentDictionary<int, SemaphoreSlim> vendors = new();
    private readonly SemaphoreSlim all = new(AtOnce, AtOnce);

    public async Task<T> TakeAsync<T>(int vendorId, Func<Task<T>> work, CancellationToken ct)
    {
        var own = vendors.GetOrAdd(vendorId, _ => new SemaphoreSlim(1, 1));
        await own.WaitAsync(ct);
        try
        {
            await all.WaitAsync(ct);
            try
            {
                return await work();
            }
            finally
            {
                all.Release();
            }
        }
        finally
        {
            own.Release();
        }
    }

    // The semaphores of vendors hold nothing that has to be given back: nobody asks for their wait handles.
    public void Dispose() => all.Dispose();
}
