namespace VendorPortal.Benchmarks.Measuring;

/// <summary>What the runs of one thing took, in milliseconds.</summary>
public sealed class Timings
{
    private readonly double[] sorted;

    public Timings(IEnumerable<double> milliseconds)
    {
        sorted = [.. milliseconds.Order()];
        if (sorted.Length == 0)
            throw new ArgumentException("Nothing was measured.", nameof(milliseconds));
    }

    /// <summary>Processor time of all threads a run, in milliseconds: what other work on the machine hardly changes.</summary>
    public double Processor { get; init; }

    public int Runs => sorted.Length;

    public double Best => sorted[0];

    public double P50 => Percentile(0.50);

    public double P95 => Percentile(0.95);

    public double P99 => Percentile(0.99);

    public double Worst => sorted[^1];

    // Nearest rank: a value that was really measured.
    private double Percentile(double part) => sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)];
}
