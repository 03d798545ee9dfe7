namespace VendorPortal.Benchmarks.Measuring;

/// <summary>How far managed heap and the resident memory that is the process's own (mapped files are the system's to take back) rose above where they stood when the watch began, at their peaks; in MB.</summary>
public sealed record MemoryPeak(double ManagedMb, double ResidentMb);

/// <summary>Looks at the process's memory every few milliseconds, from after a full collection until it is stopped.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private const double Mb = 1024 * 1024;

    private readonly long managedAtStart;
    private readonly long residentAtStart;
    private readonly Thread thread;
    private readonly ManualResetEventSlim stop = new();
    private long managed;
    private long resident;

    private MemoryWatch()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        managed = managedAtStart = GC.GetTotalMemory(forceFullCollection: true);
        resident = residentAtStart = Own();
        thread = new Thread(Look) { IsBackground = true, Priority = ThreadPriority.AboveNormal };
        thread.Start();
    }

    public static MemoryWatch Start() => new();

    public MemoryPeak Stop()
    {
        stop.Set();
        thread.Join();
        return new MemoryPeak((managed - managedAtStart) / Mb, (resident - residentAtStart) / Mb);
    }

    public void Dispose()
    {
        stop.Set();
        thread.Join();
        stop.Dispose();
    }

    private static long Own()
    {
        if (!OperatingSystem.IsLinux())
            return Environment.WorkingSet;
        var pages = File.ReadAllText("/proc/self/statm").Split(' '); // whole, resident, of that files
        return (long.Parse(pages[1], System.Globalization.CultureInfo.InvariantCulture) - long.Parse(pages[2], System.Globalization.CultureInfo.InvariantCulture)) * Environment.SystemPageSize;
    }

    private void Look()
    {
        do
        {
            managed = Math.Max(managed, GC.GetTotalMemory(forceFullCollection: false));
            resident = Math.Max(resident, Own());
        }
        while (!stop.Wait(5));
    }
}
