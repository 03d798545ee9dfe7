using System.Diagnostics;

namespace VendorPortal.Benchmarks.Measuring;

/// <summary>Runs something again and again: unmeasured to warm up, then measured, never longer than <paramref name="budget"/> by much.</summary>
internal sealed class Runner(int runs, TimeSpan budget)
{
    private const int WarmUps = 3;

    public async Task<Timings> MeasureAsync(Func<Task> action, CancellationToken ct)
    {
        // What takes long is neither warmed up long nor repeated often.
        var first = await TimeAsync(action, ct);
        for (var i = 1; i < WarmUps && first * (i + 1) < budget.TotalMilliseconds / 4; i++)
            await TimeAsync(action, ct);
        var measured = new List<double>(runs);
        var watch = Stopwatch.StartNew();
        var processor = Processor();
        while (measured.Count < runs && (measured.Count == 0 || watch.Elapsed < budget))
            measured.Add(await TimeAsync(action, ct));
        return new Timings(measured) { Processor = (Processor() - processor) / measured.Count };
    }

    private static double Processor()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalMilliseconds;
    }

    /// <summary>Milliseconds of one run.</summary>
    public static async Task<double> TimeAsync(Func<Task> action, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
